"""What a benchmark reports: the same JSON object for each, and a table for people."""

import dataclasses
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from lintseq.format import FORMAT_VERSION
from training.revision import code_revision, package_versions


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one benchmark with one model."""

    benchmark: str
    model: Path
    settings: Mapping[str, Any]
    """All that the figures depend on, as JSON values."""
    problems: int
    samples: int
    """Candidates drawn at each problem."""
    passed: float
    """The share of problems whose first proposal is right, from 0 to 1."""
    figures: Any
    """A dataclass of the benchmark's own."""

    def as_json(self) -> dict[str, Any]:
        """The object that `evaluate --json` writes."""
        return {
            "benchmark": self.benchmark,
            "model": self.model.name,
            "settings": dict(self.settings),
            "problems": self.problems,
            "samples": self.samples,
            "pass@k": {"1": self.passed},
            "figures": dataclasses.asdict(self.figures),
            "versions": versions(),
        }


def versions() -> dict[str, str]:
    """What the figures were made with: code, libraries and machine."""
    return {
        "lintseq": code_revision(),
        "format": str(FORMAT_VERSION),
        **package_versions(),
        "machine": f"{platform.platform()}, {os.cpu_count()} processors",
    }


def show(report: Report, console: Console) -> None:
    """Write the figures as tables: single numbers, counts, and lists of records."""
    figures = dataclasses.asdict(report.figures)
    single = {name: value for name, value in figures.items() if not _is_many(value)}
    title = f"{report.benchmark}: {report.problems} problems, {report.model.name}"
    console.print(title, _pairs({"pass@1": report.passed, **single}))
    for name, value in figures.items():
        if isinstance(value, Mapping) and value:
            console.print(name, _pairs(value))
        elif _is_many(value) and value:
            console.print(name, _records(value))


def _is_many(value: object) -> bool:
    return isinstance(value, Mapping | Sequence) and not isinstance(value, str)


def _pairs(values: Mapping[str, Any]) -> Table:
    table = Table("", "", show_header=False)
    for name, value in values.items():
        table.add_row(name, _cell(value))
    return table


def _records(records: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(*records[0])
    for record in records:
        table.add_row(*map(_cell, record.values()))
    return table


def _cell(value: object) -> str:
    return f"{value:,.3f}" if isinstance(value, float) else str(value)
