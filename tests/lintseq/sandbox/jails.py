"""The sandboxes that this machine offers, and what of theirs is running."""

import os
import tempfile
from pathlib import Path

from lintseq.sandbox.choose import NAMES, why_not
from lintseq.sandbox.run import JailSandbox, Limits, Outcome

OFFERED = [name for name in NAMES if not why_not(name)]
STRONG = [name for name in OFFERED if name != "limits"]
ALONE = [name for name in STRONG if name != "landlock"]
SHARED = [name for name in OFFERED if name not in ALONE]
QUICK = Limits(cpu_s=1, wall_s=20, memory_bytes=128 << 20, file_bytes=1 << 20)


def run(program: str, isolation: str, limits: Limits = QUICK) -> Outcome:
    """What comes of a program in a sandbox."""
    return JailSandbox(isolation, limits).run(program)


def jailed() -> set[int]:
    """The processes of this test's sandboxes."""
    found, mark = set(), os.fsencode(f"folder={tempfile.gettempdir()}")
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark in path.read_bytes():
                found.add(int(path.parent.name))
        except OSError:
            continue
    return found
