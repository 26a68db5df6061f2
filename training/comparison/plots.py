"""The pictures of a comparison: pass@k over k, and over what so many samples cost in tokens."""

from pathlib import Path

from training.comparison.plan import ARMS
from training.comparison.results import Measured
from training.evaluate.code.plot import plot_pass_at_k


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
    part = picture.with_name(picture.name + ".part")
    figure.savefig(part, format="png", dpi=100)
    part.replace(picture)
