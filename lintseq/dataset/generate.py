"""Makes a data set that can be interrupted at any moment, and is the same however it was made.

Batches of records are worked on by any number of processes and stored as numbered pieces in the
folder `OUT.partial`. What is there when a run begins is not made again. At the end the pieces are
put together in their order (`lintseq.dataset.pieces`).
"""

import dataclasses
import platform
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path
from typing import Any

from lintseq.dataset.cluster import work_on_ray
from lintseq.dataset.pieces import Pieces
from lintseq.dataset.processes import Batch, Engine, work_locally
from lintseq.dataset.records import Fields, Record, Reject, expand, fingerprint, read_records
from lintseq.dataset.work import WorkOptions
from lintseq.errors import LintseqError
from lintseq.format import FORMAT_VERSION
from lintseq.linters import LINTERS

RECORDS_AT_ONCE = 128
"""In a batch: what a kill costs at most, for each process."""
ENGINES: Mapping[str, Engine] = {"local": work_locally, "ray": work_on_ray}


@dataclass(frozen=True, slots=True)
class GenerateOptions:
    """From what, to where, and how."""

    inputs: tuple[Path, ...]
    output: Path
    fields: Fields = field(default_factory=Fields)
    work: WorkOptions = field(default_factory=WorkOptions)
    engine: str = "local"
    jobs: int = 1

    def __post_init__(self) -> None:
        if self.jobs < 1 or self.work.samples < 1 or self.work.timeout_s <= 0:
            raise LintseqError(
                f"need jobs >= 1, samples >= 1 and timeout > 0, got {self.jobs}, "
                f"{self.work.samples} and {self.work.timeout_s:g}"
            )


Show = Callable[[int, int], None]
"""Is told how many records are done, and of how many."""


def generate(options: GenerateOptions, show: Show) -> Mapping[str, Any]:
    """The manifest of the data set that now lies at `options.output`.

    Raises:
        LintseqError: the input cannot be read, or what is there was made from something else.
    """
    files = expand(options.inputs)
    digest, total = fingerprint(files)
    pieces = Pieces(options.output, _settings(options, digest))
    if (manifest := pieces.manifest()) is not None:
        return manifest
    with pieces.held():
        return _make(options, pieces, files, total, show)


def _make(
    options: GenerateOptions,
    pieces: Pieces,
    files: list[tuple[Path, str]],
    total: int,
    show: Show,
) -> Mapping[str, Any]:
    finished = pieces.begin()
    show(min(len(finished) * RECORDS_AT_ONCE, total), total)
    early: dict[int, tuple[Reject, ...]] = {}
    batches = _batches(read_records(files, options.fields), finished, early)
    done = len(finished) * RECORDS_AT_ONCE
    for result in ENGINES[options.engine](batches, options.work, options.jobs):
        rejected = early.pop(result.number)
        rejects = [*rejected, *(each.reject for each in result.made if each.reject is not None)]
        pieces.store(
            result.number,
            [row for each in result.made for row in each.rows],
            sorted(rejects, key=lambda reject: reject.index),
            len(result.made) + len(rejected),
        )
        done += len(result.made) + len(rejected)
        show(min(done, total), total)
    return pieces.join()


def _batches(
    records: Iterator[Record | Reject],
    finished: frozenset[int],
    early: dict[int, tuple[Reject, ...]],
) -> Iterator[Batch]:
    """The batches that are still to be done; what is rejected beforehand is put into `early`."""
    number = 0
    while part := list(islice(records, RECORDS_AT_ONCE)):
        if number not in finished:
            early[number] = tuple(each for each in part if isinstance(each, Reject))
            yield Batch(number, tuple(each for each in part if isinstance(each, Record)))
        number += 1


def _settings(options: GenerateOptions, digest: str) -> dict[str, Any]:
    """What decides on the bytes of the data set; the number of processes does not."""
    return {
        "versions": {
            "lintseq": _version(),
            "format": FORMAT_VERSION,
            "linter": LINTERS[options.work.linter]("").version,
            "python": platform.python_version(),
        },
        "options": dataclasses.asdict(options.work),
        "fields": dataclasses.asdict(options.fields),
        "inputs": [path.name for path in options.inputs],
        "input_sha256": digest,
        "records_at_once": RECORDS_AT_ONCE,
    }


def _version() -> str:
    try:
        return version("lintseq")
    except PackageNotFoundError:
        return "not installed"
