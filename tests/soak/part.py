"""A part of a session: how it answered, and what that cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from tests.soak.reading import Reading

PERCENTILES = (50, 90, 99)


@dataclass(frozen=True, slots=True)
class Part:
    """Some time of a session."""

    requests: int
    latency_ms: dict[int, float]
    """By percentile."""
    cpu_ms: float
    """Computed by the server and its engine for each request, on the average."""


def part(readings: Sequence[Reading]) -> Part | None:
    """The time from the first reading to the last one; None with fewer than two requests."""
    latencies = [one for reading in readings[1:] for one in reading.latencies_ms]
    if len(latencies) < 2:
        return None
    cuts = quantiles(latencies, n=100, method="inclusive")
    cpu_ms = 1000 * (readings[-1].cpu_s - readings[0].cpu_s) / len(latencies)
    return Part(len(latencies), {each: cuts[each - 1] for each in PERCENTILES}, cpu_ms)


def compared(readings: Sequence[Reading], settled_s: float) -> tuple[Part, Part] | None:
    """The first and the last third of the time after the session has settled.

    None where one of them is too short for anything to be said about it.
    """
    settled = [each for each in readings if each.at_s >= settled_s]
    third = len(settled) // 3
    if not third:
        return None
    first, last = part(settled[: third + 1]), part(settled[-third - 1 :])
    return (first, last) if first and last else None
