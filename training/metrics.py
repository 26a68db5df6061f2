"""What a run measures: one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class StepMetrics:
    """Figures of the steps since the last such line."""

    step: int
    tokens: int
    """Tokens seen since the beginning, padding included."""
    loss: float
    """Mean over targets and steps, in nats."""
    gradient_norm: float
    """Of the last step, before clipping."""
    lr: float
    """What the peak learning rates were multiplied by."""
    tokens_per_s: float
    utilization: float
    """Model FLOPs as a share of what the devices can do, as in `training.utilization`."""
    elapsed_s: float
    """Wall-clock time of all pieces of the run."""
    done: float
    """The share of the plan that is done."""
    epochs: tuple[float, ...]
    """How often each source was seen."""


@dataclass(frozen=True, slots=True)
class HeldOutMetrics:
    """Figures over held-out rows."""

    step: int
    tokens: int
    elapsed_s: float
    held_out_loss: float
    """Mean over targets, in nats."""
    held_out_bits_per_byte: float | None


@dataclass(frozen=True, slots=True)
class Sample:
    """What a model wrote behind a fixed prompt; a line of `samples.jsonl`."""

    step: int
    prompt: str
    written: str


def append_metrics(path: Path, metrics: StepMetrics | HeldOutMetrics | Sample) -> None:
    """Add one line."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(metrics)) + "\n")


def cut_metrics(path: Path, step: int) -> None:
    """Drop the lines after this step: a resumed run will write them again."""
    if not path.exists():
        return
    kept = [line for line in _lines(path) if json.loads(line)["step"] <= step]
    part = path.with_name(path.name + ".part")
    part.write_text("".join(line + "\n" for line in kept), encoding="utf-8")
    part.replace(path)


def read_metrics(path: Path) -> list[dict[str, Any]]:
    """Return the lines as JSON objects; none if there is no file yet."""
    return [json.loads(line) for line in _lines(path)] if path.exists() else []


def _lines(path: Path) -> list[str]:
    # A run that was killed may have left half a line.
    text = path.read_text(encoding="utf-8")
    return text[: text.rfind("\n") + 1].splitlines()
