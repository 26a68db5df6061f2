"""`quiet`: empty lines opened in complete held-out files, where nothing should be proposed.

What somebody might well write there is counted as wrong too: the figure compares models and
thresholds, and is not the share of proposals that disturb. Always silent is no achievement: the
same threshold is measured where something is missing.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lintseq.infer.calibration import Calibration
from training.corpus.document import Document
from training.evaluate.bootstrap import Interval, Part, interval
from training.evaluate.candidates import CandidateFigures, report_candidates
from training.evaluate.confidence import THRESHOLDS
from training.evaluate.cursors import Cursor
from training.evaluate.lines import Outcome
from training.evaluate.reasons import silent_reasons
from training.evaluate.statements import statement_lines


@dataclass(frozen=True, slots=True)
class Missing:
    """What is shown at places where something is missing, from one confidence on."""

    shown: float
    """Coverage: the share of the places at which something is shown."""
    precision: float
    """The share of what is shown that is what stood there; 0 if nothing is shown."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """What one confidence, from which on something is shown, is worth. Shares of the places."""

    threshold: float
    silent: float
    """Where nothing is missing, and nothing is shown."""
    line_shown: float
    """Where a whole line is missing, and something is shown."""
    line_precision: float
    """Of that, what is right."""
    rest_shown: float
    """Where the rest of a line is missing, and something is shown."""
    rest_precision: float


@dataclass(frozen=True, slots=True)
class QuietFigures:
    """Shares of the places, between 0 and 1, at the threshold of the run."""

    threshold: float
    silent: float
    """Where nothing is missing, nothing is shown."""
    p_edit: float
    """The mean probability that something is missing, by the model's own choice."""
    line_p_edit: float
    """The same where a whole line is missing."""
    p50_ms: float
    p90_ms: float
    intervals: Mapping[str, Interval]
    line: Missing
    """Where a whole line is missing."""
    rest: Missing
    """Where the rest of a line is missing: the random cursors of `lines`."""
    candidates: CandidateFigures
    """Where nothing is missing."""
    reasons: Mapping[str, int]
    """Why nothing is proposed there at any confidence, counted."""
    curve: Sequence[Quiet]


@dataclass(frozen=True, slots=True)
class Asked:
    """The outcomes at three kinds of places."""

    complete: Sequence[Outcome]
    """Nothing is missing."""
    line: Sequence[Outcome]
    """A whole line is."""
    rest: Sequence[Outcome]
    """The rest of a line is."""


def quiet_places(documents: Iterable[Document], count: int, seed: int) -> list[Cursor]:
    """`count` empty lines in front of random statements, indented like them, in random order."""
    return [_opened(*spot) for spot in _some_statements(documents, count, seed)]


def line_places(documents: Iterable[Document], count: int, seed: int) -> list[Cursor]:
    """The same lines when the first line of the statement is missing, and nothing else."""
    return [_taken_out(*spot) for spot in _some_statements(documents, count, seed)]


def report_quiet(asked: Asked, calibration: Calibration | None, threshold: float) -> QuietFigures:
    """The figures over the outcomes at all places."""
    if not asked.complete:
        raise ValueError("need at least one outcome, got none")
    points = {at: _point(asked, calibration, at) for at in sorted({*THRESHOLDS, threshold})}
    here = points[threshold]
    p50_ms, p90_ms = np.percentile([one.ms for one in asked.complete], [50, 90]).tolist()
    return QuietFigures(
        threshold=threshold,
        silent=here.silent,
        p_edit=_mean([one.p_edit for one in asked.complete]),
        line_p_edit=_mean([one.p_edit for one in asked.line]),
        p50_ms=round(p50_ms, 1),
        p90_ms=round(p90_ms, 1),
        intervals=_intervals(asked, calibration, threshold),
        line=Missing(here.line_shown, here.line_precision),
        rest=Missing(here.rest_shown, here.rest_precision),
        candidates=report_candidates(one.candidates for one in asked.complete),
        reasons=silent_reasons(one.reason for one in asked.complete),
        curve=tuple(points.values()),
    )


def _point(asked: Asked, calibration: Calibration | None, threshold: float) -> Quiet:
    def shown(outcomes: Sequence[Outcome]) -> list[Outcome]:
        return [one for one in outcomes if _is_shown(one, calibration, threshold)]

    disturbed, line, rest = map(shown, (asked.complete, asked.line, asked.rest))
    return Quiet(
        threshold=threshold,
        silent=1 - len(disturbed) / len(asked.complete),
        line_shown=len(line) / max(len(asked.line), 1),
        line_precision=_mean([one.is_exact for one in line]),
        rest_shown=len(rest) / max(len(asked.rest), 1),
        rest_precision=_mean([one.is_exact for one in rest]),
    )


def _intervals(
    asked: Asked, calibration: Calibration | None, threshold: float
) -> dict[str, Interval]:
    def shown(outcomes: Sequence[Outcome]) -> list[tuple[Outcome, bool]]:
        return [(one, _is_shown(one, calibration, threshold)) for one in outcomes]

    silent = [Part(one.cursor.document, not is_shown) for one, is_shown in shown(asked.complete)]
    found = {"silent": interval(silent)}
    for name, outcomes in (("line", asked.line), ("rest", asked.rest)):
        judged = shown(outcomes)
        coverage = [Part(one.cursor.document, is_shown) for one, is_shown in judged]
        right = [Part(one.cursor.document, one.is_exact) for one, is_shown in judged if is_shown]
        found |= {f"{name}_shown": interval(coverage), f"{name}_precision": interval(right)}
    return found


def _is_shown(outcome: Outcome, calibration: Calibration | None, threshold: float) -> bool:
    return bool(outcome.shown) and outcome.confidence(calibration) >= threshold


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(len(values), 1)


def _some_statements(
    documents: Iterable[Document], count: int, seed: int
) -> list[tuple[Document, int]]:
    spots = [(document, line) for document in documents for line in _statements(document, seed)]
    random.Random(seed).shuffle(spots)
    return spots[:count]


def _statements(document: Document, seed: int) -> Iterator[int]:
    rng = random.Random(f"{seed}:{document.sha256}")
    starts = statement_lines(document.text)
    yield from rng.sample(starts, min(len(starts), document.text.count("\n") // 10))


def _opened(document: Document, line: int) -> Cursor:
    lines = document.text.split("\n")
    indent = _indentation(lines[line])
    text = "\n".join([*lines[:line], indent, *lines[line:]])
    return Cursor(document.sha256, text, line, len(indent), "")


def _taken_out(document: Document, line: int) -> Cursor:
    lines = document.text.split("\n")
    indent = _indentation(lines[line])
    text = "\n".join([*lines[:line], indent, *lines[line + 1 :]])
    return Cursor(document.sha256, text, line, len(indent), lines[line].lstrip())


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
