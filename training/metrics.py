"""What a run measures: one JSON object a line, and a picture of the loss."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path


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
    elapsed_s: float
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


def append_metrics(path: Path, metrics: StepMetrics | HeldOutMetrics) -> None:
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


def plot_loss(metrics: Path, picture: Path) -> None:
    """Draw training and held-out loss over tokens into a PNG, if there is any yet."""
    from matplotlib.figure import Figure

    records = [json.loads(line) for line in _lines(metrics)] if metrics.exists() else []
    if not records:
        return
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    for key, label in (("loss", "training"), ("held_out_loss", "held out")):
        points = [(record["tokens"] / 1e6, record[key]) for record in records if key in record]
        if points:
            axes.plot(*zip(*points, strict=True), label=label)
    axes.set_xlabel("tokens (millions)")
    axes.set_ylabel("loss (nats per token)")
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    part = picture.with_name(picture.name + ".part")
    figure.savefig(part, format="png", dpi=120)
    part.replace(picture)


def _lines(path: Path) -> list[str]:
    # A run that was killed may have left half a line.
    text = path.read_text(encoding="utf-8")
    return text[: text.rfind("\n") + 1].splitlines()
