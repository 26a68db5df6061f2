"""What a corpus consists of, and what was left out for which reason: `report.json`."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training.corpus.document import Document
from training.corpus.filters import Reason
from training.json_values import write_json


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
class SourceReport:
    """One file of the corpus, counted while it is written."""

    kept: Amount = field(default_factory=Amount)
    packages: dict[str, Amount] = field(default_factory=dict)
    licenses: dict[str, Amount] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    """How many files were left out, per reason."""
    seconds: float = 0.0

    def keep(self, document: Document) -> None:
        """Count a document that was written."""
        amount = Amount(1, len(document.text.encode()))
        self.kept.add(amount)
        self.packages.setdefault(document.package, Amount()).add(amount)
        self.licenses.setdefault(document.license, Amount()).add(amount)

    def reject(self, reason: Reason) -> None:
        """Count a file that was left out."""
        self.rejected[reason] = self.rejected.get(reason, 0) + 1


@dataclass(frozen=True, slots=True)
class CorpusReport:
    """All files of the corpus by name, and the settings that they were made with."""

    settings: str
    sources: dict[str, SourceReport]

    def with_source(self, name: str, source: SourceReport) -> CorpusReport:
        """Return the report with one more source."""
        return dataclasses.replace(self, sources=self.sources | {name: source})

    @property
    def training(self) -> Amount:
        """What was kept for training, the held-out documents not counted."""
        total = Amount()
        for name, source in self.sources.items():
            if name.startswith("documents-"):
                total.add(source.kept)
        return total

    @property
    def rejected(self) -> dict[str, int]:
        """How many files were left out in all sources, per reason, most frequent first."""
        counts: dict[str, int] = {}
        for source in self.sources.values():
            for reason, count in source.rejected.items():
                counts[reason] = counts.get(reason, 0) + count
        return dict(sorted(counts.items(), key=lambda item: -item[1]))

    @property
    def licenses(self) -> dict[str, Amount]:
        """What was kept for training, per licence, most text first."""
        amounts: dict[str, Amount] = {}
        for name, source in self.sources.items():
            if name.startswith("documents-"):
                for license_name, amount in source.licenses.items():
                    amounts.setdefault(license_name, Amount()).add(amount)
        return dict(sorted(amounts.items(), key=lambda item: -item[1].size_bytes))


def read_report(folder: Path, settings: str) -> CorpusReport:
    """Return the report in a folder, or an empty one if there is none.

    Raises:
        ValueError: The folder's corpus was made with other settings.
    """
    path = folder / "report.json"
    if not path.is_file():
        return CorpusReport(settings, {})
    values = json.loads(path.read_text(encoding="utf-8"))
    if values["settings"] != settings:
        raise ValueError(
            f"{folder} holds a corpus made with other settings: wanted {settings},"
            f" got {values['settings']}; choose another output folder or empty this one"
        )
    sources = {name: _source_report(each) for name, each in values["sources"].items()}
    return CorpusReport(settings, sources)


def write_report(folder: Path, report: CorpusReport) -> None:
    """Write `report.json`, with sums that a reader wants to see first."""
    values = {
        "training": dataclasses.asdict(report.training),
        "rejected": report.rejected,
        "licenses": {name: dataclasses.asdict(each) for name, each in report.licenses.items()},
    } | dataclasses.asdict(report)
    write_json(folder / "report.json", values)


def _source_report(values: dict[str, Any]) -> SourceReport:
    amounts = {
        name: {key: Amount(**each) for key, each in values[name].items()}
        for name in ("packages", "licenses")
    }
    return SourceReport(**(values | amounts | {"kept": Amount(**values["kept"])}))
