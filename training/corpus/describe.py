"""A corpus in figures: how long its documents are and how well written, counted by reading it."""

from __future__ import annotations

import heapq
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track

from lintseq.parent import end_with_parent
from training.corpus.document import Document, read_documents
from training.corpus.plan import HELD_OUT
from training.corpus.report import CorpusReport, read_report
from training.tokenizer import Tokenizer, load_tokenizer

FIGURES = ("lines", "characters", "documentation", "types", "comments", "findings", "described")
"""What is counted of each document, by name."""
_MOST_SAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Sample:
    """A document drawn by its hash: the same ones whatever else is in the corpus."""

    draw: str
    project: str
    path: str
    license: str
    lines: int
    is_test: bool


@dataclass(frozen=True, slots=True)
class Description:
    """Figures of the training documents of a corpus."""

    report: CorpusReport
    figures: npt.NDArray[np.float64]
    """[document, figure], the figures in the order of FIGURES."""
    tests: int
    """How many documents are tests."""
    tokens: int | None
    """Of all training documents; None without a tokenizer."""
    samples: tuple[Sample, ...]

    def column(self, name: str) -> npt.NDArray[np.float64]:
        """Return one figure of all documents: [document]."""
        return self.figures[:, FIGURES.index(name)]


def describe(corpus: Path, tokenizer: Path | None, jobs: int, samples: int) -> Description:
    """Return the figures of a corpus.

    Args:
        tokenizer: counts tokens too.
        samples: how many documents to draw.

    Raises:
        ValueError: There is no corpus.
    """
    report = read_report(corpus)
    shards = [(corpus / name, tokenizer) for name in sorted(report.shards) if name != HELD_OUT]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, end_with_parent) as pool:
        results = pool.map(_describe_shard, shards)
        parts = list(track(results, "describe", len(shards), console=Console(stderr=True)))
    drawn = heapq.nsmallest(
        samples, (each for part in parts for each in part.samples), key=lambda one: one.draw
    )
    return Description(
        report=report,
        figures=np.concatenate([np.empty((0, len(FIGURES))), *(part.figures for part in parts)]),
        tests=sum(part.tests for part in parts),
        tokens=sum(part.tokens for part in parts) if tokenizer else None,
        samples=tuple(drawn),
    )


def draw(description: Description, path: Path) -> None:
    """Draw the distributions of the figures into a PNG file."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 3, figsize=(10, 5), layout="constrained")
    for axis, name in zip(axes.flat, FIGURES, strict=False):
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
    figures: npt.NDArray[np.float64]
    tests: int
    tokens: int
    samples: list[Sample]


_tokenizers: dict[Path, Tokenizer] = {}


def _describe_shard(work: tuple[Path, Path | None]) -> _Part:
    shard, tokenizer = work
    rows: list[tuple[float, ...]] = []
    tests = tokens = 0
    samples: list[Sample] = []
    for document in read_documents(shard):
        rows.append(_figures(document))
        is_test = document.quality is not None and document.quality.is_test
        tests += is_test
        if tokenizer:
            tokens += _tokens(document.text, tokenizer)
        samples.append(
            Sample(
                document.sha256,
                document.package,
                document.path,
                document.license,
                document.text.count("\n"),
                is_test,
            )
        )
        if len(samples) > 2 * _MOST_SAMPLES:
            samples = heapq.nsmallest(_MOST_SAMPLES, samples, key=lambda one: one.draw)
    figures = np.array(rows, dtype=np.float64).reshape(-1, len(FIGURES))
    return _Part(figures, tests, tokens, samples)


def _tokens(text: str, tokenizer: Path) -> int:
    if tokenizer not in _tokenizers:
        _tokenizers[tokenizer] = load_tokenizer(tokenizer)
    return len(_tokenizers[tokenizer].encode_text(text))


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
