"""The other Python files of a file's folder, read from the disk: code repeats what stands there."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lintseq.errors import FormatError
from lintseq.infer.locality import MOST_CHARACTERS
from lintseq.source import decode_source
from server.unfit import why_unfit

_MOST_FILES = 32
_LOOKED_AT_EVERY_S = 2.0


@dataclass(frozen=True, slots=True)
class _Read:
    """A file as it was when it was read."""

    state: tuple[int, int]
    """When it was changed, in nanoseconds, and its size in bytes."""
    text: str


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder as it was when it was looked at."""

    at: float
    files: tuple[tuple[Path, str], ...]


class Neighbours:
    """Looks at a folder every few seconds, and reads what has changed in it.

    Any thread may ask: what two of them find out at the same time is the same.
    """

    def __init__(self) -> None:
        self._folders: dict[Path, _Folder] = {}
        self._files: dict[Path, _Read] = {}

    def texts(self, file: Path, is_wanted: Callable[[Path], bool]) -> tuple[str, ...]:
        """The texts of the files beside `file`, those changed last first, as far as they fit."""
        folder = self._folders.get(file.parent)
        if folder is None or time.monotonic() - folder.at > _LOOKED_AT_EVERY_S:
            folder = _Folder(time.monotonic(), tuple(self._look(file.parent, is_wanted)))
            self._folders[file.parent] = folder
        return tuple(text for path, text in folder.files if path != file)

    def _look(self, folder: Path, is_wanted: Callable[[Path], bool]) -> Iterator[tuple[Path, str]]:
        left = MOST_CHARACTERS
        for state, path in _python_files(folder)[:_MOST_FILES]:
            text = self._text(path, state) if is_wanted(path) else ""
            if 0 < len(text) <= left:
                left -= len(text)
                yield path, text

    def _text(self, path: Path, state: tuple[int, int]) -> str:
        known = self._files.get(path)
        if known is None or known.state != state:
            known = self._files[path] = _Read(state, _read(path))
        return known.text


def _python_files(folder: Path) -> list[tuple[tuple[int, int], Path]]:
    """The small ones, the one changed last first. A link is none, nor is anything but a file."""
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(".py") and entry.is_file(follow_symlinks=False):
                    stat = entry.stat(follow_symlinks=False)
                    if stat.st_size <= MOST_CHARACTERS:
                        found.append(((stat.st_mtime_ns, stat.st_size), Path(entry.path)))
    except OSError:
        return []
    return sorted(found, reverse=True)


def _read(path: Path) -> str:
    try:
        text = decode_source(path.read_bytes()).text
    except (OSError, FormatError):
        return ""
    return "" if why_unfit(text) else text
