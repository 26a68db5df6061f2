"""A file that one process at a time may hold; the system lets go of it when that process ends."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lintseq.errors import LintseqError


@contextmanager
def only_run(path: Path) -> Iterator[None]:
    """Run the block while no other process holds the file at `path`, which is made.

    Raises:
        LintseqError: another one holds it.
    """
    with path.open("wb") as file:
        try:
            _hold(file.fileno())
        except OSError as error:
            raise LintseqError(f"another run is at work in {path.parent}") from error
        yield


def _hold(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
