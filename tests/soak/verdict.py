"""Whether a session stays as it was after its beginning."""

from collections.abc import Iterator, Sequence

from tests.soak.reading import Reading

MOST_GROWTH = 0.05
"""Of memory, from the moment when the session has settled to its end."""
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
