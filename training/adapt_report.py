"""What an adaptation brought: the same held-out lines, before and after."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.checkpoint import RunState


@dataclass(frozen=True, slots=True)
class LineScores:
    """Which lines one model completes to the letter."""

    model: str
    """sha256 of the GGUF."""
    data: str
    """One hash of the held-out files."""
    exact: list[bool]
    """For each line."""
    proposed: int
    """Lines at which something clean was proposed."""


@dataclass(frozen=True, slots=True)
class AdaptReport:
    """Shares lie between 0 and 1."""

    output: Path
    lines: int
    before: float
    """Share of the held-out lines completed to the letter."""
    after: float
    won: int
    """Lines that are right now and were not."""
    lost: int
    """Lines that were right and are not now."""
    error: float
    """Standard error of `after - before`."""
    proposed_before: float
    proposed_after: float
    tokens: int
    """That were trained on."""
    elapsed_s: float
    """Of the training."""

    @property
    def is_better(self) -> bool:
        """Whether the gain is more than chance explains: above two standard errors."""
        return self.after - self.before > 2 * self.error

    def as_json(self) -> dict[str, Any]:
        """Return the figures as JSON values."""
        return dataclasses.asdict(self) | {"output": str(self.output)}


def compare(before: LineScores, after: LineScores, output: Path, state: RunState) -> AdaptReport:
    """Return the two side by side.

    Raises:
        ValueError: They are not of the same lines.
    """
    if before.data != after.data or len(before.exact) != len(after.exact):
        raise ValueError("wanted the same lines before and after")
    lines = len(before.exact)
    pairs = list(zip(before.exact, after.exact, strict=True))
    won, lost = pairs.count((False, True)), pairs.count((True, False))
    return AdaptReport(
        output=output,
        lines=lines,
        before=sum(before.exact) / lines,
        after=sum(after.exact) / lines,
        won=won,
        lost=lost,
        # Of a difference between paired shares: the lines that changed carry all of it.
        error=math.sqrt(max(0.0, won + lost - (won - lost) ** 2 / lines)) / lines,
        proposed_before=before.proposed / lines,
        proposed_after=after.proposed / lines,
        tokens=state.tokens,
        elapsed_s=state.elapsed_s,
    )
