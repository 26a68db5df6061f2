"""The limits that a process puts on itself and its descendants."""

import math
import os
import resource


def limit(settings: "dict[str, str]") -> None:
    """Put them on; they can not be raised again."""
    cpu_s = math.ceil(float(settings["cpu_s"]))
    # At the first a signal that ends the program, at the second one that cannot be caught.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    for kind, value in (
        (resource.RLIMIT_AS, int(settings["memory_bytes"])),
        (resource.RLIMIT_FSIZE, int(settings["file_bytes"])),
        (resource.RLIMIT_NPROC, int(settings["processes"]) + _others(settings)),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(kind, (value, value))


def _others(settings: "dict[str, str]") -> int:
    """Threads of the user that are counted though they are not the program's."""
    if settings["as_root"] == "1" or "namespaces" in settings["isolation"]:
        return 0
    found, user = 0, os.getuid()
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and os.stat(f"/proc/{name}").st_uid == user:
                found += len(os.listdir(f"/proc/{name}/task"))
        except OSError:
            # It has ended.
            continue
    return found
