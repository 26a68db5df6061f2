"""The pictures of a comparison: pass@k over k, what it costs in tokens, what samples are like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from training.comparison.plan import ARMS
from training.comparison.qualities import HEADS, QUALITIES
from training.comparison.results import Measured
from training.evaluate.code.plot import plot_pass_at_k

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plot_curves(measured: Measured, picture: Path) -> None:
    """Draw pass@k with its confidence band for each arm, the best setting for each k."""
    curves = {
        arm.title: {point.k: point.best.estimate for point in measured.curves[arm.name]}
        for arm in ARMS
    }
    title = f"{measured.benchmark}, {measured.problems} problems, best setting for each k"
    plot_pass_at_k(curves, title, picture)


def plot_cost(measured: Measured, picture: Path) -> None:
    """Draw pass@k over the tokens that k samples of a problem take."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 4.5), layout="constrained")
    axes = figure.subplots()
    for arm in ARMS:
        points = measured.curves[arm.name]
        tokens, shares = zip(
            *((one.tokens, one.best.estimate.value) for one in points), strict=True
        )
        axes.plot(tokens, shares, marker=".", label=arm.title)
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("tokens generated for a problem")
    axes.set_ylabel("share of problems solved by one of the samples")
    axes.set_title(f"{measured.benchmark}, {measured.problems} problems")
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    _save(figure, picture)


def plot_qualities(measured: Measured, picture: Path) -> None:
    """Draw each of `QUALITIES` with its interval, for each arm and setting."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4), layout="constrained")
    settings = list(dict.fromkeys(row.setting for row in measured.rows))
    for axes, name in zip(figure.subplots(1, len(QUALITIES)), QUALITIES, strict=True):
        for number, arm in enumerate(ARMS):
            of_arm = [row.qualities[name] for row in measured.rows if row.arm == arm.name]
            places = [place + (number - 1) / 5 for place in range(len(settings))]
            values = [one.value for one in of_arm]
            low = [one.value - one.interval.low for one in of_arm]
            high = [one.interval.high - one.value for one in of_arm]
            axes.errorbar(places, values, (low, high), fmt="o", capsize=3, label=arm.title)
        axes.set_xticks(range(len(settings)), settings, rotation=30, ha="right")
        axes.set_xlim(-0.5, len(settings) - 0.5)
        axes.set_ylim(bottom=0)
        axes.set_title(HEADS[name])
        axes.grid(visible=True, alpha=0.3)
    figure.axes[0].set_ylabel("share of the samples")
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(ARMS))
    figure.suptitle(f"{measured.benchmark}, {measured.problems} problems, 95 % intervals")
    _save(figure, picture)


def _save(figure: Figure, picture: Path) -> None:
    part = picture.with_name(picture.name + ".part")
    figure.savefig(part, format="png", dpi=100)
    part.replace(picture)
