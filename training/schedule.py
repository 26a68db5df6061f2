"""How far a run is, and what follows from it: learning rate and mixture weights.

Both depend on nothing but progress, the share of the plan that is done. The plan is a number of
steps or a number of minutes.

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
    """Wall-clock minutes of the whole run, over all resumes."""
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

    def progress(self, step: int, elapsed_s: float) -> float:
        """Return the share of the plan that is done before this step, between 0 and 1."""
        if self.steps is not None:
            return min(1.0, step / self.steps)
        assert self.minutes is not None  # noqa: S101 - __post_init__ made sure
        return min(1.0, elapsed_s / (60 * self.minutes))

    def rate(self, progress: float) -> float:
        """Return what the peak learning rates are multiplied by, between 0 and 1."""
        if progress < self.warmup:
            return max(0.01, progress / self.warmup)
        return 1.0 - self.decayed(progress)

    def decayed(self, progress: float) -> float:
        """Return the share of the decay that is done: 0 before it begins, 1 at the end."""
        if not self.decay:
            return 0.0
        return min(1.0, max(0.0, (progress - (1.0 - self.decay)) / self.decay))
