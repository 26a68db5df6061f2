"""The time of a run: what its pieces used, what is left, and when to begin to close.

A run may be made in pieces, one command each: jobs of ten minutes, evenings on a laptop. All of a
piece counts, from the start of the command to the last file.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

LEAST_RESERVE = 0.02
"""Share of a piece that is kept for its last evaluation and checkpoint, at least."""
MARGIN = 1.5
"""The last ones are planned to take so many times what the slowest before took."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The time that one command may take."""

    minutes: float | None = None
    """None = as long as the plan takes."""
    began: float = field(default_factory=time.monotonic)
    """When the command began, on the clock of `time.monotonic`."""

    def __post_init__(self) -> None:
        """Refuse no time."""
        if self.minutes is not None and self.minutes <= 0:
            raise ValueError(f"minutes must be more than 0, got {self.minutes}")


class Clock:
    """The time of a plan and of the piece of it that this command does."""

    def __init__(self, plan_minutes: float | None, budget: Budget, before_s: float) -> None:
        """Begin a piece.

        Args:
            plan_minutes: of the whole run; None = its plan is in steps.
            before_s: what the pieces before used.
        """
        self._plan_s = math.inf if plan_minutes is None else 60 * plan_minutes
        self._piece_s = math.inf if budget.minutes is None else 60 * budget.minutes
        self._began, self._before_s = budget.began, before_s
        self._longest: dict[str, float] = {}

    @property
    def elapsed_s(self) -> float:
        """Seconds of the run so far, over all pieces."""
        return self._before_s + time.monotonic() - self._began

    @property
    def charged_s(self) -> float:
        """The same, with this piece charged in full if it has no time for another step.

        Otherwise what each piece keeps in reserve would add up to a piece more.
        """
        return self._before_s + self._piece_s if self.left_of_piece_s <= 0 else self.elapsed_s

    @property
    def left_of_plan_s(self) -> float:
        """Seconds until the last step of the plan should have ended."""
        return self._plan_s - self.elapsed_s - self._reserve_s

    @property
    def left_of_piece_s(self) -> float:
        """Seconds until the last step of this piece should have ended."""
        return self._before_s + self._piece_s - self.elapsed_s - self._reserve_s

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        """Remember how long the block takes: it will come once more at the end."""
        started = time.monotonic()
        yield
        spent_s = time.monotonic() - started
        self._longest[name] = max(spent_s, self._longest.get(name, 0.0))

    def has_time_to(self, name: str) -> bool:
        """Return whether what was measured under this name fits once more before the end."""
        left_s = min(self.left_of_plan_s, self.left_of_piece_s)
        return left_s > self._longest.get(name, 0.0)

    @property
    def _reserve_s(self) -> float:
        whole_s = min(self._piece_s, self._plan_s - self._before_s)
        if math.isinf(whole_s):
            return 0.0
        return max(LEAST_RESERVE * whole_s, MARGIN * sum(self._longest.values()))
