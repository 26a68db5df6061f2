"""One file: read, judged, decontaminated and signed, in this process or in several."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from training.corpus.document import Document
from training.corpus.filters import (
    FilterConfig,
    Reason,
    decode,
    reason_of_path,
    reason_of_text,
)
from training.decontaminate import Contamination, clean, read_contamination
from training.dedup import Signature, exact_key, signature

_BATCH = 256
_CHUNK = 8


@dataclass(frozen=True, slots=True)
class File:
    """A file that may become a document."""

    package: str
    license: str
    root: Path
    path: str


@dataclass(frozen=True, slots=True)
class Examined:
    """A document, and what it is compared by."""

    document: Document
    key: bytes
    signature: Signature


@dataclass(frozen=True, slots=True)
class ExamineConfig:
    """How files are judged."""

    against: Path | None = None
    filters: FilterConfig = field(default_factory=FilterConfig)


Examine = Callable[[Iterable[File]], Iterator[Examined | Reason]]


@contextmanager
def examiner(config: ExamineConfig, jobs: int) -> Iterator[Examine]:
    """Give a function that examines files, in their order, in so many processes.

    With more than one process the files of a batch are all under way at once, never more: what
    waits for the caller stays small.
    """
    if jobs == 1:
        contamination = _contamination(config)
        yield partial(map, lambda file: examine(file, config.filters, contamination))
        return
    context = multiprocessing.get_context("spawn")
    with context.Pool(jobs, _start_process, (config,)) as pool:
        yield lambda files: (
            result
            for batch in _batches(files)
            for result in pool.imap(_examine_in_process, batch, _CHUNK)
        )


def examine(file: File, filters: FilterConfig, contamination: Contamination) -> Examined | Reason:
    """Return the document that a file is, or why it is none."""
    text = _read(file, filters)
    if isinstance(text, Reason):
        return text
    reason = reason_of_text(file.path, text, filters)
    if reason:
        return reason
    cleaned = clean(text, contamination)
    if cleaned is None:
        return Reason.CONTAMINATED
    if cleaned != text and (reason := reason_of_text(file.path, cleaned, filters)):
        return Reason.CONTAMINATED
    return sign(Document(file.package, file.path, file.license, cleaned))


def sign(document: Document) -> Examined:
    """Return the document with what it is compared by."""
    return Examined(document, exact_key(document.text), signature(document.text))


def _read(file: File, filters: FilterConfig) -> str | Reason:
    path = file.root / file.path
    if reason := reason_of_path(file.path):
        return reason
    try:
        if path.stat().st_size > filters.most_bytes:
            return Reason.TOO_LARGE
        text = decode(path.read_bytes())
    except OSError:
        return Reason.UNREADABLE
    return Reason.UNDECODABLE if text is None else text


def _contamination(config: ExamineConfig) -> Contamination:
    return read_contamination(config.against) if config.against else Contamination.nothing()


def _batches(files: Iterable[File]) -> Iterator[list[File]]:
    remaining = iter(files)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


# What a process of the pool works with: (filters, contamination), set when it starts.
_process: list[tuple[FilterConfig, Contamination]] = []


def _start_process(config: ExamineConfig) -> None:
    _process.append((config.filters, _contamination(config)))


def _examine_in_process(file: File) -> Examined | Reason:
    return examine(file, *_process[0])
