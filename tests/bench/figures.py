"""What a benchmark gives back: named numbers with their unit and, where repeated, their spread."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number."""

    name: str
    value: float
    unit: str = ""
    low: float | None = None
    """Between this and `high` lies the middle half of what was repeated `count` times."""
    high: float | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Section:
    """The numbers of one part of the program."""

    title: str
    about: str
    """What was measured, and on what."""
    figures: tuple[Figure, ...]


def repeated(name: str, values: Iterable[float], unit: str = "") -> Figure:
    """The median of `values` between their quartiles."""
    known = list(values)
    if len(known) == 1:
        return Figure(name, known[0], unit)
    low, _, high = quantiles(known, n=4, method="inclusive")
    return Figure(name, median(known), unit, low, high, len(known))


def percentile(values: Iterable[float], percent: int) -> float:
    """The smallest of `values` that at least `percent` of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
