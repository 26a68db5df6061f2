"""Builds the corpus: files -> filters -> decontamination -> de-duplication -> documents.

The output folder holds `heldout.jsonl.gz`, one `documents-NNN-NAME.jsonl.gz` per source directory
and `report.json`. Processes read, judge and sign the files; this process alone de-duplicates, in
the order of the sources, so that the result does not depend on the number of processes. Memory
holds a batch of files and about 2 KB for each kept document. A source that the report lists is not
read again: a run that was interrupted goes on behind it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from training.corpus.document import document_writer, read_documents
from training.corpus.examine import Examine, ExamineConfig, File, examiner, sign
from training.corpus.filters import FilterConfig, Reason
from training.corpus.report import CorpusReport, SourceReport, read_report, write_report
from training.corpus.source import Package, find_packages, is_held_out, names_in_path
from training.dedup import DuplicateIndex


@dataclass(frozen=True, slots=True)
class CorpusConfig:
    """What is collected, from where, to where."""

    sources: tuple[Path, ...]
    """Directories; of two duplicates the one in the earlier directory is kept."""
    output: Path
    against: Path | None = None
    """Directory of evaluation sets (JSON lines) that must not occur in the corpus."""
    hold_out: tuple[str, ...] = ()
    """Names of packages kept apart from training; copies of them elsewhere are dropped."""
    threshold: float = 0.8
    """Jaccard similarity from which on two documents are near-duplicates."""
    jobs: int = 1
    """Processes that read and judge files."""
    filters: FilterConfig = field(default_factory=FilterConfig)

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        if not self.sources:
            raise ValueError("need at least one source directory, got none")
        if self.jobs < 1:
            raise ValueError(f"jobs must be at least 1, got {self.jobs}")


def build_corpus(config: CorpusConfig) -> CorpusReport:
    """Return the report of the corpus that now lies in `config.output`.

    Raises:
        ValueError: A source or the directory of evaluation sets is not there or not usable, or
            the output folder holds a corpus made with other settings.
    """
    parts = [_Part("heldout.jsonl.gz", _packages(config, held_out=True))]
    for number, source in enumerate(config.sources):
        name = f"documents-{number:03}-{source.resolve().name}.jsonl.gz"
        parts.append(_Part(name, _packages(config, held_out=False, only=source)))
    config.output.mkdir(parents=True, exist_ok=True)
    report = read_report(config.output, _settings(config))
    index = DuplicateIndex(config.threshold)
    files = sum(len(package.paths) for part in parts for package in part.packages)
    settings = ExamineConfig(config.against, config.filters)
    with _progress() as bar, examiner(settings, config.jobs) as examine:
        run = _Run(config, index, bar, examine, bar.add_task("corpus", total=files))
        for part in parts:
            if part.name in report.sources:
                _load(part, run)
            else:
                report = report.with_source(part.name, _collect(part, run))
                write_report(config.output, report)
    return report


@dataclass(frozen=True, slots=True)
class _Part:
    """One file of the output and the packages whose documents it gets."""

    name: str
    packages: tuple[Package, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """What all parts of one run share."""

    config: CorpusConfig
    index: DuplicateIndex
    bar: Progress
    examine: Examine
    task: TaskID


def _packages(
    config: CorpusConfig, *, held_out: bool, only: Path | None = None
) -> tuple[Package, ...]:
    sources = config.sources if only is None else (only,)
    return tuple(
        package
        for source in sources
        for package in find_packages(source)
        if is_held_out(package, config.hold_out) == held_out
    )


def _settings(config: CorpusConfig) -> str:
    """Return what decides the result, as text; the number of processes does not."""
    return repr((config.sources, config.against, config.hold_out, config.threshold, config.filters))


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True))


def _load(part: _Part, run: _Run) -> None:
    """Enter the documents of a part that an earlier run wrote."""
    for document in read_documents(run.config.output / part.name):
        examined = sign(document)
        run.index.add(examined.key, examined.signature)
    run.bar.advance(run.task, sum(len(package.paths) for package in part.packages))


def _collect(part: _Part, run: _Run) -> SourceReport:
    """Return the report of a part, whose file is then written."""
    started = time.monotonic()
    report = SourceReport()
    run.bar.update(run.task, description=part.name)
    files = (file for package in part.packages for file in _files(package, run, report))
    with document_writer(run.config.output / part.name) as write:
        for examined in run.examine(files):
            run.bar.advance(run.task)
            if isinstance(examined, Reason):
                report.reject(examined)
            elif duplicate := run.index.add(examined.key, examined.signature):
                report.reject(Reason(duplicate))
            else:
                write(examined.document)
                report.keep(examined.document)
    report.seconds = round(time.monotonic() - started, 1)
    return report


def _files(package: Package, run: _Run, report: SourceReport) -> Iterator[File]:
    """Yield the files worth reading; count the others."""
    names = () if is_held_out(package, run.config.hold_out) else run.config.hold_out
    for path in package.paths:
        if package.license is None:
            report.reject(Reason.LICENSE)
        elif names_in_path(path, names):
            report.reject(Reason.HELD_OUT)
        else:
            yield File(package.name, package.license, package.root, path)
            continue
        run.bar.advance(run.task)
