"""`lines`: the rest of the line at random cursors of held-out code, as the server proposes it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np

from lintseq.infer.ask import Completion, Judgement, complete
from lintseq.infer.calibration import Calibration, confidence_of
from lintseq.infer.engine import Candidate, Engine
from lintseq.infer.propose import Proposal, propose_at_cursor
from lintseq.tasks import CursorTask, Window, cursor_task
from training.evaluate.asking import BUDGET_MS, timed
from training.evaluate.confidence import (
    Bin,
    Judged,
    Point,
    calibration_error,
    curve,
    reliability,
)
from training.evaluate.cursors import Cursor

# Of several candidates the most frequent reason is named.
_SUPPRESSED = re.compile(r"suppressed: |\d+ candidates suppressed, \d+ of them: ")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one cursor."""

    cursor: Cursor
    shown: str
    """What would be shown if asked for by a key; nothing if nothing passed."""
    reason: str = ""
    """Why nothing is shown."""
    is_unclean: bool = False
    """Whether the model finished the line, and that added a finding."""
    is_reachable: bool = False
    """Whether what stood there would have been shown, had the model written it."""
    logprobs: tuple[float, ...] = ()
    p_edit: float = 1.0
    ms: float = 0.0
    """From the text to the verified proposal."""

    @property
    def is_exact(self) -> bool:
        """Whether it is what stood there, but for space at the end of the line."""
        return bool(self.shown) and self.shown.rstrip() == self.cursor.written.rstrip()

    @property
    def similarity(self) -> float:
        """How alike the two are, from 0 to 1 (difflib's ratio)."""
        return SequenceMatcher(
            None, self.shown.strip(), self.cursor.written.strip(), autojunk=False
        ).ratio()

    def confidence(self, calibration: Calibration | None) -> float:
        """How sure the model is, from 0 to 1."""
        return confidence_of(calibration, self.logprobs, self.p_edit)


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
    clean: float
    """Of the lines that the model finished, those that add no finding."""
    p50_ms: float
    p90_ms: float
    calibration_error: float
    """Mean distance of confidence and share right."""
    silent: Mapping[str, int]
    """Why nothing was proposed, counted."""
    curve: Sequence[Point]
    reliability: Sequence[Bin]


def ask_lines(engine: Engine, cursors: Iterable[Cursor], lines: int = 1) -> Iterator[Outcome]:
    """The outcome at each cursor, whatever the confidence.

    Args:
        lines: how many lines a proposal may have; one of more lines than stood there is wrong.
    """
    for cursor in cursors:
        yield _ask(engine, cursor, lines)


def report_lines(outcomes: Sequence[Outcome], calibration: Calibration | None) -> LinesFigures:
    """The figures over all outcomes, with the confidence that the calibration gives."""
    count = len(outcomes)
    if not count:
        raise ValueError("need at least one outcome, got none")
    proposed = [outcome for outcome in outcomes if outcome.shown]
    judged = [Judged(outcome.confidence(calibration), outcome.is_exact) for outcome in proposed]
    finished = len(proposed) + sum(outcome.is_unclean for outcome in outcomes)
    bins = tuple(reliability(judged))
    p50_ms, p90_ms = np.percentile([outcome.ms for outcome in outcomes], [50, 90]).tolist()
    return LinesFigures(
        exact=sum(outcome.is_exact for outcome in outcomes) / count,
        similarity=sum(outcome.similarity for outcome in proposed) / count,
        proposed=len(proposed) / count,
        reachable=sum(outcome.is_reachable for outcome in outcomes) / count,
        clean=len(proposed) / finished if finished else 0.0,
        p50_ms=round(p50_ms, 1),
        p90_ms=round(p90_ms, 1),
        calibration_error=calibration_error(bins),
        silent=silent_reasons(outcome.reason for outcome in outcomes),
        curve=tuple(curve(judged, count)),
        reliability=bins,
    )


def silent_reasons(reasons: Iterable[str]) -> dict[str, int]:
    """The reasons without the names in them, counted, the most frequent first."""
    kinds = (_SUPPRESSED.sub("", reason) for reason in reasons if reason)
    return dict(Counter(re.split("[:'(]", kind)[0].strip() for kind in kinds).most_common())


def _ask(engine: Engine, cursor: Cursor, lines: int) -> Outcome:
    def ask(window: Window) -> Completion:
        task = cursor_task(cursor.text, cursor.line, cursor.character, None, window)
        return complete(engine, task, Judgement(0.0), lines=lines, budget_ms=BUDGET_MS)

    completion, ms = timed(ask)
    answer = completion.answer
    whole = cursor_task(cursor.text, cursor.line, cursor.character)
    return Outcome(
        cursor=cursor,
        shown=completion.proposals[0].shown if completion.proposals else "",
        reason=completion.silent,
        is_unclean=any(rejected.findings for rejected in completion.rejected),
        is_reachable=_is_reachable(whole, cursor.written),
        logprobs=answer.candidates[0].logprobs if answer else (),
        p_edit=answer.p_edit if answer and not whole.is_typing else 1.0,
        ms=ms,
    )


def _is_reachable(task: CursorTask, written: str) -> bool:
    candidate = Candidate((f"{written}\n",), (), "edit")
    return isinstance(propose_at_cursor(task, candidate, 1.0), Proposal)
