"""Where and on what a benchmark ran: numbers mean nothing without it."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

from training.revision import code_revision, package_versions

PACKAGES = ("python", "pyflakes", "llama-cpp-python", "numpy")


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine, how busy others kept it, and the code."""

    processor: str
    cores: int
    """Those that this process may use."""
    load: float
    """Processes that wanted to run, over the minute before; near 0 on a quiet machine."""
    system: str
    revision: str
    """The commit; `+` behind it if files were changed."""
    versions: dict[str, str]


def this_machine() -> Machine:
    """The machine as it is now."""
    versions = package_versions()
    return Machine(
        processor=_processor(),
        cores=_cores(),
        load=round(os.getloadavg()[0], 2),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        revision=code_revision(),
        versions={name: versions[name] for name in PACKAGES if name in versions},
    )


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"
