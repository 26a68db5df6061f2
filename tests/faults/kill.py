"""A process that is killed while it writes: each kill falls inside the writing.

Whatever is written lies under a name with ".part" until it is whole, and is renamed then. The
process tells when it opens such a file (Python's audit events), and waits for its end before it
renames it. It is killed from outside, at a random moment between the two, and the kill counts
because the file is there under its temporary name.
"""

import multiprocessing
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

from tests.training import kill_proof

_MOST_WRITING_S = 0.003
_APPEARS_S = 60.0
_PRELOADED = (*kill_proof.PRELOADED, "training.adapt", "training.export", "matplotlib.figure")
_Seen = frozenset[tuple[Path, int, int]]
Work = Callable[..., None]


@dataclass(frozen=True, slots=True)
class When:
    """At which of the files that a process writes it is killed."""

    steps: int
    """How many files are begun or renamed until then, at most; fewer more often than many."""
    name: str = ""
    """Only files whose name holds this count."""


def kill_while_writing(
    work: Work, arguments: tuple[Path, ...], folder: Path, rng: random.Random, when: When
) -> str | None:
    """The temporary file that was there when it was killed; None if it came to its end before.

    Args:
        folder: where all that it writes is.

    Raises:
        AssertionError: it failed by itself.
    """
    before = _being_written(folder)
    told, tells = multiprocessing.Pipe(duplex=False)
    passed_by = int(when.steps ** rng.random()) - 1
    watched = (work, arguments, passed_by, when.name, tells)
    process = _context().Process(target=_watched, args=watched)
    process.start()
    tells.close()
    if not _is_told(told):
        process.join()
        assert process.exitcode == 0, f"it failed by itself: {process.exitcode}"
        return None
    _wait_until_there(folder, before)
    time.sleep(rng.uniform(0, _MOST_WRITING_S))
    process.kill()
    process.join()
    left = sorted(path.name for path, *_ in _being_written(folder) - before)
    assert left, "nothing was being written"
    return left[0]


def _is_told(told: Connection) -> bool:
    """Whether something is being written; else the process has ended, and its pipe with it."""
    try:
        return bool(told.recv())
    except EOFError:
        return False


def _wait_until_there(folder: Path, before: _Seen) -> None:
    deadline = time.monotonic() + _APPEARS_S
    while not _being_written(folder) - before:
        assert time.monotonic() < deadline, "what was to be written did not appear"
        time.sleep(0.0005)


def _watched(
    work: Work, arguments: tuple[Path, ...], passed_by: int, name: str, tells: Connection
) -> None:
    """Work, and tell of a file that is begun, after so many others; then never rename one."""
    left = passed_by
    never = threading.Event()

    def watch(event: str, values: tuple[object, ...]) -> None:
        nonlocal left
        if not values or not _is_temporary(values[0], name):
            return
        begins, ends = _is_begun(event, values), event == "os.rename"
        if not (begins or ends):
            return
        left -= 1
        if left == -1:
            tells.send(True)
        if left < 0 and ends:
            never.wait()

    sys.addaudithook(watch)
    work(*arguments)


def _is_temporary(path: object, name: str) -> bool:
    if not isinstance(path, str | os.PathLike):
        return False
    last = Path(os.fspath(path)).name
    return last.endswith(".part") and name in last


def _is_begun(event: str, values: tuple[object, ...]) -> bool:
    if event == "open":
        return isinstance(values[2], int) and bool(values[2] & (os.O_WRONLY | os.O_RDWR))
    return event == "os.mkdir"


def _being_written(folder: Path) -> _Seen:
    return frozenset(_temporary_files(folder))


def _temporary_files(folder: Path) -> Iterator[tuple[Path, int, int]]:
    for path in folder.rglob("*.part"):
        try:
            status = path.stat()
        except FileNotFoundError:
            continue
        yield path, status.st_mtime_ns, status.st_size


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_PRELOADED))
    return context
