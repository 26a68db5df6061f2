"""How fast somebody types, and how long to wait for a pause before the model is asked.

While answers come faster than keys there is no waiting at all. Where they are slower, each would
be ended by the next key: then the model is asked once the hands rest a little longer than usual.
"""

from dataclasses import dataclass

_NEWEST = 0.2
# A longer gap is a pause, and says nothing of the rhythm.
_LONGEST_GAP_S = 1.0
_LONGEST_WAIT_S = 0.3
_PAUSE = 1.5


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is known of the typing in one text."""

    gap_s: float | None = None
    """Between two changes, averaged with the newest counting most; None before the second."""
    changed_s: float | None = None
    """When the last change came, by a clock that only goes forward."""

    def after_change(self, now_s: float) -> "Rhythm":
        """The same, with a change at this time."""
        if self.changed_s is None or now_s - self.changed_s > _LONGEST_GAP_S:
            return Rhythm(self.gap_s, now_s)
        gap = now_s - self.changed_s
        known = gap if self.gap_s is None else self.gap_s
        return Rhythm(known + _NEWEST * (gap - known), now_s)

    def wait_s(self, answer_ms: float, now_s: float) -> float:
        """Seconds from now until the model should be asked, if nothing is typed meanwhile.

        Args:
            answer_ms: what an answer usually takes.
            now_s: the time.
        """
        if self.gap_s is None or self.changed_s is None or answer_ms / 1000 <= self.gap_s:
            return 0.0
        pause = min(_PAUSE * self.gap_s, _LONGEST_WAIT_S)
        return max(0.0, self.changed_s + pause - now_s)
