"""How far a run is, and what follows from it: learning rate and mixture weights.

Both depend on nothing but the share of the plan that is done. The plan is a number of steps or a
number of minutes; in minutes, each step takes its share of the time that is left, so that the plan
ends in time whatever came between: a compiler, evaluations, a second and a third piece.

Source: warm-up, stable, decay: Hu et al. 2024, "MiniCPM", section 4.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScheduleConfig:
    """The plan: exactly one of steps and minutes, and how the rate goes up and down in it."""

    steps: int | None = None
    """Optimizer steps of the whole run."""
    minutes: float | None = None
    """Wall-clock minutes of the whole run, over all its pieces, their beginnings and ends too."""
    warmup: float = 0.02
    """Share of the plan in which the rate rises from nearly zero."""
    decay: float = 0.45
    """Share of the plan, its last, in which the rate falls to zero in a straight line."""

    def __post_init__(self) -> None:
        """Refuse a plan without an end, or with two."""
        if (self.steps is None) == (self.minutes is None):
            raise ValueError(
                f"give either steps or minutes, got steps={self.steps} minutes={self.minutes}"
            )
        if (self.steps or self.minutes or 0) <= 0:
            raise ValueError(f"a plan is longer than nothing, got {self.steps or self.minutes}")
        if min(self.warmup, self.decay) < 0 or self.warmup + self.decay > 1:
            raise ValueError(
                f"warmup and decay are shares of one plan, got {self.warmup} and {self.decay}"
            )

    def advance(self, done: float, step: int, spent_s: float, left_s: float) -> float:
        """Return the share of the plan that is done after a step, between 0 and 1.

        Args:
            done: the share before it.
            step: steps done, this one too.
            spent_s: seconds since the step before ended; 0 = they do not count.
            left_s: seconds that a plan in minutes still has after this step.
        """
        if self.steps is not None:
            return min(1.0, step / self.steps)
        # Half a step early is as good as half a step late.
        if left_s <= spent_s / 2:
            return 1.0
        return done + (1.0 - done) * spent_s / (spent_s + left_s)

    def rate(self, done: float) -> float:
        """Return what the peak learning rates are multiplied by, between 0 and 1."""
        if done < self.warmup:
            return max(0.01, done / self.warmup)
        return 1.0 - self.decayed(done)

    def decayed(self, done: float) -> float:
        """Return the share of the decay that is done: 0 before it begins, 1 at the end."""
        if not self.decay:
            return 0.0
        return min(1.0, max(0.0, (done - (1.0 - self.decay)) / self.decay))
