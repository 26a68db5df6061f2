"""What a corpus consists of, and what was left out for which reason: `report.json`."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path

from training.corpus.document import Document
from training.corpus.filters import Reason
from training.corpus.plan import HELD_OUT
from training.corpus.project import Project
from training.json_values import from_json, write_json


@dataclass(slots=True)
class Amount:
    """A number of documents and the size of their text."""

    documents: int = 0
    size_bytes: int = 0

    def add(self, other: Amount) -> None:
        """Count the other amount too."""
        self.documents += other.documents
        self.size_bytes += other.size_bytes


@dataclass(slots=True)
class Provenance:
    """A project, and what was kept of it."""

    name: str
    kind: str
    version: str
    license: str | None
    """None: unknown or not allowed; then nothing was read."""
    files: int = 0
    kept: Amount = field(default_factory=Amount)
    error: str = ""
    """Why not all of it could be read, if so."""


@dataclass(slots=True)
class ShardReport:
    """One file of the corpus, counted while it is written."""

    kept: Amount = field(default_factory=Amount)
    projects: list[Provenance] = field(default_factory=list)
    licenses: dict[str, Amount] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    """How many files were left out, per reason."""
    cleaned: int = 0
    """How many documents lost functions that an evaluation set has."""
    scrubbed: int = 0
    """How many secrets and addresses were replaced."""
    described: int = 0
    """How many functions say what they do."""
    seconds: float = 0.0

    def open(self, project: Project) -> Provenance:
        """Return a new entry for a project."""
        entry = Provenance(project.name, project.kind, project.version, project.license)
        self.projects.append(entry)
        return entry

    def keep(self, document: Document) -> None:
        """Count a document that was written."""
        amount = Amount(1, len(document.text.encode()))
        self.kept.add(amount)
        self.licenses.setdefault(document.license, Amount()).add(amount)
        self.described += document.quality.described if document.quality else 0
        for entry in self.projects:
            if (entry.name, entry.version) == (document.package, document.version):
                entry.kept.add(amount)
                break

    def reject(self, reason: Reason) -> None:
        """Count a file that was left out."""
        self.rejected[reason] = self.rejected.get(reason, 0) + 1


@dataclass(frozen=True, slots=True)
class CorpusReport:
    """All files of the corpus by name, and the settings that they were made with."""

    settings: str
    absent: tuple[str, ...]
    """What was named as a source and could not be used, and why."""
    shards: dict[str, ShardReport]

    def with_shard(self, name: str, shard: ShardReport) -> CorpusReport:
        """Return the report with one more shard."""
        return dataclasses.replace(self, shards=self.shards | {name: shard})

    @property
    def training(self) -> Amount:
        """What was kept for training, the held-out documents not counted."""
        total = Amount()
        for shard in self._training_shards():
            total.add(shard.kept)
        return total

    @property
    def rejected(self) -> dict[str, int]:
        """How many files were left out in all shards, per reason, most frequent first."""
        counts: dict[str, int] = {}
        for shard in self.shards.values():
            for reason, count in shard.rejected.items():
                counts[reason] = counts.get(reason, 0) + count
        return dict(sorted(counts.items(), key=lambda item: -item[1]))

    @property
    def licenses(self) -> dict[str, Amount]:
        """What was kept for training, per licence, most text first."""
        amounts: dict[str, Amount] = {}
        for shard in self._training_shards():
            for license_name, amount in shard.licenses.items():
                amounts.setdefault(license_name, Amount()).add(amount)
        return dict(sorted(amounts.items(), key=lambda item: -item[1].size_bytes))

    def _training_shards(self) -> list[ShardReport]:
        return [shard for name, shard in self.shards.items() if name != HELD_OUT]


def read_report(folder: Path) -> CorpusReport:
    """Return the report in a folder.

    Raises:
        ValueError: There is none.
    """
    path = folder / "report.json"
    if not path.is_file():
        raise ValueError(f"wanted a corpus with a report.json, got {folder}")
    values = json.loads(path.read_text(encoding="utf-8"))
    shards = {name: _shard_report(each) for name, each in values["shards"].items()}
    return CorpusReport(values["settings"], tuple(values["absent"]), shards)


def write_report(folder: Path, report: CorpusReport) -> None:
    """Write `report.json`, with sums that a reader wants to see first."""
    values = {
        "training": dataclasses.asdict(report.training),
        "rejected": report.rejected,
        "licenses": {name: dataclasses.asdict(each) for name, each in report.licenses.items()},
    } | dataclasses.asdict(report)
    write_json(folder / "report.json", values)


def _shard_report(values: dict[str, object]) -> ShardReport:
    licenses, rejected = values.pop("licenses"), values.pop("rejected")
    report = ShardReport(
        kept=from_json(Amount, values.pop("kept"), "kept"),
        projects=list(from_json(_Projects, {"projects": values.pop("projects")}).projects),
    )
    for name, amount in dict(licenses).items():  # type: ignore[call-overload]
        report.licenses[name] = from_json(Amount, amount, name)
    report.rejected = dict(rejected)  # type: ignore[call-overload]
    return dataclasses.replace(report, **values)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Projects:
    projects: tuple[Provenance, ...]
