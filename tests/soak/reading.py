"""What a server and its engine take at a moment, and how they have answered since the last one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

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
    requests: int
    p50_ms: float | None
    p90_ms: float | None
    p99_ms: float | None


def read_process(server: int, at_s: float, latencies_ms: Sequence[float]) -> Reading:
    """The reading of a server's process and of all below it."""
    process = psutil.Process(server)
    all_of_them = [process, *process.children(recursive=True)]
    cuts = quantiles(latencies_ms, n=100) if len(latencies_ms) > 1 else None
    return Reading(
        at_s,
        sum(each.memory_info().rss for each in all_of_them) / 1e6,
        sum(len(list(Path(f"/proc/{each.pid}/fd").iterdir())) for each in all_of_them),
        sum(each.num_threads() for each in all_of_them),
        len(latencies_ms),
        *((cuts[49], cuts[89], cuts[98]) if cuts else (None, None, None)),
    )
