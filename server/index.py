"""What the Python files of a workspace folder import and define, read in the background.

Files are read and never run. What is left alone is said at the limits below; a folder with more
files than that is known in part, the files nearest to its top first.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from lintseq.imports.environment import installed_modules
from lintseq.imports.facts import Facts, read_facts
from lintseq.imports.project import Project

MOST_FILES = 4_000
MOST_FOLDERS = 4_000
MOST_BYTES = 300_000
"""Of one file: longer ones are made by machines."""

_LEFT_ALONE = frozenset({"__pycache__", "node_modules", "site-packages", "build", "dist"})
_ENVIRONMENT = "pyvenv.cfg"
# Between files, so that whoever types has the interpreter's lock in the meantime.
_PAUSE_S = 0.001


@dataclass(frozen=True, slots=True)
class _Read:
    stamp: tuple[int, int]
    """When the file was changed, and its size."""
    facts: Facts


class Index:
    """One workspace folder; changed by one thread at a time, read by any."""

    def __init__(self, folder: Path, is_excluded: Callable[[str], bool]) -> None:
        self.folder = folder
        self.project = Project()
        """As of the last scan or update."""
        self.installed: frozenset[str] | None = None
        self._is_excluded = is_excluded
        self._read: dict[str, _Read] = {}

    def scan(self, stop: threading.Event) -> None:
        """Read what is new or has changed, and forget what is gone."""
        found: dict[str, _Read] = {}
        for path, entry in islice(self._files(stop), MOST_FILES):
            if (read := self._one(path, entry)) is not None:
                found[path] = read
        if stop.is_set():
            return
        is_same = found == self._read
        self._read = found
        self.installed = installed_modules(self.folder, os.environ)
        if not is_same:
            self.project = Project.of({path: read.facts for path, read in found.items()})

    def update(self, path: Path) -> None:
        """Read one file again, or forget it if it is gone; what is left alone is not looked at."""
        try:
            name = path.relative_to(self.folder).as_posix()
        except ValueError:
            return
        if not name.endswith(".py") or any(map(_is_left_alone, name.split("/")[:-1])):
            return
        before = self._read.get(name)
        read = self._one(name, path)
        if read is None:
            self._read.pop(name, None)
        elif before or len(self._read) < MOST_FILES:
            self._read[name] = read
        after = self._read.get(name)
        if before and after and before.facts != after.facts:
            self.project = self.project.with_texts({name: after.facts})
        elif bool(before) != bool(after):
            self.project = Project.of({each: one.facts for each, one in self._read.items()})

    def _one(self, name: str, file: "os.DirEntry[str] | Path") -> _Read | None:
        """The facts of a file, from before if it has not changed; None if it is left alone."""
        try:
            status = file.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            before = self._read.get(name)
            if before is not None and before.stamp == stamp:
                return before
            if status.st_size > MOST_BYTES or self._is_excluded(os.fspath(file)):
                return None
            text = Path(file).read_bytes().decode("utf-8", "replace")
        except OSError:
            return None
        time.sleep(_PAUSE_S)
        return _Read(stamp, read_facts(text))

    def _files(self, stop: threading.Event) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
        """The Python files with their paths from the folder, the highest first."""
        waiting = deque([""])
        for _ in range(MOST_FOLDERS):
            if not waiting or stop.is_set():
                return
            above = waiting.popleft()
            entries = _entries(self.folder / above)
            if above and any(entry.name == _ENVIRONMENT for entry in entries):
                continue
            for entry in entries:
                path = f"{above}/{entry.name}" if above else entry.name
                if _is_python(entry):
                    yield path, entry
                elif entry.is_dir(follow_symlinks=False) and not _is_left_alone(entry.name):
                    waiting.append(path)


def _is_python(entry: "os.DirEntry[str]") -> bool:
    return entry.name.endswith(".py") and entry.is_file(follow_symlinks=False)


def _is_left_alone(name: str) -> bool:
    return name.startswith(".") or name in _LEFT_ALONE


def _entries(folder: Path) -> "list[os.DirEntry[str]]":
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []
