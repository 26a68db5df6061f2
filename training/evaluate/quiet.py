"""`quiet`: empty lines opened in complete held-out files, where nothing should be proposed.

What somebody might well write there is counted as wrong too: the figure compares models and
thresholds, and is not the share of proposals that disturb.
"""

import ast
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lintseq.infer.calibration import Calibration
from lintseq.program import Lines, split_lines
from lintseq.syntax import counts_lines_alike, parse_module
from training.corpus.document import Document
from training.evaluate.confidence import THRESHOLDS
from training.evaluate.cursors import Cursor
from training.evaluate.lines import Outcome, silent_reasons


@dataclass(frozen=True, slots=True)
class Quiet:
    """The share of places at which nothing is shown, from one confidence on."""

    threshold: float
    silent: float


@dataclass(frozen=True, slots=True)
class QuietFigures:
    """Shares of the places, between 0 and 1."""

    silent: float
    """Nothing is shown at the threshold of the run."""
    threshold: float
    p50_ms: float
    p90_ms: float
    p_edit: float
    """The mean probability that something is missing, by the model's own choice."""
    reasons: Mapping[str, int]
    """Why nothing is proposed at any confidence, counted."""
    curve: Sequence[Quiet]


def quiet_places(documents: Iterable[Document], count: int, seed: int) -> list[Cursor]:
    """`count` empty lines in front of random statements, indented like them, in random order."""
    spots = [
        (document, line)
        for document in documents
        if counts_lines_alike(document.text)
        for line in _some_statements(document, seed)
    ]
    random.Random(seed).shuffle(spots)
    return [_opened(document, line) for document, line in spots[:count]]


def report_quiet(
    outcomes: Sequence[Outcome], calibration: Calibration | None, threshold: float
) -> QuietFigures:
    """The figures over the outcomes at places where nothing is missing."""
    if not outcomes:
        raise ValueError("need at least one outcome, got none")
    sure = [outcome.confidence(calibration) for outcome in outcomes if outcome.shown]
    p50_ms, p90_ms = np.percentile([outcome.ms for outcome in outcomes], [50, 90]).tolist()
    return QuietFigures(
        silent=_silent(sure, len(outcomes), threshold),
        threshold=threshold,
        p50_ms=round(p50_ms, 1),
        p90_ms=round(p90_ms, 1),
        p_edit=sum(outcome.p_edit for outcome in outcomes) / len(outcomes),
        reasons=silent_reasons(outcome.reason for outcome in outcomes),
        curve=tuple(
            Quiet(at, _silent(sure, len(outcomes), at)) for at in sorted({*THRESHOLDS, threshold})
        ),
    )


def _silent(sure: Sequence[float], places: int, threshold: float) -> float:
    return 1 - sum(confidence >= threshold for confidence in sure) / places


def _some_statements(document: Document, seed: int) -> list[int]:
    rng = random.Random(f"{seed}:{document.sha256}")
    lines = split_lines(document.text)
    starts = sorted(set(_statement_lines(document.text, lines)))
    return rng.sample(starts, min(len(starts), len(lines) // 10))


def _statement_lines(text: str, lines: Lines) -> Iterator[int]:
    """The lines, from 0, that begin a statement, or the first of its decorators."""
    tree = parse_module(text)
    for node in ast.walk(tree) if tree else ():
        if not isinstance(node, ast.stmt):
            continue
        decorators = getattr(node, "decorator_list", [])
        line = min(each.lineno for each in (node, *decorators)) - 1
        # An `elif` is a statement of its own to the parser, and so is what follows a semicolon.
        begins = lines[line].encode()[: node.col_offset].strip() == b""
        if begins and not lines[line].lstrip().startswith("elif"):
            yield line


def _opened(document: Document, line: int) -> Cursor:
    lines = document.text.split("\n")
    indent = lines[line][: len(lines[line]) - len(lines[line].lstrip())]
    text = "\n".join([*lines[:line], indent, *lines[line:]])
    return Cursor(document.sha256, text, line, len(indent), "")
