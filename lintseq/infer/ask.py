"""From a task to verified proposals: what the server, the demo and the evaluation all call."""

import ast
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lintseq.format import HEADER
from lintseq.imports.known import Surroundings
from lintseq.infer.calibration import Calibration
from lintseq.infer.engine import Engine
from lintseq.infer.locality import Locality, Nearby, nearby
from lintseq.infer.propose import (
    NOTHING_MISSING,
    Proposal,
    Rejected,
    propose_at_cursor,
    propose_edits,
)
from lintseq.infer.request import Answer, Candidate, Request
from lintseq.syntax import parse_module
from lintseq.tasks import WINDOW, CursorTask, EditTask, Window

MISSING_ABOVE = 0.5
"""The probability that something is missing, below which nothing is proposed unasked."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """How sure is sure enough, and what sureness is computed from."""

    threshold: float = 0.5
    """Proposals of a lower confidence are kept back."""
    calibration: Calibration | None = None
    where: Surroundings | None = None
    """From where an import may be known that comes with a proposal. None brings none along."""
    others: tuple[str, ...] = ()
    """Other files, the nearest first, whose text the proposal may repeat."""
    locality: Locality | None = None
    """How far what stands in the file and in the others is trusted to come again; None: not."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try for an edit sequence."""

    samples: int = 8
    """Candidates to draw, the first one greedy."""
    steps: int | None = None
    """Keep at most so many edits of each candidate; None keeps them all."""
    tokens: int = 256
    """The length of a candidate, at most."""
    budget_ms: int = 10_000
    """Wall-clock time; what is whole by then is judged."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is written at a cursor."""

    lines: int = 1
    """At most."""
    samples: int = 1
    """Candidates, the first one greedy: with more there are alternatives."""
    window: Window = WINDOW
    """How much of the file the model sees, where the task's own window is too large for it."""
    budget_ms: int = 2000
    """Wall-clock time."""


_ONE_LINE = Extent()
# Candidates drawn where the greedy one may not be shown.
_OTHERS = 3
# A likelihood of 0.25 %: no calibration makes a confidence of it that is shown at any eagerness.
_HOPELESS = -6.0


@dataclass(frozen=True, slots=True)
class Completion:
    """What came of a task. Either there are proposals, best first, or a reason why not."""

    proposals: tuple[Proposal, ...] = ()
    silent: str = ""
    rejected: tuple[Rejected, ...] = ()
    answer: Answer | None = None


def complete(
    engine: Engine,
    task: CursorTask,
    judgement: Judgement,
    cancel: threading.Event | None = None,
    extent: Extent = _ONE_LINE,
) -> Completion:
    """The continuation at a cursor: one greedy candidate, verified, if the model is sure.

    Where the verdict is against it, others are drawn and verified, and the likeliest is taken. With
    more samples there are alternatives, drawn in one batch, the likeliest first.

    Raises:
        EngineError: the model is gone.
        PromptTooLong: the window takes more tokens than the model has; ask with a smaller one.
    """
    if reason := unwanted(task):
        return Completion(silent=reason)
    request = Request(
        prompt=task.prompt(),
        forced=task.forced(),
        stop="line",
        lines=1 if task.suffix.strip() else extent.lines,
        line_number=task.line_number(),
        budget_ms=extent.budget_ms,
        samples=extent.samples,
        # What is only verified was asked for by a key: that is finished however unlikely.
        gives_up_below=_HOPELESS if judgement.threshold else None,
        nearby=_nearby(task, judgement),
    )
    answer = engine.generate(request, cancel)
    candidate = answer.candidates[0]
    if candidate.ended in ("cancelled", "time"):
        return Completion(silent="cancelled" if candidate.ended == "cancelled" else "out of time")
    if candidate.ended == "unsure":
        return Completion(silent="not sure enough to finish the line", answer=answer)
    if not task.is_typing and answer.p_edit < MISSING_ABOVE:
        return Completion(silent="nothing seems to be missing here", answer=answer)
    p_edit = 1.0 if task.is_typing else answer.p_edit
    candidates = answer.candidates
    outcomes = _outcomes(task, candidates, p_edit, judgement)
    if extent.samples == 1 and _is_worth_another_try(outcomes):
        candidates = engine.generate(for_others(request), cancel).candidates
        outcomes += _outcomes(task, candidates, p_edit, judgement)
    completion = _judged(outcomes, judgement, answer)
    # The greedy one, which also appears by itself, stays in front of its alternatives.
    greedy = [each for each in completion.proposals if each in outcomes[:1]]
    others = [each for each in completion.proposals if each not in greedy]
    return replace(completion, proposals=(*greedy, *others))


