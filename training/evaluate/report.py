"""What a benchmark reports: the same JSON object for each, and a table for people."""

import dataclasses
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
    pass_at: Mapping[int, float] = field(default_factory=dict)
    """pass@k for further k."""

    @property
    def pass_at_k(self) -> dict[int, float]:
        """pass@k by k, beginning with 1."""
        return {1: self.passed, **self.pass_at}

    def as_json(self) -> dict[str, Any]:
        """The object that `evaluate --json` writes."""
        return {
            "benchmark": self.benchmark,
            "model": self.model.name,
            "settings": dict(self.settings),
            "problems": self.problems,
            "samples": self.samples,
            "pass@k": {str(k): share for k, share in self.pass_at_k.items()},
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
    single = {name: value for name, value in figures.items() if not _is_table(value)}
    title = f"{report.benchmark}: {report.problems} problems, {report.model.name}"
    passed = {f"pass@{k}": share for k, share in report.pass_at_k.items()}
    console.print(title, _pairs({**passed, **single}))
    for name, value in figures.items():
        if not value or not _is_table(value):
            continue
        console.print(name, _pairs(value) if isinstance(value, Mapping) else _records(value))


def _is_table(value: object) -> bool:
    is_many = isinstance(value, Mapping | Sequence) and not isinstance(value, str)
    return is_many and not _is_interval(value)


def _is_interval(value: object) -> bool:
    return isinstance(value, Mapping) and set(value) == {"low", "high"}


def _pairs(values: Mapping[str, Any]) -> Table:
    table = Table("", "", show_header=False)
    for name, value in values.items():
        table.add_row(name, _cell(value))
    return table


def _records(records: Sequence[Mapping[str, Any]]) -> Table:
    """One row for each; without the intervals, which make it too wide."""
    names = [name for name, value in records[0].items() if not _is_interval(value)]
    table = Table(*names)
    for record in records:
        table.add_row(*(_cell(record[name]) for name in names))
    return table


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.3f}"
    if isinstance(value, Mapping):
        if _is_interval(value):
            return f"{_cell(value['low'])} to {_cell(value['high'])}"
        return ", ".join(f"{name} {_cell(each)}" for name, each in value.items())
    return str(value)
