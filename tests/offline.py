"""Runs the tests where only loopback can be reached, also by the processes that they start.

Run as `python -m tests.offline [PYTEST ARGUMENTS]`, or `make test-offline`: in a network namespace
of its own, whose loopback is raised. Where the system permits none, nothing is run and the status
is 77, by custom that of a test that was skipped.
"""

import os
import subprocess
import sys
from collections.abc import Sequence

from tests import namespaces
from tests.namespaces import with_own

ISOLATED = "LINTSEQ_ISOLATED"
"""Is set in the environment of what cannot reach any other machine."""
SKIPPED = 77
# A namespace has a loopback of its own, which is down: SIOCSIFFLAGS with IFF_UP and IFF_RUNNING.
# Then nothing is left of the rights that were kept for it: PR_CAP_AMBIENT_CLEAR_ALL.
_RAISE_LOOPBACK = """
import ctypes, fcntl, os, socket, struct, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sH22x", b"lo", 0x1 | 0x40))
ctypes.CDLL(None).prctl(47, 4, 0, 0, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""


def isolated(command: Sequence[str]) -> list[str]:
    """The command, where it and all that it starts can reach this machine only."""
    return [*with_own("net"), sys.executable, "-I", "-c", _RAISE_LOOPBACK, *command]


def why_not() -> str:
    """Why no command can be isolated here; nothing, if one can."""
    return namespaces.why_not(isolated([]))


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status of pytest, or that nothing was run."""
    if reason := why_not():
        print(f"skipped, nothing was tested: no network namespace here: {reason}", file=sys.stderr)
        return SKIPPED
    words = sys.argv[1:] if arguments is None else arguments
    command = isolated([sys.executable, "-P", "-m", "pytest", *words])
    return subprocess.run(command, env=os.environ | {ISOLATED: "1"}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
