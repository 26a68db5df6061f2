"""The pictures of reports: what a threshold costs, and whether confidence is true."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from training.evaluate.bootstrap import Interval
from training.evaluate.lines import LinesFigures
from training.evaluate.typing_report import TypingFigures

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def plot_lines(figures: LinesFigures, picture: Path) -> None:
    """Draw precision over what is shown, and the reliability of the confidence, into a PNG."""
    figure, (left, right) = _figure(2)
    left.plot(
        [point.shown for point in figures.curve],
        [point.precision for point in figures.curve],
        marker="o",
    )
    for point in figures.curve:
        left.annotate(f"{point.threshold:g}", (point.shown, point.precision))
    left.set_xlabel("share of cursors at which something is shown")
    left.set_ylabel("share of that which is right")
    right.plot([0, 1], [0, 1], linestyle=":", color="gray")
    right.plot(
        [one.confidence for one in figures.reliability],
        [one.right for one in figures.reliability],
        marker="o",
    )
    right.set_xlabel("confidence")
    right.set_ylabel("share right")
    for axes in (left, right):
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
    _save(figure, picture)


def plot_typing(figures: TypingFigures, picture: Path) -> None:
    """Draw what is completed, how much is right and how much is shown over the threshold."""
    figure, (left, middle, right) = _figure(3)
    thresholds = [point.threshold for point in figures.curve]
    _band(
        left,
        thresholds,
        [point.completed for point in figures.curve],
        [point.completed_interval for point in figures.curve],
    )
    left.plot(
        thresholds,
        [point.completed_by_word for point in figures.curve],
        linestyle="--",
        label="also the first words that are right",
    )
    left.set_ylabel("share of characters not typed")
    left.legend()
    _band(
        middle,
        thresholds,
        [point.precision for point in figures.curve],
        [point.precision_interval for point in figures.curve],
    )
    middle.set_ylabel("share right of what is shown")
    middle.set_ylim(0, 1)
    _band(
        right,
        thresholds,
        [point.shown_per_100_keys for point in figures.curve],
        [point.shown_interval for point in figures.curve],
    )
    right.set_ylabel("texts shown per 100 keys")
    for axes in (left, middle, right):
        axes.axvline(figures.threshold, linestyle=":", color="gray")
        axes.set_xlabel("confidence from which on something is shown")
        axes.set_xlim(0, 1)
        axes.set_ylim(bottom=0)
    _save(figure, picture)


def _band(
    axes: Axes,
    thresholds: Sequence[float],
    values: Sequence[float],
    intervals: Sequence[Interval],
) -> None:
    """The curve of one figure, within its 95 % intervals."""
    lows, highs = [each.low for each in intervals], [each.high for each in intervals]
    axes.fill_between(thresholds, lows, highs, alpha=0.2)
    axes.plot(thresholds, values, marker=".", label="texts that are right as a whole")


def _figure(pictures: int) -> tuple[Figure, Sequence[Axes]]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5 * pictures, 4.5), layout="constrained")
    return figure, figure.subplots(1, pictures)


def _save(figure: Figure, picture: Path) -> None:
    for axes in figure.axes:
        axes.grid(visible=True, alpha=0.3)
    part = picture.with_name(picture.name + ".part")
    figure.savefig(part, format="png", dpi=120)
    part.replace(picture)
