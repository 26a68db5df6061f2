"""What a server and its engine take at a moment, and how they have answered since the last one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of the record."""

    at_s: float
    memory_mb: float
    """Resident, of both processes; pages of files that both have mapped count twice."""
    files: int
    """Open file descriptors of both."""
    threads: int
    cpu_s: float
    """Computed by both since they began; unlike a latency it does not tell of other processes."""
    latencies_ms: tuple[float, ...]
    """From each request to its answer, since the last reading."""


def read_process(server: int, at_s: float, latencies_ms: Sequence[float]) -> Reading:
    """The reading of a server's process and of all below it."""
    process = psutil.Process(server)
    all_of_them = [process, *process.children(recursive=True)]
    return Reading(
        at_s,
        sum(each.memory_info().rss for each in all_of_them) / 1e6,
        sum(len(list(Path(f"/proc/{each.pid}/fd").iterdir())) for each in all_of_them),
        sum(each.num_threads() for each in all_of_them),
        sum(sum(each.cpu_times()[:2]) for each in all_of_them),
        tuple(latencies_ms),
    )
