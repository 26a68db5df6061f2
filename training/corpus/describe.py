"""A corpus in figures: how long its documents are and how well written, counted by reading it."""

from __future__ import annotations

import heapq
import multiprocessing
from array import array
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track

from lintseq.described import described_functions
from lintseq.parent import end_with_parent
from lintseq.program import split_lines
from training.corpus.document import Document, read_documents
from training.corpus.excerpts import (
    DOCUMENT,
    FUNCTION,
    Drawn,
    Excerpt,
    document_excerpt,
    function_excerpt,
)
from training.corpus.functions import function_key
from training.corpus.plan import HELD_OUT
from training.corpus.report import CorpusReport, read_report
from training.tokenizer import loaded_tokenizer

FIGURES = ("lines", "characters", "documentation", "types", "comments", "findings", "described")
"""What is counted of each document, by name."""
_NO_KEYS = np.empty(0, dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class DescribeConfig:
    """What is counted, and how much of it."""

    corpus: Path
    tokenizer: Path | None = None
    """Counts tokens too."""
    token_share: float = 1.0
    """Share of the documents whose tokens are counted, drawn by their hash."""
    samples: int = 0
    """How many documents, and how many functions, are drawn."""
    jobs: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be done."""
        if not 0 < self.token_share <= 1 or self.jobs < 1 or self.samples < 0:
            raise ValueError(
                "need 0 < token_share <= 1, jobs >= 1 and samples >= 0, got"
                f" {self.token_share}, {self.jobs} and {self.samples}"
            )


@dataclass(frozen=True, slots=True)
class Description:
    """Figures of the training documents of a corpus."""

    report: CorpusReport
    figures: npt.NDArray[np.float64]
    """[document, figure], the figures in the order of FIGURES."""
    tests: int
    """How many documents are tests."""
    tokens: int | None
    """Of the training documents whose tokens were counted; None without a tokenizer."""
    token_bytes: int
    """The size of these documents."""
    functions_found: int
    """How many functions say what they do."""
    distinct_functions: int
    """The same, equal ones counted once."""
    documents: tuple[Excerpt, ...]
    """Excerpts of documents that were drawn."""
    functions: tuple[Excerpt, ...]
    """Excerpts of functions that were drawn."""

    def column(self, name: str) -> npt.NDArray[np.float64]:
        """Return one figure of all documents: [document]."""
        return self.figures[:, FIGURES.index(name)]


def describe(config: DescribeConfig) -> Description:
    """Return the figures of a corpus.

    Raises:
        ValueError: There is no corpus.
    """
    report = read_report(config.corpus)
    shards = [name for name in sorted(report.shards) if name != HELD_OUT]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(config.jobs, context, end_with_parent) as pool:
        results = pool.map(partial(_describe_shard, config), shards)
        parts = list(track(results, "describe", len(shards), console=Console(stderr=True)))
    return Description(
        report=report,
        figures=np.concatenate([np.empty((0, len(FIGURES))), *(part.figures for part in parts)]),
        tests=sum(part.tests for part in parts),
        tokens=sum(part.tokens for part in parts) if config.tokenizer else None,
        token_bytes=sum(part.token_bytes for part in parts),
        functions_found=sum(len(part.keys) for part in parts),
        distinct_functions=len(np.unique(np.concatenate([_NO_KEYS, *(p.keys for p in parts)]))),
        documents=_first(config.samples, (each for part in parts for each in part.documents)),
        functions=_first(config.samples, (each for part in parts for each in part.functions)),
    )


def draw(description: Description, path: Path) -> None:
    """Draw the distributions of the figures into a PNG file."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 4, figsize=(12, 5), layout="constrained")
    axes.flat[-1].axis("off")
    for axis, name in zip(axes.flat[:-1], FIGURES, strict=True):
        values = description.column(name)
        if name in ("lines", "characters"):
            edges = np.geomspace(max(1, values.min(initial=1)), max(2, values.max(initial=2)), 40)
            axis.set_xscale("log")
        else:
            edges = np.linspace(0, max(0.01, float(np.quantile(values, 0.99))), 40)
        axis.hist(np.clip(values, edges[0], edges[-1]), bins=list(edges), color="#4477aa")
        axis.set_title(name)
        axis.set_yscale("linear" if name in ("lines", "characters") else "log")
    figure.supylabel("documents")
    part = path.with_name(path.name + ".part")
    figure.savefig(part, dpi=80, format="png")
    plt.close(figure)
    part.replace(path)


@dataclass(frozen=True, slots=True)
class _Part:
    """The figures of one shard."""

    figures: npt.NDArray[np.float64]
    tests: int
    tokens: int
    token_bytes: int
    keys: npt.NDArray[np.uint64]
    documents: list[Excerpt]
    functions: list[Excerpt]


def _first(count: int, excerpts: Iterable[Excerpt]) -> tuple[Excerpt, ...]:
    return tuple(heapq.nsmallest(count, excerpts, key=lambda excerpt: excerpt.draw))


def _describe_shard(config: DescribeConfig, name: str) -> _Part:
    rows: list[tuple[float, ...]] = []
    keys = array("Q")
    tests = tokens = token_bytes = 0
    drawn, described = Drawn(config.samples, DOCUMENT), Drawn(config.samples, FUNCTION)
    for document in read_documents(config.corpus / name):
        rows.append(_figures(document))
        drawn.offer(document)
        if document.quality is not None:
            tests += document.quality.is_test
            if document.quality.described:
                described.offer(document)
                lines = split_lines(document.text)
                keys.extend(function_key(each, lines) for each in described_functions(lines))
        if config.tokenizer and int(document.sha256[:8], 16) < config.token_share * (1 << 32):
            tokens += len(loaded_tokenizer(config.tokenizer).encode_text(document.text))
            token_bytes += len(document.text.encode())
    return _Part(
        figures=np.array(rows, dtype=np.float64).reshape(-1, len(FIGURES)),
        tests=tests,
        tokens=tokens,
        token_bytes=token_bytes,
        keys=np.frombuffer(keys, dtype=np.uint64) if keys else _NO_KEYS,
        documents=[document_excerpt(each) for each in drawn.taken()],
        functions=[one for each in described.taken() if (one := function_excerpt(each))],
    )


def _figures(document: Document) -> tuple[float, ...]:
    sizes = (document.text.count("\n"), len(document.text))
    quality = document.quality
    if quality is None:
        return (*sizes, *[0.0] * (len(FIGURES) - len(sizes)))
    return (
        *sizes,
        quality.documentation,
        quality.types,
        quality.comments,
        quality.findings,
        quality.described,
    )
