"""`repair`: a statement taken out of a held-out file; is it what is proposed for the lost name?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lintseq.definition import definition_task
from lintseq.infer.ask import Completion, Effort, Judgement, edit
from lintseq.infer.engine import Engine
from lintseq.infer.propose import Proposal
from lintseq.repair import repair_task
from lintseq.tasks import EditTask, Window
from training.evaluate.asking import BUDGET_MS, in_largest_window, timed
from training.evaluate.bootstrap import Interval, Part, interval
from training.evaluate.candidates import (
    NO_CANDIDATES,
    CandidateFigures,
    Candidates,
    candidates_of,
    report_candidates,
)
from training.evaluate.reasons import silent_reasons
from training.evaluate.repair_cases import Case, Imported

# What is taken out is one line.
_TOKENS = 64


@dataclass(frozen=True, slots=True)
class RepairOutcome:
    """What came of one case."""

    case: Case
    proposed: tuple[str, ...]
    """The lines proposed, best first."""
    reason: str = ""
    """Why there is none."""
    ms: float = 0.0
    candidates: Candidates = NO_CANDIDATES

    @property
    def is_restored(self) -> bool:
        """Whether the first proposal is the statement that was there, however it is spelled."""
        return any(map(self.case.wanted.is_by, self.proposed[:1]))

    @property
    def is_among(self) -> bool:
        """Whether any of the proposals is."""
        return any(map(self.case.wanted.is_by, self.proposed))


@dataclass(frozen=True, slots=True)
class KindFigures:
    """The cases of one kind. Shares of these, between 0 and 1."""

    kind: str
    cases: int
    names: int
    """Different ones."""
    restored: float
    """The first proposal is the statement that was there."""
    among: float
    """Any of the proposals is."""
    proposed: float
    """Anything clean was proposed."""
    interval: Interval
    """Of `restored`."""


@dataclass(frozen=True, slots=True)
class RepairFigures:
    """Shares of the cases, between 0 and 1."""

    restored: float
    """The first proposal is the statement that was there."""
    among: float
    """Any of the proposals is."""
    proposed: float
    """Anything clean was proposed."""
    names: int
    """Different names among the cases."""
    p50_ms: float
    p90_ms: float
    intervals: Mapping[str, Interval]
    candidates: CandidateFigures
    kinds: Sequence[KindFigures]
    """All imports together, then by where they come from; and assignments."""
    silent: Mapping[str, int]
    """Why nothing was proposed, counted."""


def ask_repairs(engine: Engine, cases: Iterable[Case], effort: Effort) -> Iterator[RepairOutcome]:
    """The outcome of each case."""
    for case in cases:
        yield _ask(engine, case, effort)


def repair_effort(samples: int, seed: int) -> Effort:
    """How hard to try for one statement."""
    return Effort(samples=samples, steps=1, tokens=_TOKENS, budget_ms=BUDGET_MS, seed=seed)


def report_repair(outcomes: Sequence[RepairOutcome]) -> RepairFigures:
    """The figures over all outcomes."""
    if not outcomes:
        raise ValueError("need at least one outcome, got none")
    every = _of_kind("all", outcomes)
    among = [Part(one.case.document, one.is_among) for one in outcomes]
    p50_ms, p90_ms = np.percentile([outcome.ms for outcome in outcomes], [50, 90]).tolist()
    return RepairFigures(
        restored=every.restored,
        among=every.among,
        proposed=every.proposed,
        names=every.names,
        p50_ms=round(p50_ms, 1),
        p90_ms=round(p90_ms, 1),
        intervals={"restored": every.interval, "among": interval(among)},
        candidates=report_candidates(outcome.candidates for outcome in outcomes),
        kinds=tuple(_by_kind(outcomes)),
        silent=silent_reasons(outcome.reason for outcome in outcomes),
    )


def _by_kind(outcomes: Sequence[RepairOutcome]) -> Iterator[KindFigures]:
    imports = [one for one in outcomes if isinstance(one.case.wanted, Imported)]
    if imports:
        yield _of_kind("import", imports)
    for kind in sorted({outcome.case.wanted.kind for outcome in outcomes}):
        yield _of_kind(kind, [one for one in outcomes if one.case.wanted.kind == kind])


def _of_kind(kind: str, outcomes: Sequence[RepairOutcome]) -> KindFigures:
    count = len(outcomes)
    return KindFigures(
        kind=kind,
        cases=count,
        names=len({outcome.case.wanted.bound for outcome in outcomes}),
        restored=sum(outcome.is_restored for outcome in outcomes) / count,
        among=sum(outcome.is_among for outcome in outcomes) / count,
        proposed=sum(bool(outcome.proposed) for outcome in outcomes) / count,
        interval=interval(Part(one.case.document, one.is_restored) for one in outcomes),
    )


def _ask(engine: Engine, case: Case, effort: Effort) -> RepairOutcome:
    def ask(window: Window) -> Completion:
        return edit(engine, _task(case, window), Judgement(), effort)

    completion, ms = timed(lambda: in_largest_window(ask))
    return RepairOutcome(
        case=case,
        proposed=tuple(_inserted(proposal) for proposal in completion.proposals),
        reason=completion.silent,
        ms=ms,
        candidates=candidates_of(completion),
    )


def _task(case: Case, window: Window) -> EditTask:
    make = repair_task if isinstance(case.wanted, Imported) else definition_task
    return make(case.text, case.line, case.wanted.bound, window)


def _inserted(proposal: Proposal) -> str:
    return "".join(
        line for edit in proposal.edits.edits for hunk in edit.hunks for line in hunk.lines
    )
