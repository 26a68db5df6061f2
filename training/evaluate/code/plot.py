"""pass@k over k, with its confidence band, for one run or several beside each other."""

from collections.abc import Mapping
from pathlib import Path

from training.evaluate.code.passk import Estimate


def plot_pass_at_k(curves: Mapping[str, Mapping[int, Estimate]], title: str, picture: Path) -> None:
    """Draw a curve for each name, by k, into a PNG."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import ScalarFormatter

    figure = Figure(figsize=(6, 4.5), layout="constrained")
    axes = figure.subplots()
    for name, curve in curves.items():
        ks = sorted(curve)
        (line,) = axes.plot(ks, [curve[k].value for k in ks], marker=".", label=name)
        lows, highs = ([getattr(curve[k].interval, end) for k in ks] for end in ("low", "high"))
        axes.fill_between(ks, lows, highs, color=line.get_color(), alpha=0.2, linewidth=0)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(ScalarFormatter())
    axes.set_ylim(bottom=0)
    axes.set_xlabel("k samples")
    axes.set_ylabel("share of problems solved by one of them")
    axes.set_title(title)
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    part = picture.with_name(picture.name + ".part")
    figure.savefig(part, format="png", dpi=100)
    part.replace(picture)
