"""Figures summed up between two lines of metrics, without waiting for a GPU in between."""

from __future__ import annotations

import torch

from training.checkpoint import RunState
from training.metrics import StepMetrics


class Window:
    """The steps since the last line of metrics."""

    def __init__(self, state: RunState) -> None:
        """Begin at this state."""
        self._from = state
        self._losses: list[torch.Tensor] = []
        self._norm = torch.zeros(())
        self._rate = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether there was no step since the last line."""
        return not self._losses

    @property
    def is_finite(self) -> bool:
        """Whether every loss and the last gradient are numbers; waits for a GPU."""
        return all(bool(each.isfinite()) for each in (*self._losses, self._norm))

    def add(self, loss: torch.Tensor, gradient_norm: torch.Tensor, rate: float) -> None:
        """Take up one step; loss and norm stay on their device."""
        self._losses.append(loss)
        self._norm, self._rate = gradient_norm, rate

    def close(self, state: RunState, epochs: tuple[float, ...]) -> StepMetrics:
        """Return the figures of the steps up to this state and begin anew."""
        loss = float(torch.stack(self._losses).mean())
        spent_s = max(1e-9, state.elapsed_s - self._from.elapsed_s)
        metrics = StepMetrics(
            step=state.step,
            tokens=state.tokens,
            loss=loss,
            gradient_norm=float(self._norm),
            lr=self._rate,
            tokens_per_s=(state.tokens - self._from.tokens) / spent_s,
            elapsed_s=state.elapsed_s,
            epochs=epochs,
        )
        self._from, self._losses = state, []
        return metrics
