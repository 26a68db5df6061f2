"""What confidence is worth: how much is shown above a threshold, and how much of it is right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

THRESHOLDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_BINS = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A proposal that was made, and what became of it."""

    confidence: float
    """From 0 to 1."""
    is_right: bool


@dataclass(frozen=True, slots=True)
class Point:
    """What is shown, and how much of it is right, from one confidence on."""

    threshold: float
    shown: float
    """The share of all questions, also of those at which nothing was proposed."""
    precision: float
    """The share of what is shown."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Proposals of about the same confidence."""

    proposals: int
    confidence: float
    """Their mean confidence."""
    right: float
    """The share of them that is right."""


def curve(judged: Sequence[Judged], questions: int) -> Iterator[Point]:
    """A point for each threshold from which on anything is shown."""
    for threshold in THRESHOLDS:
        above = [one.is_right for one in judged if one.confidence >= threshold]
        if above:
            yield Point(threshold, len(above) / questions, sum(above) / len(above))


def reliability(judged: Sequence[Judged]) -> Iterator[Bin]:
    """The proposals in ten steps of confidence, without empty ones."""
    for step in range(_BINS):
        inside = [one for one in judged if min(int(one.confidence * _BINS), _BINS - 1) == step]
        if inside:
            yield Bin(
                proposals=len(inside),
                confidence=sum(one.confidence for one in inside) / len(inside),
                right=sum(one.is_right for one in inside) / len(inside),
            )


def calibration_error(bins: Sequence[Bin]) -> float:
    """The mean distance of confidence and share right, weighted by proposals; 0 without any.

    Source: Guo et al. 2017, "On Calibration of Modern Neural Networks", eq. 3.
    """
    proposals = sum(one.proposals for one in bins)
    distances = (one.proposals * abs(one.confidence - one.right) for one in bins)
    return sum(distances) / proposals if proposals else 0.0
