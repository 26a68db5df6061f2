"""Whether a session stays as it was after its beginning."""

from collections.abc import Iterator, Sequence

from tests.soak.part import compared
from tests.soak.reading import Reading

MOST_GROWTH = 0.05
"""Of memory, from the moment when the session has settled to its end."""
MOST_SLOWER = {50: 0.25, 90: 0.25, 99: 0.5}
"""Of each percentile of latency, from the first third of the settled time to the last one.

They are other files, and the machine has other work to do: nothing is as steady as memory.
"""
MOST_WORK = 0.2
"""Of the time computed for a request, between the same parts."""
_MORE_FILES, _MORE_THREADS = 2, 4


def problems(readings: Sequence[Reading], settled_s: float) -> Iterator[str]:
    """What has grown since the session had settled, `settled_s` seconds after its begin."""
    settled = [each for each in readings if each.at_s >= settled_s]
    if len(settled) < 2:
        yield f"only {len(settled)} readings after {settled_s:.0f} s"
        return
    first, last = settled[0], settled[-1]
    growth = last.memory_mb / first.memory_mb - 1
    if growth > MOST_GROWTH:
        yield f"memory grew by {growth:.1%}, from {first.memory_mb:.1f} to {last.memory_mb:.1f} MB"
    if last.files > first.files + _MORE_FILES:
        yield f"open files grew from {first.files} to {last.files}"
    if last.threads > first.threads + _MORE_THREADS:
        yield f"threads grew from {first.threads} to {last.threads}"


def slower(readings: Sequence[Reading], settled_s: float) -> Iterator[str]:
    """Which percentiles of latency did not stay as they were, and whether the work grew."""
    parts = compared(readings, settled_s)
    if parts is None:
        yield "too few requests to judge the latency by"
        return
    first, last = parts
    for percentile, most in MOST_SLOWER.items():
        before, after = first.latency_ms[percentile], last.latency_ms[percentile]
        if after > before * (1 + most):
            yield f"latency p{percentile} grew from {before:.1f} to {after:.1f} ms"
    if last.cpu_ms > first.cpu_ms * (1 + MOST_WORK):
        yield f"work for a request grew from {first.cpu_ms:.1f} to {last.cpu_ms:.1f} ms"
