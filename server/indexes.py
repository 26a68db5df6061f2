"""The indexes of the workspace's folders, and the one thread that keeps them true."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from queue import SimpleQueue

from lintseq.imports.facts import Facts, facts_of
from lintseq.imports.known import Surroundings
from lintseq.imports.project import Project
from lintseq.imports.public import public_code
from server.index import Index

logger = logging.getLogger(__name__)

# A scan looks at every file's date: what a save tells is known at once without it.
_SCAN_S = 60.0


class Indexes:
    """Used on the event loop; the reading is done by a thread of its own."""

    def __init__(self) -> None:
        self._indexes: tuple[Index, ...] = ()
        self._stop = threading.Event()
        self._scanned_at = 0.0
        self._waiting: SimpleQueue[Callable[[], object]] = SimpleQueue()
        self._thread: threading.Thread | None = None

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders that are indexed."""
        return tuple(index.folder for index in self._indexes)

    def follow(self, folders: Iterable[Path], is_excluded: Callable[[str], bool]) -> None:
        """Index these folders from now on, and no others."""
        self._stop.set()
        self._stop = threading.Event()
        known = {index.folder: index for index in self._indexes}
        self._indexes = tuple(
            known.get(folder) or Index(folder, is_excluded) for folder in dict.fromkeys(folders)
        )
        self._do(public_code)
        self.scan()

    def scan(self) -> None:
        """Look for changes everywhere."""
        self._scanned_at = time.monotonic()
        for index in self._indexes:
            self._do(partial(index.scan, self._stop))

    def changed(self, path: Path) -> None:
        """Read a file that was saved, made or removed; now and then look for others."""
        for index in self._indexes:
            self._do(partial(index.update, path))
        if self._indexes and time.monotonic() - self._scanned_at > _SCAN_S:
            self._do(public_code)
        self.scan()

    def surroundings(self, path: str, texts: Mapping[str, str]) -> Surroundings:
        """What is known of the imports of the file at `path`.

        Args:
            path: of the file.
            texts: the other open texts, by their paths.
        """
        above = [index for index in self._indexes if Path(path).is_relative_to(index.folder)]
        facts = {other: facts_of(text) for other, text in texts.items()}
        if not above:
            folder = _above_packages(Path(path).parent)
            name = Path(path).relative_to(folder).as_posix()
            return Surroundings(name, Project.of(_within(folder, facts)))
        index = max(above, key=lambda each: len(each.folder.parts))
        project = index.project.with_texts(_within(index.folder, facts))
        name = Path(path).relative_to(index.folder).as_posix()
        return Surroundings(name, project, index.installed)

    def close(self) -> None:
        """Stop reading."""
        self._stop.set()
        self._indexes = ()

    def _do(self, work: Callable[[], object]) -> None:
        """Do it in the background, after what was asked for before."""
        self._waiting.put(work)
        if self._thread is None:
            # Nobody waits for it: the session may end in the middle of a large folder.
            self._thread = threading.Thread(target=self._work, name="lintseq-index", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            work = self._waiting.get()
            try:
                work()
            except Exception:  # the edge of the thread: the index stays as it was
                logger.exception("the workspace could not be indexed")


def _above_packages(folder: Path) -> Path:
    """The folder that the package around lies in, as far as its files tell."""
    while folder.parent != folder and (folder / "__init__.py").is_file():
        folder = folder.parent
    return folder


def _within(folder: Path, facts: Mapping[str, Facts]) -> dict[str, Facts]:
    """By the path from the folder; what lies outside is known and cannot be imported."""
    return {Path(os.path.relpath(path, folder)).as_posix(): each for path, each in facts.items()}
