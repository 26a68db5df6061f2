"""A picture of a session: what it took, and how it answered."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from tests.soak.reading import Reading


def plot(readings: Sequence[Reading], picture: Path) -> None:
    """Write the picture; it appears when it is complete."""
    figure = Figure(figsize=(8, 7))
    memory, latency, counts = figure.subplots(3, 1, sharex=True)
    minutes = [each.at_s / 60 for each in readings]
    memory.plot(minutes, [each.memory_mb for each in readings])
    memory.set_ylabel("memory, MB")
    memory.set_ylim(bottom=0)
    answered = [each for each in readings if each.p50_ms is not None]
    for name in ("p50_ms", "p90_ms", "p99_ms"):
        shown = [getattr(each, name) for each in answered]
        latency.plot([each.at_s / 60 for each in answered], shown, label=name.removesuffix("_ms"))
    latency.set_ylabel("latency, ms")
    latency.set_yscale("log")
    latency.legend()
    counts.plot(minutes, [each.files for each in readings], label="open files")
    counts.plot(minutes, [each.threads for each in readings], label="threads")
    counts.set_ylim(bottom=0)
    counts.set_xlabel("minutes")
    counts.legend()
    part = picture.with_name(f"{picture.name}.part")
    figure.savefig(part, format=picture.suffix.removeprefix("."))
    part.replace(picture)
