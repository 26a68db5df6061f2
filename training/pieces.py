"""Examples made in batches, in several processes, each batch in a file of its own until all are.

A run that was killed goes on with the batches that have no file yet. A file's name says what its
batch holds and how it was made, so that nothing else is ever taken for it. The number of processes
changes nothing in the result; memory holds a few batches for each.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from lintseq.parent import end_with_parent
from training.bestfit import TokenizedExample

# Items: few enough that a kill costs seconds.
_BATCH = 128
# Batches that wait for each process.
_AHEAD = 3

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Made:
    """A tokenized example; of those with the same key, other than 0, one is enough."""

    example: TokenizedExample
    key: int = 0


Make = Callable[[Sequence[Item]], list[Made]]


@dataclass(frozen=True, slots=True)
class Pieces(Generic[Item]):
    """How examples are made of items, and where what is made waits."""

    folder: Path
    """Is there until all is made."""
    make: Make[Item]
    """Makes the examples of a batch; sent to the processes."""
    name: Callable[[Item], str]
    """Says what an item holds."""
    settings: str
    """Says how the examples are made."""
    jobs: int = 1


def make_pieces(pieces: Pieces[Item], items: Iterable[Item]) -> list[Path]:
    """Return the files with the examples of all items, in their order."""
    pieces.folder.mkdir(parents=True, exist_ok=True)
    columns = (TextColumn("{task.description} {task.completed}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar, _submitter(pieces) as submit:
        task = bar.add_task("read", total=None)
        paths: list[Path] = []
        for batch in _batches(items, _BATCH):
            path = pieces.folder / f"{len(paths):06}-{_digest(pieces, batch)}.npz"
            paths.append(path)
            if not path.is_file():
                submit(batch, path)
            bar.advance(task, len(batch))
    return paths


def read_pieces(paths: Iterable[Path]) -> Iterator[Made]:
    """Yield the examples in the files."""
    for path in paths:
        with np.load(path) as values:
            tokens, learned = values["tokens"], values["learned"]
            ends = np.cumsum(values["lengths"]).tolist()
            keys = values["keys"].tolist()
        start = 0
        for end, key in zip(ends, keys, strict=True):
            yield Made((tokens[start:end], learned[start:end]), key)
            start = end


def remove_pieces(folder: Path) -> None:
    """Remove the files, when what was made of them lies elsewhere."""
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _submitter(pieces: Pieces[Item]) -> Iterator[Callable[[Sequence[Item], Path], None]]:
    """Give a function that makes a batch, here or in a process; when it ends, all are made."""
    if pieces.jobs == 1:
        yield partial(_make, pieces.make)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(pieces.jobs, context, end_with_parent) as pool:
        under_way: deque[Future[None]] = deque()

        def submit(batch: Sequence[Item], path: Path) -> None:
            # What waits for a process is in memory.
            if len(under_way) >= _AHEAD * pieces.jobs:
                under_way.popleft().result()
            under_way.append(pool.submit(_make, pieces.make, batch, path))

        try:
            yield submit
            for future in under_way:
                future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _make(make: Make[Item], batch: Sequence[Item], path: Path) -> None:
    made = make(batch)
    tokens = [np.asarray(each.example[0], dtype=np.uint32) for each in made]
    learned = [np.asarray(each.example[1], dtype=np.bool_) for each in made]
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        np.savez(
            file,
            tokens=np.concatenate([np.empty(0, dtype=np.uint32), *tokens]),
            learned=np.concatenate([np.empty(0, dtype=np.bool_), *learned]),
            lengths=np.array([len(each) for each in tokens], dtype=np.int64),
            keys=np.array([each.key for each in made], dtype=np.uint64),
        )
    part.replace(path)


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch


def _digest(pieces: Pieces[Item], batch: Sequence[Item]) -> str:
    text = "\n".join((pieces.settings, *map(pieces.name, batch)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
