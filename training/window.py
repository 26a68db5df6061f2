"""Figures summed up between two lines of metrics, without waiting for a GPU in between."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from training.checkpoint import RunState
from training.metrics import StepMetrics
from training.utilization import Speedometer


@dataclass(frozen=True, slots=True)
class Step:
    """What one step found; the tensors stay on their device."""

    loss: torch.Tensor
    gradient_norm: torch.Tensor
    rate: float


class Window:
    """The steps since the last line of metrics."""

    def __init__(self, state: RunState, speedometer: Speedometer) -> None:
        """Begin at this state."""
        self._from, self._speedometer = state, speedometer
        self._steps: list[Step] = []

    @property
    def is_empty(self) -> bool:
        """Whether there was no step since the last line."""
        return not self._steps

    @property
    def is_finite(self) -> bool:
        """Whether every loss and gradient is a number; waits for a GPU."""
        if not self._steps:
            return True
        values = [value for step in self._steps for value in (step.loss, step.gradient_norm)]
        return bool(torch.stack(values).isfinite().all())

    def add(self, step: Step) -> None:
        """Take up one step."""
        self._steps.append(step)

    def close(self, state: RunState, epochs: tuple[float, ...]) -> StepMetrics:
        """Return the figures of the steps up to this state and begin anew."""
        loss = float(torch.stack([step.loss for step in self._steps]).mean())
        spent_s = max(1e-9, state.elapsed_s - self._from.elapsed_s)
        tokens, targets = state.tokens - self._from.tokens, state.targets - self._from.targets
        metrics = StepMetrics(
            step=state.step,
            tokens=state.tokens,
            loss=loss,
            gradient_norm=float(self._steps[-1].gradient_norm),
            lr=self._steps[-1].rate,
            tokens_per_s=tokens / spent_s,
            utilization=self._speedometer.utilization(tokens, targets, spent_s),
            elapsed_s=state.elapsed_s,
            done=state.done,
            epochs=epochs,
        )
        self._from, self._steps = state, []
        return metrics
