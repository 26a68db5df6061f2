"""How much memory the server takes, its model's process included."""

import contextlib

import psutil


def memory_mb() -> float:
    """Megabytes (10**6 bytes) resident, of this process and those that it has started."""
    process = psutil.Process()
    size_bytes = process.memory_info().rss
    for child in process.children(recursive=True):
        # It may have ended meanwhile.
        with contextlib.suppress(psutil.Error):
            size_bytes += child.memory_info().rss
    return round(float(size_bytes) / 1e6, 1)
