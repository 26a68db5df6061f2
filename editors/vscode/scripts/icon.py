"""Draws media/icon.png: lines of code, one of them new, with a tick. Needs matplotlib."""

import sys
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

PIXELS = 256
GROUND, LINE, NEW = "#14213d", "#8d99ae", "#57cc99"
# Left edge, length and colour of each line of code, from above.
LINES = ((0.18, 0.50, LINE), (0.28, 0.40, LINE), (0.28, 0.30, NEW), (0.18, 0.26, LINE))


def draw(path: Path) -> None:
    """Write the picture."""
    figure = Figure(figsize=(1, 1), dpi=PIXELS)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.add_patch(_box(0.02, 0.02, 0.96, 0.96, 0.18, GROUND))
    for number, (left, length, colour) in enumerate(LINES):
        axes.add_patch(_box(left, 0.74 - 0.17 * number, length, 0.085, 0.04, colour))
    tick = ((0.66, 0.38), (0.74, 0.29), (0.88, 0.53))
    axes.plot(*zip(*tick, strict=True), color=NEW, linewidth=6.5, solid_capstyle="round")
    figure.savefig(path, dpi=PIXELS, transparent=True)


def _box(
    left: float, bottom: float, width: float, height: float, radius: float, colour: str
) -> FancyBboxPatch:
    style = f"round,pad=0,rounding_size={radius}"
    return FancyBboxPatch((left, bottom), width, height, boxstyle=style, color=colour, linewidth=0)


if __name__ == "__main__":
    draw(Path(__file__).resolve().parents[1] / "media" / "icon.png")
    sys.exit(0)
