"""A picture of a session: what it took, and how it answered."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from matplotlib.figure import Figure

from tests.soak.part import PERCENTILES, part
from tests.soak.reading import Reading


def plot(readings: Sequence[Reading], picture: Path) -> None:
    """Write the picture; it appears when it is complete."""
    figure = Figure(figsize=(8, 7))
    memory, latency, counts = figure.subplots(3, 1, sharex=True)
    minutes = [each.at_s / 60 for each in readings]
    memory.plot(minutes, [each.memory_mb for each in readings])
    memory.set_ylabel("memory, MB")
    memory.set_ylim(bottom=0)
    parts = [(two[1].at_s / 60, part(two)) for two in pairwise(readings)]
    answered = [(at, each) for at, each in parts if each]
    at_minutes = [at for at, _ in answered]
    for percentile in PERCENTILES:
        shown = [each.latency_ms[percentile] for _, each in answered]
        latency.plot(at_minutes, shown, label=f"p{percentile}")
    latency.plot(at_minutes, [each.cpu_ms for _, each in answered], "--", label="computed, mean")
    latency.set_ylabel("latency, ms")
    latency.set_yscale("log")
    latency.legend()
    counts.plot(minutes, [each.files for each in readings], label="open files")
    counts.plot(minutes, [each.threads for each in readings], label="threads")
    counts.set_ylim(bottom=0)
    counts.set_xlabel("minutes")
    counts.legend()
    beside = picture.with_name(f"{picture.name}.part")
    figure.savefig(beside, format=picture.suffix.removeprefix("."))
    beside.replace(picture)
