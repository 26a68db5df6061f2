"""How the cost of sampling grows with the length of a program: a power of it, fitted and drawn."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression

LEAST_LINES, MOST_LINES = 20, 3_000
"""Shorter programs cost what does not depend on length; few are longer."""


@dataclass(frozen=True, slots=True)
class Point:
    """One program."""

    lines: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Growth:
    """Seconds are `factor * lines ** exponent`."""

    points: tuple[Point, ...]
    """All of them, by length."""
    exponent: float
    factor: float

    def seconds(self, lines: int) -> float:
        """What a program of so many lines takes, by the fit."""
        return self.factor * float(lines**self.exponent)


def fit(points: Iterable[Point]) -> Growth:
    """The growth over the programs between `LEAST_LINES` and `MOST_LINES`.

    It is a straight line between the logarithms of length and time, by least squares.

    Raises:
        ValueError: fewer than two such programs.
    """
    ordered = tuple(sorted(points, key=lambda point: point.lines))
    fitted = [point for point in ordered if LEAST_LINES <= point.lines <= MOST_LINES]
    if len(fitted) < 2:
        raise ValueError(f"a fit needs two programs, got {len(fitted)}")
    lines = [math.log(point.lines) for point in fitted]
    seconds = [math.log(point.seconds) for point in fitted]
    exponent, offset = linear_regression(lines, seconds)
    return Growth(ordered, exponent, math.exp(offset))


def plot(growth: Growth, path: Path) -> None:
    """Draw programs and fit, both axes logarithmic, into a picture at `path`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.add_subplot()
    lines = [point.lines for point in growth.points]
    axes.loglog(lines, [point.seconds for point in growth.points], "o", label="a module")
    ends = [lines[0], lines[-1]]
    label = f"lines to the power of {growth.exponent:.2f}"
    axes.loglog(ends, [growth.seconds(each) for each in ends], "-", label=label)
    axes.set_xlabel("lines")
    axes.set_ylabel("CPU seconds to sample once")
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=150)
