"""`lines`: the rest of the line at random cursors of held-out code, as the server proposes it."""

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from lintseq.infer.ask import Completion, Judgement, complete
from lintseq.infer.calibration import Calibration, confidence_of
from lintseq.infer.engine import Engine
from lintseq.tasks import cursor_task
from training.evaluate.cursors import Cursor


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one cursor."""

    cursor: Cursor
    shown: str
    """What would be shown if asked for by a key; nothing if nothing passed."""
    reason: str
    logprobs: tuple[float, ...] = ()
    p_edit: float = 1.0
    ms: float = 0.0
    tokens: int = 0

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


@dataclass(frozen=True, slots=True)
class LinesReport:
    """The figures of a run; shares between 0 and 1."""

    cursors: int
    exact: float
    similarity: float
    proposed: float
    """The share of cursors at which a clean proposal was made at all."""
    silent: Mapping[str, int]
    """Why not, counted."""
    median_ms: float
    curve: Sequence["Point"] = field(default=())


@dataclass(frozen=True, slots=True)
class Point:
    """What is shown, and how much of it is right, above one confidence."""

    threshold: float
    shown: float
    precision: float


def ask_lines(engine: Engine, cursors: Iterable[Cursor]) -> Iterator[Outcome]:
    """The outcome at each cursor, whatever the confidence."""
    for cursor in cursors:
        task = cursor_task(cursor.text, cursor.line, cursor.character)
        completion = complete(engine, task, Judgement(0.0))
        yield _outcome(cursor, completion, is_typing=bool(task.prefix.strip()))


def report_lines(outcomes: Sequence[Outcome], calibration: Calibration | None) -> LinesReport:
    """The figures over all outcomes."""
    count = len(outcomes)
    return LinesReport(
        cursors=count,
        exact=sum(outcome.is_exact for outcome in outcomes) / count,
        similarity=statistics.fmean(outcome.similarity for outcome in outcomes),
        proposed=sum(bool(outcome.shown) for outcome in outcomes) / count,
        silent=dict(Counter(_kind(o.reason) for o in outcomes if o.reason).most_common()),
        median_ms=statistics.median(outcome.ms for outcome in outcomes),
        curve=tuple(_curve(outcomes, calibration)),
    )


def _curve(outcomes: Sequence[Outcome], calibration: Calibration | None) -> Iterator[Point]:
    sure = [
        (confidence_of(calibration, outcome.logprobs, outcome.p_edit), outcome.is_exact)
        for outcome in outcomes
        if outcome.shown
    ]
    for threshold in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        above = [is_exact for confidence, is_exact in sure if confidence >= threshold]
        if above:
            yield Point(threshold, len(above) / len(outcomes), sum(above) / len(above))


def _outcome(cursor: Cursor, completion: Completion, *, is_typing: bool) -> Outcome:
    shown = completion.proposals[0].shown if completion.proposals else ""
    answer = completion.answer
    if answer is None:
        return Outcome(cursor, shown, completion.silent)
    return Outcome(
        cursor,
        shown,
        completion.silent,
        answer.candidates[0].logprobs,
        1.0 if is_typing else answer.p_edit,
        answer.elapsed_ms,
        len(answer.candidates[0].logprobs),
    )


def _kind(reason: str) -> str:
    """The reason without the names in it."""
    return reason.removeprefix("suppressed: ").split(":")[0].split("'")[0].strip()
