"""Pictures of the loss over tokens: of one run, or of several to compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CURVES = (("loss", "training", "-"), ("held_out_loss", "held out", "o-"))


def plot_losses(runs: Mapping[str, Sequence[Mapping[str, Any]]], picture: Path) -> None:
    """Draw training and held-out loss of each run into a PNG.

    Args:
        runs: lines of metrics by the run's name; with one run the name is left out.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.subplots()
    for number, (name, records) in enumerate(runs.items()):
        _draw(axes, records, f"{name}, " if len(runs) > 1 else "", f"C{number}")
    axes.set_xlabel("tokens (millions)")
    axes.set_ylabel("loss (nats per token)")
    axes.grid(visible=True, alpha=0.3)
    if axes.get_legend_handles_labels()[0]:
        axes.legend()
    picture.parent.mkdir(parents=True, exist_ok=True)
    part = picture.with_name(picture.name + ".part")
    figure.savefig(part, format="png", dpi=120)
    part.replace(picture)


def _draw(axes: Axes, records: Sequence[Mapping[str, Any]], prefix: str, color: str) -> None:
    for key, label, line in CURVES:
        points = [(record["tokens"] / 1e6, record[key]) for record in records if key in record]
        if points:
            alpha = 0.5 if key == "loss" else 1.0
            axes.plot(
                *zip(*points, strict=True), line, color=color, alpha=alpha, label=prefix + label
            )