def for_others(request: Request) -> Request:
    """The request for others where the greedy candidate may not be shown.

    What is cached of the prompt makes it cheap.
    """
    return replace(request, samples=_OTHERS, is_greedy_first=False, first_sample=1)


def edit(
    engine: Engine,
    task: EditTask,
    judgement: Judgement,
    effort: Effort,
    cancel: threading.Event | None = None,
) -> Completion:
    """Verified edit sequences for a task somebody asked for; duplicates merged, likeliest first.

    The judgement's threshold does not count: the user asked, and decides by the preview.

    Raises:
        EngineError: the model is gone.
        PromptTooLong: the window takes more tokens than the model has; ask with a smaller one.
    """
    request = Request(
        prompt=task.prompt(),
        forced=task.forced,
        stop="line" if HEADER.match(task.forced) else "edits",
        samples=effort.samples,
        seed=effort.seed,
        max_tokens=effort.tokens,
        budget_ms=effort.budget_ms,
    )
    answer = engine.generate(request, cancel)
    if any(candidate.ended == "cancelled" for candidate in answer.candidates):
        return Completion(silent="cancelled", answer=answer)
    outcomes = [
        propose_edits(
            task,
            candidate,
            1.0,
            judgement.calibration,
            steps=effort.steps,
            where=judgement.where,
        )
        for candidate in answer.candidates
    ]
    return _judged(outcomes, replace(judgement, threshold=0.0), answer)


def unwanted(task: CursorTask) -> str:
    """Why nothing should be asked at this cursor; nothing if it may."""
    if task.suffix[:1].isalnum() or task.suffix[:1] == "_":
        return "the cursor stands in the middle of a word"
    return ""


def _outcomes(
    task: CursorTask, candidates: Sequence[Candidate], p_edit: float, judgement: Judgement
) -> list[Proposal | Rejected]:
    return [
        propose_at_cursor(task, each, p_edit, judgement.calibration, judgement.where)
        for each in candidates
        if each.ended not in ("cancelled", "time")
    ]


def _is_worth_another_try(outcomes: Sequence[Proposal | Rejected]) -> bool:
    """Whether what the model wrote may not be shown, so that another text may be the right one."""
    return all(isinstance(one, Rejected) and one.reason != NOTHING_MISSING for one in outcomes)


def _nearby(task: CursorTask, judgement: Judgement) -> Nearby | None:
    if judgement.locality is None:
        return None
    line = task.text.count("\n", 0, task.offset)
    return nearby(task.text, line, judgement.others, judgement.locality)


def _judged(
    outcomes: Sequence[Proposal | Rejected], judgement: Judgement, answer: Answer
) -> Completion:
    rejected = tuple(outcome for outcome in outcomes if isinstance(outcome, Rejected))
    clean: dict[str, Proposal] = {}
    for outcome in outcomes:
        if isinstance(outcome, Proposal):
            clean.setdefault(_meaning(outcome.text) if len(outcomes) > 1 else "", outcome)
    # The sort is stable: of two that are as likely, the greedy one comes first.
    ranked = sorted(clean.values(), key=lambda proposal: -proposal.confidence)
    sure = tuple(p for p in ranked if p.confidence >= judgement.threshold)
    if sure:
        return Completion(sure, "", rejected, answer)
    if ranked:
        best = ranked[0].confidence
        reason = f"not sure enough ({best:.0%}, wanted {judgement.threshold:.0%})"
    else:
        reason = _why(rejected)
    return Completion((), reason, rejected, answer)


def _meaning(text: str) -> str:
    """The same for texts that differ in nothing but space, quotes and needless brackets."""
    tree = parse_module(text)
    # What does not parse yet is compared without its space.
    return ast.dump(tree) if tree else "".join(text.split())


def _why(rejected: Sequence[Rejected]) -> str:
    reason, count = Counter(outcome.reason for outcome in rejected).most_common(1)[0]
    if len(rejected) == 1:
        return f"suppressed: {reason}"
    return f"{len(rejected)} candidates suppressed, {count} of them: {reason}"
