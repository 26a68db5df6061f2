"""The limits that a process puts on itself and its descendants."""

import math
import resource
from collections.abc import Mapping


def limit(settings: Mapping[str, float]) -> None:
    """Put them on; they can not be raised again."""
    cpu_s = math.ceil(settings["cpu_s"])
    # At the first a signal that ends the program, at the second one that cannot be caught.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    for kind, value in (
        (resource.RLIMIT_AS, settings["memory_bytes"]),
        (resource.RLIMIT_FSIZE, settings["file_bytes"]),
        (resource.RLIMIT_NPROC, settings["processes"]),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(kind, (int(value), int(value)))
