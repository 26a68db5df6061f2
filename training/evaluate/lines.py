"""`lines`: the rest of the line at random cursors of held-out code, as the server proposes it.

And of the next lines: where these are missing too, and a proposal may have as many.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from rapidfuzz import fuzz

from lintseq.infer.ask import Extent, Judgement
from lintseq.infer.calibration import Calibration, confidence_of
from lintseq.infer.engine import Candidate, Engine
from lintseq.infer.ghost import write_ghost
from lintseq.infer.propose import Proposal, propose_at_cursor
from lintseq.tasks import CursorTask, cursor_task
from training.evaluate.asking import BUDGET_MS, timed
from training.evaluate.bootstrap import Interval, Part, interval
from training.evaluate.candidates import (
    NO_CANDIDATES,
    CandidateFigures,
    Candidates,
    candidates_of,
    report_candidates,
)
from training.evaluate.confidence import (
    Bin,
    Judged,
    Point,
    calibration_error,
    curve,
    reliability,
)
from training.evaluate.cursors import Cursor
from training.evaluate.reasons import silent_reasons
from training.evaluate.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one cursor."""

    cursor: Cursor
    shown: str
    """What would be shown if asked for by a key; nothing if nothing passed."""
    reason: str = ""
    """Why nothing is shown."""
    is_reachable: bool = False
    """Whether what stood there would have been shown, had the model written it."""
    logprobs: tuple[float, ...] = ()
    p_edit: float = 1.0
    ms: float = 0.0
    """From the text to the verified proposal."""
    candidates: Candidates = NO_CANDIDATES

    @property
    def is_exact(self) -> bool:
        """Whether it is what stood there, but for space at the end of the lines."""
        return bool(self.shown) and _stripped(self.shown) == _stripped(self.cursor.written)

    @property
    def similarity(self) -> float:
        """How alike the two are, from 0 to 1; 0 where nothing is shown.

        Source: CodeXGLUE's `fuzz.ratio` (Lu et al. 2021): 1 - distance / (both lengths), where
        the distance counts inserted and deleted characters.
        """
        if not self.shown:
            return 0.0
        return fuzz.ratio(self.shown.strip(), self.cursor.written.strip()) / 100

    def confidence(self, calibration: Calibration | None) -> float:
        """How sure the model is, from 0 to 1."""
        return confidence_of(calibration, self.logprobs, self.p_edit)


@dataclass(frozen=True, slots=True)
class NextLinesFigures:
    """Where the rest of a line is missing and so are some lines below. Shares of the cursors."""

    cursors: int
    lines: int
    """How many are missing, with the begun one; a proposal has at most as many."""
    exact: float
    """What is shown is all that stood there."""
    similarity: float
    """Mean likeness of the two; 0 where nothing is shown."""
    first_exact: float
    """The first line of what is shown is what stood there."""
    proposed: float
    proposed_lines: float
    """Lines that a proposal has, on average."""
    candidates: CandidateFigures


@dataclass(frozen=True, slots=True)
class LinesFigures:
    """Shares lie between 0 and 1; without another word they are shares of the cursors."""

    exact: float
    """What is shown is what stood there."""
    similarity: float
    """Mean likeness of the two; 0 where nothing is shown."""
    proposed: float
    """Something clean was proposed, at whatever confidence."""
    reachable: float
    """What stood there would have passed: the most that `exact` can be."""
    p50_ms: float
    p90_ms: float
    calibration_error: float
    """Mean distance of confidence and share right."""
    intervals: Mapping[str, Interval]
    candidates: CandidateFigures
    silent: Mapping[str, int]
    """Why nothing was proposed, counted."""
    curve: Sequence[Point]
    reliability: Sequence[Bin]
    next_lines: NextLinesFigures | None = None


