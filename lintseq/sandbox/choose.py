"""Which sandboxes there are on this system, strongest first, and opening one.

- `root namespaces`: started as root. The program sees no file but Python's library and the system's
  shared ones, read-only, and a small temporary directory; no other process, no network; it runs
  as a user that nobody else is, without capabilities.
- `user namespaces`: the same without the rights of root.
- `landlock`: the program can read the same files and write none. That other files and processes
  exist it can find out.
- `limits`: nothing but limits, a filter of system calls, and, as root, another user. The program
  sees the file system; what its user may read and write there, it does. Only if asked for by name.

Not covered by any: holes in the kernel. Time and memory caches can be measured from inside. Memory
is limited for each process, not for all of them together. A program knows its interpreter: one that
looks for the proof that its end was reached, in the frames below it, finds it.

Not covered by `limits`: files. What a plain user may do to their own, and to their processes
through /proc (environment, memory); files that it leaves outside its folder, and how many it makes.
With `limits` and `landlock`, a plain user's other processes, started meanwhile, count among the
program's.

Linux on x86-64 and ARM64 only.
"""

import os
import platform
import sys

from lintseq.sandbox.run import JailSandbox, Limits, Sandbox, SandboxError

NAMES = ("root namespaces", "user namespaces", "landlock", "limits")
_PROBE = "import json, sys\nsys.stdout.write(json.dumps([1]))\n"


def open_sandbox(limits: Limits | None = None, isolation: str | None = None) -> Sandbox:
    """The strongest sandbox that works here, or the one of that name.

    Raises:
        SandboxError: there is none, or not that one; the message says why.
    """
    limits = limits or Limits()
    if isolation is not None and isolation not in NAMES:
        raise SandboxError(f"sandboxes are {', '.join(NAMES)}, got {isolation!r}")
    wanted = (isolation,) if isolation is not None else NAMES[:-1]
    reasons: list[str] = []
    for name in wanted:
        reason = why_not(name)
        if not reason:
            return JailSandbox(name, limits)
        reasons.append(f"{name}: {reason}")
    hint = "" if isolation else "; 'limits' can be asked for by name, and holds less"
    raise SandboxError(f"there is no sandbox here ({'; '.join(reasons)}){hint}")


def why_not(isolation: str) -> str:
    """Why the sandbox of that name does not work here; nothing if it does."""
    if sys.platform != "linux" or platform.machine() not in {"x86_64", "aarch64"}:
        return f"needs Linux on x86-64 or ARM64, got {sys.platform} on {platform.machine()}"
    if isolation == "root namespaces" and os.getuid() != 0:
        return "only root may"
    try:
        outcome = JailSandbox(isolation, Limits(wall_s=60.0)).run(_PROBE)
    except SandboxError as error:
        return str(error)
    if outcome.output == "[1]":
        return ""
    last = outcome.output.rstrip().rpartition("\n")[2]
    return f"a program that does nothing ended as {outcome.status!r}: {last}"
