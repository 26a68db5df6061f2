"""One file: read, judged, decontaminated, scrubbed, counted and signed; in several processes."""

from __future__ import annotations

import gc
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from lintseq.parent import end_with_parent
from training.corpus.document import Document
from training.corpus.filters import FilterConfig, Reason, decode, parse_file
from training.corpus.quality import quality_of
from training.corpus.scrub import scrub
from training.decontaminate import Contamination, clean, read_contamination
from training.dedup import Signature, exact_key, signature

_CHUNK = 16
# Chunks under way per process: enough that none waits, few enough that memory stays small.
_AHEAD = 4


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
    scrubbed: int
    """How many secrets and addresses were replaced."""


@dataclass(frozen=True, slots=True)
class ExamineConfig:
    """How files are judged."""

    against: Path | None = None
    filters: FilterConfig = field(default_factory=FilterConfig)


Examine = Callable[[Iterable[File]], Iterator[Examined | Reason]]


@contextmanager
def examiner(config: ExamineConfig, jobs: int) -> Iterator[Examine]:
    """Give a function that examines files, in their order, in so many processes.

    Only a few files for each process are under way: what waits for the caller stays small.
    """
    if jobs == 1:
        contamination = _contamination(config)
        yield partial(map, partial(examine, filters=config.filters, contamination=contamination))
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, _start_process, (config,)) as pool:
        try:
            yield partial(_spread, pool, _AHEAD * jobs)
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
    scrubbed_text, scrubbed = scrub(cleaned)
    if scrubbed_text != text:
        changed = parse_file(file.path, scrubbed_text, filters)
        if isinstance(changed, Reason):
            return Reason.CONTAMINATED if cleaned != text else changed
        tree = changed
    document = Document(
        package=file.package,
        path=file.path,
        license=file.license,
        text=scrubbed_text,
        version=file.version,
        quality=quality_of(file.path, scrubbed_text, tree),
    )
    return Examined(
        document, exact_key(scrubbed_text), signature(scrubbed_text), cleaned != text, scrubbed
    )


def _contamination(config: ExamineConfig) -> Contamination:
    return read_contamination(config.against) if config.against else Contamination.nothing()


def _spread(
    pool: ProcessPoolExecutor, ahead: int, files: Iterable[File]
) -> Iterator[Examined | Reason]:
    remaining = iter(files)
    under_way: deque[Future[list[Examined | Reason]]] = deque()
    while True:
        while len(under_way) < ahead and (chunk := list(islice(remaining, _CHUNK))):
            under_way.append(pool.submit(_examine_many, chunk))
        if not under_way:
            return
        yield from under_way.popleft().result()


# What a process works with: (filters, contamination), set when it starts.
_process: list[tuple[FilterConfig, Contamination]] = []


def _start_process(config: ExamineConfig) -> None:
    end_with_parent()
    _process.append((config.filters, _contamination(config)))
    # Syntax trees are many small objects: looking for cycles among them while they grow takes a
    # third of the time. It is done between files instead.
    gc.disable()


def _examine_many(files: list[File]) -> list[Examined | Reason]:
    examined = [examine(file, *_process[0]) for file in files]
    gc.collect()
    return examined
