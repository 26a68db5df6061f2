"""A corpus as Markdown: what a person wants to know of it, in tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import numpy as np

from training.corpus.describe import FIGURES, Description
from training.corpus.plan import HELD_OUT
from training.corpus.report import CorpusReport, ShardReport

_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_LARGEST = 40


def markdown(description: Description) -> str:
    """Return all tables."""
    sections = (
        ("Whole", _whole(description)),
        ("Counts at each filter", _filters(description.report)),
        ("Licences", _licenses(description.report)),
        ("Kinds of sources", _kinds(description.report)),
        (f"The {_LARGEST} largest projects", _projects(description.report)),
        ("Held out", _held_out(description.report)),
        ("Distributions", _distributions(description)),
    )
    return "\n\n".join(f"### {title}\n\n{table}" for title, table in sections)


def projects_csv(report: CorpusReport) -> str:
    """Return one line for every project: where it is from, under which licence, what was kept."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("project", "kind", "version", "license", "held_out", "files", "kept", "bytes"))
    for name, shard in sorted(report.shards.items()):
        for entry in shard.projects:
            rows.writerow(
                (
                    *(entry.name, entry.kind, entry.version, entry.license or "not allowed"),
                    *(int(name == HELD_OUT), entry.files),
                    *(entry.kept.documents, entry.kept.size_bytes),
                )
            )
    return text.getvalue()


def _whole(description: Description) -> str:
    report = description.report
    shards = _training(report)
    kept = report.training
    files = kept.documents + sum(sum(shard.rejected.values()) for shard in shards)
    near = sum(shard.rejected.get("near duplicate", 0) for shard in shards)
    rows: list[tuple[str, object]] = [
        ("projects", sum(len(shard.projects) for shard in shards)),
        ("files", files),
        ("documents kept", kept.documents),
        ("megabytes kept", round(kept.size_bytes / 1e6, 1)),
        ("lines", int(description.column("lines").sum())),
        ("tokens", _tokens(description)),
        ("near duplicates, of those and the kept", _share(near, near + kept.documents)),
        ("documents that lost functions of evaluation sets", sum(s.cleaned for s in shards)),
        ("secrets and addresses replaced", sum(shard.scrubbed for shard in shards)),
        ("functions that say what they do", description.functions_found),
        ("of them distinct", description.distinct_functions),
        ("tests, of the documents", _share(description.tests, kept.documents)),
        ("seconds", round(sum(shard.seconds for shard in report.shards.values()))),
    ]
    return _table(("what", "how many"), rows)


def _filters(report: CorpusReport) -> str:
    kept = sum(shard.kept.documents for shard in report.shards.values())
    total = kept + sum(report.rejected.values())
    rows = [(reason, count, _share(count, total)) for reason, count in report.rejected.items()]
    rows += [("kept, held out included", kept, _share(kept, total))]
    return _table(("files left out because", "files", "of all"), rows)


def _licenses(report: CorpusReport) -> str:
    total = max(1, report.training.size_bytes)
    rows = [
        (name, each.documents, f"{each.size_bytes / 1e6:.1f}", _share(each.size_bytes, total))
        for name, each in report.licenses.items()
    ]
    return _table(("licence", "documents", "MB", "of all"), rows)


def _kinds(report: CorpusReport) -> str:
    totals: dict[str, list[float]] = {}
    for shard in _training(report):
        for entry in shard.projects:
            sums = totals.setdefault(entry.kind, [0, 0, 0, 0])
            added = (1, entry.files, entry.kept.documents, entry.kept.size_bytes / 1e6)
            totals[entry.kind] = [old + new for old, new in zip(sums, added, strict=True)]
    rows = [(kind, *(round(each, 1) for each in sums)) for kind, sums in totals.items()]
    return _table(("kind", "projects", "files", "kept", "MB"), rows)


def _projects(report: CorpusReport) -> str:
    entries = [entry for shard in _training(report) for entry in shard.projects]
    entries.sort(key=lambda entry: -entry.kept.size_bytes)
    rows = [
        (
            entry.name,
            entry.version[:12],
            entry.license,
            entry.files,
            entry.kept.documents,
            f"{entry.kept.size_bytes / 1e6:.1f}",
        )
        for entry in entries[:_LARGEST]
    ]
    return _table(("project", "version", "licence", "files", "kept", "MB"), rows)


def _held_out(report: CorpusReport) -> str:
    shard = report.shards.get(HELD_OUT, ShardReport())
    rows = [(each.name, each.version[:12], each.kept.documents) for each in shard.projects]
    return _table(("project", "version", "documents"), rows)


def _distributions(description: Description) -> str:
    if not len(description.figures):
        return "Nothing was kept."
    rows = []
    for name in FIGURES:
        values = description.column(name)
        quantiles = [float(each) for each in np.quantile(values, _QUANTILES)]
        rows.append((name, *(f"{each:g}" for each in quantiles), f"{values.mean():.3g}"))
    return _table(("figure", *(f"{each:.0%}" for each in _QUANTILES), "mean"), rows)


def _tokens(description: Description) -> str:
    if description.tokens is None:
        return "not counted"
    size = description.report.training.size_bytes
    if description.token_bytes == size:
        return f"{description.tokens:,}"
    estimate = description.tokens * size / max(1, description.token_bytes)
    share = _share(description.token_bytes, size)
    return f"{estimate / 1e6:,.1f} million, counted on {share} of the text"


def _training(report: CorpusReport) -> list[ShardReport]:
    return [shard for name, shard in report.shards.items() if name != HELD_OUT]


def _share(part: float, whole: float) -> str:
    return f"{100 * part / max(1, whole):.1f} %"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    cells = ([str(cell).replace("|", "\\|") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)
