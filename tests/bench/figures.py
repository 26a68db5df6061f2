"""What a benchmark gives back: named numbers with their unit and, where repeated, their spread."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number."""

    name: str
    value: float
    unit: str = ""
    low: float | None = None
    """The lowest and the highest of what was repeated, and how often that was."""
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
    """The median of `values`, with the lowest and the highest."""
    ordered = sorted(values)
    return Figure(name, median(ordered), unit, ordered[0], ordered[-1], len(ordered))


def percentile(values: Iterable[float], percent: int) -> float:
    """The smallest of `values` that at least `percent` of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
