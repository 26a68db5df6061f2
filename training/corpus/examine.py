"""One file: read, judged, decontaminated and signed, then scrubbed and counted; in processes."""

from __future__ import annotations

import dataclasses
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

from lintseq.syntax import parse_module
from training.corpus.document import Document
from training.corpus.filters import FilterConfig, Reason, decode, parse_file
from training.corpus.quality import quality_of
from training.corpus.scrub import scrub
from training.decontaminate import Contamination, clean, read_contamination
from training.dedup import Signature, exact_key, signature

_CHUNK = 16
# Chunks under way per process: enough that none waits, few enough that memory stays small.
_AHEAD = 4

In = TypeVar("In")
Out = TypeVar("Out")


@dataclass(frozen=True, slots=True)
class File:
    """A file that may become a document."""

    package: str
    license: str
    path: str
    data: bytes
    version: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """A document, and what it is compared by."""

    document: Document
    key: bytes
    signature: Signature
    is_cleaned: bool
    """Whether functions were taken out because an evaluation set has them."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A document as it is written."""

    document: Document
    scrubbed: int
    """How many secrets and addresses were replaced."""


@dataclass(frozen=True, slots=True)
class ExamineConfig:
    """How files are judged."""

    against: Path | None = None
    filters: FilterConfig = field(default_factory=FilterConfig)


@dataclass(frozen=True, slots=True)
class Examiner:
    """The two steps of a file, before and after de-duplication; both keep the order."""

    examine: Callable[[Iterable[File]], Iterator[Examined | Reason]]
    finish: Callable[[Iterable[Document]], Iterator[Finished]]


@contextmanager
def examiner(config: ExamineConfig, jobs: int) -> Iterator[Examiner]:
    """Give what examines and finishes files, in so many processes.

    Only a few files for each process are under way: what waits for the caller stays small.
    """
    if jobs == 1:
        contamination = _contamination(config)
        work = partial(examine, filters=config.filters, contamination=contamination)
        yield Examiner(partial(map, work), partial(map, finish))
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, _start_process, (config,)) as pool:
        ahead = _AHEAD * jobs
        try:
            yield Examiner(
                partial(_spread, pool, ahead, _examine_many),
                partial(_spread, pool, ahead, _finish_many),
            )
        finally:
            pool.shutdown(cancel_futures=True)


def examine(file: File, filters: FilterConfig, contamination: Contamination) -> Examined | Reason:
    """Return the document that a file is, or why it is none."""
    text = decode(file.data)
    if text is None:
        return Reason.UNDECODABLE
    tree = parse_file(file.path, text, filters)
    if isinstance(tree, Reason):
        return tree
    cleaned = clean(text, contamination, tree)
    if cleaned is None:
        return Reason.CONTAMINATED
    if cleaned != text and isinstance(parse_file(file.path, cleaned, filters), Reason):
        return Reason.CONTAMINATED
    document = Document(file.package, file.path, file.license, cleaned, file.version)
    return Examined(document, exact_key(cleaned), signature(cleaned), cleaned != text)


def finish(document: Document) -> Finished:
    """Return a document without secrets and with its figures."""
    text, scrubbed = scrub(document.text)
    tree = parse_module(text)
    if tree is None:
        # What was replaced held more than text: an f-string's expression, say.
        text, scrubbed, tree = document.text, 0, parse_module(document.text)
    quality = quality_of(document.path, text, tree) if tree else None
    return Finished(dataclasses.replace(document, text=text, quality=quality), scrubbed)


def _contamination(config: ExamineConfig) -> Contamination:
    return read_contamination(config.against) if config.against else Contamination.nothing()


def _spread(
    pool: ProcessPoolExecutor,
    ahead: int,
    work: Callable[[list[In]], list[Out]],
    items: Iterable[In],
) -> Iterator[Out]:
    remaining = iter(items)
    under_way: deque[Future[list[Out]]] = deque()
    while True:
        while len(under_way) < ahead and (chunk := list(islice(remaining, _CHUNK))):
            under_way.append(pool.submit(work, chunk))
        if not under_way:
            return
        yield from under_way.popleft().result()


# What a process works with: (filters, contamination), set when it starts.
_process: list[tuple[FilterConfig, Contamination]] = []


def _start_process(config: ExamineConfig) -> None:
    _process.append((config.filters, _contamination(config)))


def _examine_many(files: list[File]) -> list[Examined | Reason]:
    return [examine(file, *_process[0]) for file in files]


def _finish_many(documents: list[Document]) -> list[Finished]:
    return [finish(document) for document in documents]
