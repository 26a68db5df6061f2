"""Becomes a sandbox, runs one program in it, and tells how that ended.

Started by `lintseq.sandbox.run` in a process of its own, with its settings as arguments; the
program comes through stdin. Each run waits for the modules that are imported here: they are few.
"""

import os
import sys
from signal import SIG_SETMASK, SIGTERM, pthread_sigmask

from hold import Hold  # type: ignore[import-not-found]
from namespaces import enter_root, enter_user  # type: ignore[import-not-found]
from system import die_with_parent  # type: ignore[import-not-found]
from user import become, unused_user  # type: ignore[import-not-found]


def main() -> None:
    """Become a sandbox, and tell how the program in it ended."""
    settings = dict(each.split("=", 1) for each in sys.argv[1:])
    # A low number, whatever the caller has open: the program's process closes the low ones.
    told_to = os.dup(int(settings["told_to"]))
    os.close(int(settings["told_to"]))
    os.environ.clear()
    # What the program imports leaves nothing in Python's library.
    sys.dont_write_bytecode = True
    pthread_sigmask(SIG_SETMASK, ())
    try:
        die_with_parent(SIGTERM)
        if os.getppid() != int(settings["parent"]):
            os._exit(1)
        program = sys.stdin.buffer.read()
        hold = _enter(settings)
    except (ImportError, OSError) as error:
        os.write(told_to, f"error {error}".encode())
        os._exit(1)
    os.write(told_to, hold.supervise(program).encode())
    os._exit(0)


def _enter(settings: dict[str, str]) -> Hold:
    user = unused_user() if os.getuid() == 0 else None
    file_bytes = int(settings["file_bytes"])
    match settings["isolation"]:
        case "root namespaces":
            enter_root(file_bytes)
            return Hold(settings, user, has_pids=True)
        case "user namespaces":
            if user is not None:
                become(user)
                die_with_parent(SIGTERM)
            enter_user(file_bytes)
            return Hold(settings, None, has_pids=True)
        case _:
            if user is not None:
                os.chown(settings["folder"], user, user)
            os.chdir(settings["folder"])
            return Hold(settings, user, has_pids=False)
