"""What a data set of transcripts looks like: distributions, as a table and as a picture."""

import io
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from lintseq.dataset.lines import read_rows
from lintseq.errors import LintseqError
from lintseq.format import parse
from lintseq.program import EditSequence

_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Distribution:
    """How often each number occurred."""

    counts: Counter[int] = field(default_factory=Counter)

    def add(self, value: int) -> None:
        """Count a number."""
        self.counts[value] += 1

    @property
    def mean(self) -> float:
        """The mean; 0 if there is nothing."""
        return sum(value * count for value, count in self.counts.items()) / max(1, self.total)

    @property
    def total(self) -> int:
        """How many numbers were counted."""
        return self.counts.total()

    def share(self, value: int) -> float:
        """The share of one number; 0 if there is nothing."""
        return self.counts[value] / max(1, self.total)

    def quantile(self, share: float) -> int:
        """The smallest number that so large a share does not exceed; 0 if there is nothing."""
        left = share * self.total
        for value, count in sorted(self.counts.items()):
            left -= count
            if left <= 0:
                return value
        return 0


@dataclass(frozen=True, slots=True)
class Stats:
    """The distributions over a data set; memory holds one count for each number that occurs."""

    lines: Distribution = field(default_factory=Distribution)
    """Of a program."""
    edits: Distribution = field(default_factory=Distribution)
    """Of a program."""
    edit_lines: Distribution = field(default_factory=Distribution)
    """Inserted by an edit."""
    edit_hunks: Distribution = field(default_factory=Distribution)
    """Of an edit."""
    characters: Distribution = field(default_factory=Distribution)
    """Of a transcript."""
    words: Distribution = field(default_factory=Distribution)
    """Words and signs of a transcript: about what a tokenizer makes of it."""
    distinct: Counter[int] = field(default_factory=Counter)
    """How many programs have so many different sequences."""

    def named(self) -> Mapping[str, Distribution]:
        """Each with the name that it has in tables."""
        return {
            "lines per program": self.lines,
            "edits per program": self.edits,
            "lines per edit": self.edit_lines,
            "hunks per edit": self.edit_hunks,
            "characters per transcript": self.characters,
            "words per transcript": self.words,
        }

    def as_json(self) -> dict[str, Any]:
        """What `stats --json` writes."""
        return {
            "transcripts": self.edits.total,
            "edits": self.edit_lines.total,
            "single_line_edits": self.edit_lines.share(1),
            "distinct_sequences_per_program": dict(sorted(self.distinct.items())),
        } | {
            name.replace(" ", "_"): {
                "mean": each.mean,
                "quantiles": {str(share): each.quantile(share) for share in _QUANTILES},
            }
            for name, each in self.named().items()
        }


def measure(data: Path) -> Stats:
    """The distributions over the transcripts of a data set.

    Raises:
        LintseqError: it cannot be read, or its rows are no transcripts.
    """
    stats = Stats()
    record: object = None
    seen: set[EditSequence] = set()
    for row in read_rows(data):
        if not isinstance(row.get("transcript"), str):
            raise LintseqError(f"{data}: wanted rows with a transcript, got {', '.join(row)}")
        if row.get("record") != record:
            _count_distinct(stats, seen)
            record, seen = row.get("record"), set()
        edits = parse(row["transcript"]).edits
        seen.add(edits)
        _count(stats, row["transcript"], edits)
    _count_distinct(stats, seen)
    return stats


def _count(stats: Stats, transcript: str, edits: EditSequence) -> None:
    stats.lines.add(sum(edit.inserted for edit in edits.edits))
    stats.edits.add(len(edits.edits))
    for edit in edits.edits:
        stats.edit_lines.add(edit.inserted)
        stats.edit_hunks.add(len(edit.hunks))
    stats.characters.add(len(transcript))
    stats.words.add(len(_WORD.findall(transcript)))


def _count_distinct(stats: Stats, seen: set[EditSequence]) -> None:
    if seen:
        stats.distinct[len(seen)] += 1


def describe(stats: Stats) -> str:
    """The distributions as a table."""
    shares = [f"{share:.0%}" for share in _QUANTILES]
    table = Table("", "mean", *shares)
    for name, each in stats.named().items():
        cells = (f"{each.quantile(share):,}" for share in _QUANTILES)
        table.add_row(name, f"{each.mean:,.1f}", *cells)
    stream = io.StringIO()
    console = Console(file=stream, width=100)
    console.print(
        f"{stats.edits.total:,} transcripts, {stats.edit_lines.total:,} edits, "
        f"{stats.edit_lines.share(1):.1%} of them of a single line"
    )
    console.print(table)
    return stream.getvalue()


def plot(stats: Stats, path: Path) -> None:
    """Draw the distributions.

    Raises:
        LintseqError: the library for it is missing.
    """
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise LintseqError(
            f"a plot needs a library that is not installed ({error}): pip install matplotlib"
        ) from error
    figure = Figure(figsize=(10, 6), layout="constrained")
    for axes, (name, each) in zip(figure.subplots(2, 3).flat, stats.named().items(), strict=True):
        largest = max(each.quantile(0.99), 1)
        values = [value for value in each.counts if value <= largest]
        weights = [each.counts[value] for value in values]
        bins = min(largest + 1, 40)
        axes.hist(values, bins=bins, range=(0, largest + 1), weights=weights, color="#4b8bbe")
        axes.set_title(f"{name}: {each.mean:,.1f} on average", fontsize=9)
        axes.set_yticks([])
    figure.savefig(path, dpi=110)