def ask_lines(
    engine: Engine, cursors: Iterable[Cursor], around: Surroundings, lines: int = 1
) -> Iterator[Outcome]:
    """The outcome at each cursor, whatever the confidence.

    Args:
        engine: holds the model.
        cursors: where it is asked.
        around: what stands beside the documents that the cursors are in.
        lines: how many lines a proposal may have; one of more lines than stood there is wrong.
    """
    for cursor in cursors:
        yield _ask(engine, cursor, around.judgement_in(cursor.document), lines)


def report_lines(
    outcomes: Sequence[Outcome],
    calibration: Calibration | None,
    next_lines: NextLinesFigures | None = None,
) -> LinesFigures:
    """The figures over all outcomes, with the confidence that the calibration gives."""
    count = len(outcomes)
    if not count:
        raise ValueError("need at least one outcome, got none")
    proposed = [outcome for outcome in outcomes if outcome.shown]
    judged = [Judged(outcome.confidence(calibration), outcome.is_exact) for outcome in proposed]
    bins = tuple(reliability(judged))
    p50_ms, p90_ms = np.percentile([outcome.ms for outcome in outcomes], [50, 90]).tolist()
    return LinesFigures(
        exact=sum(outcome.is_exact for outcome in outcomes) / count,
        similarity=sum(outcome.similarity for outcome in outcomes) / count,
        proposed=len(proposed) / count,
        reachable=sum(outcome.is_reachable for outcome in outcomes) / count,
        p50_ms=round(p50_ms, 1),
        p90_ms=round(p90_ms, 1),
        calibration_error=calibration_error(bins),
        intervals={
            "exact": interval(Part(one.cursor.document, one.is_exact) for one in outcomes),
            "similarity": interval(Part(one.cursor.document, one.similarity) for one in outcomes),
        },
        candidates=report_candidates(outcome.candidates for outcome in outcomes),
        silent=silent_reasons(outcome.reason for outcome in outcomes),
        curve=tuple(curve(judged, count)),
        reliability=bins,
        next_lines=next_lines,
    )


def report_next_lines(outcomes: Sequence[Outcome], lines: int) -> NextLinesFigures | None:
    """The figures at cursors behind which `lines` lines were missing; None without cursors."""
    count = len(outcomes)
    if not count:
        return None
    shown = [outcome.shown for outcome in outcomes if outcome.shown]
    return NextLinesFigures(
        cursors=count,
        lines=lines,
        exact=sum(outcome.is_exact for outcome in outcomes) / count,
        similarity=sum(outcome.similarity for outcome in outcomes) / count,
        first_exact=sum(map(_begins_right, outcomes)) / count,
        proposed=len(shown) / count,
        proposed_lines=sum(len(text.split("\n")) for text in shown) / max(len(shown), 1),
        candidates=report_candidates(outcome.candidates for outcome in outcomes),
    )


def _ask(engine: Engine, cursor: Cursor, judgement: Judgement, lines: int) -> Outcome:
    task = cursor_task(cursor.text, cursor.line, cursor.character)
    ask = partial(write_ghost, engine, task, judgement, extent=Extent(lines, budget_ms=BUDGET_MS))
    (completion, _), ms = timed(ask)
    answer, best = completion.answer, next(iter(completion.proposals), None)
    return Outcome(
        cursor=cursor,
        shown=best.shown if best else "",
        reason=completion.silent,
        is_reachable=_is_reachable(task, cursor.written),
        logprobs=best.logprobs if best else (),
        p_edit=answer.p_edit if answer and not task.is_typing else 1.0,
        ms=ms,
        candidates=candidates_of(completion),
    )


def _is_reachable(task: CursorTask, written: str) -> bool:
    candidate = Candidate((f"{written}\n",), (), "edit")
    return isinstance(propose_at_cursor(task, candidate, 1.0), Proposal)


def _begins_right(outcome: Outcome) -> bool:
    first, wanted = (
        text.split("\n")[0].rstrip() for text in (outcome.shown, outcome.cursor.written)
    )
    return bool(outcome.shown) and first == wanted


def _stripped(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.rstrip().split("\n"))
