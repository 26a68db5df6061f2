"""Two pictures of a `lines` report: what a threshold costs, and whether confidence is true."""

from pathlib import Path

from training.evaluate.lines import LinesFigures


def plot_lines(figures: LinesFigures, picture: Path) -> None:
    """Draw precision over what is shown, and the reliability of the confidence, into a PNG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4.5), layout="constrained")
    left, right = figure.subplots(1, 2)
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
        axes.grid(visible=True, alpha=0.3)
    part = picture.with_name(picture.name + ".part")
    figure.savefig(part, format="png", dpi=120)
    part.replace(picture)
