"""Builds the corpus: files -> filters -> decontamination -> de-duplication -> documents.

The output folder holds `heldout.jsonl.gz`, the shards `documents-NNNN.jsonl.gz`, what
de-duplication knows of each below `index/`, and `report.json`. Processes read, judge, sign, scrub
and count the files; this process alone de-duplicates, in the order of the plan, so that the result
does not depend on the number of processes. Memory holds a few files per process, about 350 bytes
for each kept document and 30 for each file. A shard that the report lists is not made again: a run
that was interrupted goes on behind it.
"""

from __future__ import annotations

import hashlib
import logging
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

from training.corpus.document import Document, document_writer
from training.corpus.examine import Examine, ExamineConfig, Examined, File, examiner
from training.corpus.filters import FilterConfig, Reason, reason_of_path
from training.corpus.find import project_files
from training.corpus.index_file import ShardIndex, read_index, write_index
from training.corpus.plan import HELD_OUT, Shard, Sources, make_plan
from training.corpus.project import Project, RawFile
from training.corpus.report import CorpusReport, ShardReport, read_report, write_report
from training.corpus.source import names_in_path
from training.dedup import DuplicateIndex, KeySet

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CorpusConfig:
    """What is collected, from where, to where."""

    sources: Sources
    output: Path
    against: Path | None = None
    """Directory of evaluation sets (JSON lines) that must not occur in the corpus."""
    hold_out: tuple[str, ...] = ()
    """Names of projects kept apart from training; copies of them elsewhere are dropped."""
    hold_out_share: float = 0.0
    """Share of the other projects kept apart too, drawn by the hash of their name."""
    threshold: float = 0.8
    """Jaccard similarity from which on two documents are near-duplicates."""
    jobs: int = 1
    """Processes that judge files."""
    filters: FilterConfig = field(default_factory=FilterConfig)

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        if not (self.sources.paths or self.sources.recipe or self.sources.installed):
            raise ValueError("need at least one source or a recipe, got none")
        if self.jobs < 1:
            raise ValueError(f"jobs must be at least 1, got {self.jobs}")
        if not 0 <= self.hold_out_share < 1:
            raise ValueError(f"need 0 <= hold_out_share < 1, got {self.hold_out_share}")


def build_corpus(config: CorpusConfig) -> CorpusReport:
    """Return the report of the corpus that now lies in `config.output`.

    Raises:
        ValueError: A source or the directory of evaluation sets is not there or not usable, or
            the output folder holds a corpus made with other settings.
    """
    plan = make_plan(config.sources, config.hold_out, config.hold_out_share)
    for reason in plan.absent:
        log.warning("left out: %s", reason)
    config.output.mkdir(parents=True, exist_ok=True)
    report = _report(config, plan.absent, plan.shards)
    settings = ExamineConfig(config.against, config.filters)
    with _progress() as bar, examiner(settings, config.jobs) as examine:
        projects = sum(len(shard.projects) for shard in plan.shards)
        task = bar.add_task("corpus", total=projects)
        index = DuplicateIndex(config.threshold)
        run = _Run(config, plan.hold_out, index, KeySet(), bar, examine, task)
        for shard in plan.shards:
            if shard.name in report.shards:
                read_index(run.index_path(shard)).enter(run.index, run.files)
                bar.advance(task, len(shard.projects))
            else:
                report = report.with_shard(shard.name, _collect(shard, run))
                write_report(config.output, report)
    return report


@dataclass(frozen=True, slots=True)
class _Run:
    """What all shards of one run share."""

    config: CorpusConfig
    hold_out: tuple[str, ...]
    index: DuplicateIndex
    files: KeySet
    bar: Progress
    examine: Examine
    task: TaskID

    def index_path(self, shard: Shard) -> Path:
        return self.config.output / "index" / f"{shard.name.split('.')[0]}.npz"


@dataclass(frozen=True, slots=True)
class _Collecting:
    """One shard while it is made."""

    run: _Run
    report: ShardReport
    found: ShardIndex
    is_held_out: bool


def _report(
    config: CorpusConfig, absent: tuple[str, ...], shards: tuple[Shard, ...]
) -> CorpusReport:
    """Return the report of an earlier run, or an empty one."""
    settings = _settings(config, shards)
    if not (config.output / "report.json").is_file():
        return CorpusReport(settings, absent, {})
    report = read_report(config.output)
    if report.settings != settings:
        raise ValueError(
            f"{config.output} holds a corpus made with other settings or of other sources: wanted"
            f" {settings}, got {report.settings}; choose another output folder or empty this one"
        )
    return report


def _settings(config: CorpusConfig, shards: tuple[Shard, ...]) -> str:
    """Return what decides the result; the number of processes does not."""
    planned = [(s.name, [(p.name, p.version, p.kind) for p in s.projects]) for s in shards]
    digest = hashlib.sha256(repr(planned).encode()).hexdigest()[:16]
    return f"sources {digest}, " + repr((str(config.against), config.threshold, config.filters))


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True))


def _collect(shard: Shard, run: _Run) -> ShardReport:
    """Return the report of a shard, whose file is then written."""
    started = time.monotonic()
    collecting = _Collecting(run, ShardReport(), ShardIndex(), shard.name == HELD_OUT)
    report = collecting.report
    with document_writer(run.config.output / shard.name) as write:
        for document in _kept(shard, collecting):
            write(document)
            report.keep(document)
    write_index(run.index_path(shard), collecting.found)
    report.seconds = round(time.monotonic() - started, 1)
    return report


def _kept(shard: Shard, collecting: _Collecting) -> Iterator[Document]:
    """Yield the documents that are no duplicates; count the others."""
    run, report, found = collecting.run, collecting.report, collecting.found
    files = (file for project in shard.projects for file in _files(project, collecting))
    for examined in run.examine(files):
        if isinstance(examined, Examined):
            if duplicate := run.index.add(examined.key, examined.signature):
                report.reject(Reason(duplicate))
                continue
            found.keep(examined.key, examined.signature)
            report.cleaned += examined.is_cleaned
            report.scrubbed += examined.scrubbed
            yield examined.document
        else:
            report.reject(examined)


def _files(project: Project, collecting: _Collecting) -> Iterator[File]:
    """Yield the files worth judging; count the others."""
    run, report = collecting.run, collecting.report
    entry = report.open(project)
    run.bar.update(run.task, description=project.name)
    try:
        for raw in project_files(project, run.config.filters.most_bytes):
            entry.files += 1
            judged = _judge(project, raw, collecting)
            if isinstance(judged, Reason):
                report.reject(judged)
            else:
                yield judged
    except ValueError as error:
        # What follows in a damaged archive is lost; the other projects are not.
        log.warning("%s: the rest is left out: %s", project.name, error)
        entry.error = str(error)
    run.bar.advance(run.task)


def _judge(project: Project, raw: RawFile, collecting: _Collecting) -> File | Reason:
    """Return what is to be examined, or why it need not be."""
    names = () if collecting.is_held_out else collecting.run.hold_out
    if project.license is None:
        return Reason.LICENSE
    if names_in_path(raw.path, names):
        return Reason.HELD_OUT
    if reason := reason_of_path(raw.path):
        return reason
    if isinstance(raw.data, Reason):
        return raw.data
    if _is_known(raw.data, collecting):
        return Reason.EXACT_DUPLICATE
    return File(project.name, project.license, raw.path, raw.data, project.version)


def _is_known(data: bytes, collecting: _Collecting) -> bool:
    """Return whether the very same bytes were there before: the cheapest question of all."""
    key = int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")
    if not collecting.run.files.add(key):
        return True
    collecting.found.files.append(key)
    return False
