"""`repair`: a statement taken out of a held-out file; is it what is proposed for the lost name?

The model is asked for each. For an import, what an editor offers is looked at as well: what is
known of the other files of the same project, of the standard library and of public code comes
first, the model where nothing is known.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lintseq.definition import definition_task
from lintseq.infer.ask import Completion, Effort, Judgement, edit
from lintseq.infer.engine import Engine
from lintseq.infer.fix import import_fixes
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
from training.evaluate.projects import Projects
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
    offered: tuple[str, ...] = ()
    """For an import, the lines that an editor offers, best first."""
    offered_ms: float = 0.0
    """How long these took, without asking the model."""

    @property
    def is_restored(self) -> bool:
        """Whether the first proposal is the statement that was there, however it is spelled."""
        return any(map(self.case.wanted.is_by, self.proposed[:1]))

    @property
    def is_among(self) -> bool:
        """Whether any of the proposals is."""
        return any(map(self.case.wanted.is_by, self.proposed))

    @property
    def is_offered_first(self) -> bool:
        """Whether what an editor offers first is the statement that was there."""
        return any(map(self.case.wanted.is_by, self.offered[:1]))

    @property
    def is_offered(self) -> bool:
        """Whether anything that it offers is."""
        return any(map(self.case.wanted.is_by, self.offered))


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
class OfferedFigures:
    """What an editor offers for the imports of one kind. Shares of these, between 0 and 1."""

    kind: str
    cases: int
    restored: float
    """The first one offered is the statement that was there."""
    among: float
    """Any of those offered is."""
    offered: float
    """Anything was."""
    interval: Interval
    """Of `restored`."""


@dataclass(frozen=True, slots=True)
class RepairFigures:
    """Shares of the cases, between 0 and 1; of the model alone but for `as_offered`."""

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
    as_offered: Sequence[OfferedFigures]
    """The same for imports, as an editor offers them."""
    offered_p50_ms: float
    """Of what is known, with the verdict of the linter."""
    offered_p90_ms: float
    silent: Mapping[str, int]
    """Why nothing was proposed, counted."""


def ask_repairs(
    engine: Engine, cases: Iterable[Case], effort: Effort, projects: Projects
) -> Iterator[RepairOutcome]:
    """The outcome of each case, as if the other documents of its package were the workspace."""
    for case in cases:
        yield _ask(engine, case, effort, projects)


def repair_effort(samples: int, seed: int) -> Effort:
    """How hard to try for one statement."""
    return Effort(samples=samples, steps=1, tokens=_TOKENS, budget_ms=BUDGET_MS, seed=seed)


def report_repair(outcomes: Sequence[RepairOutcome]) -> RepairFigures:
    """The figures over all outcomes."""
    if not outcomes:
        raise ValueError("need at least one outcome, got none")
    every = _of_kind("all", outcomes)
    among = [Part(one.case.document, one.is_among) for one in outcomes]
    offered_ms = [one.offered_ms for one in outcomes if isinstance(one.case.wanted, Imported)]
    known_ms = np.percentile(offered_ms or [0.0], [50, 90]).tolist()
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
        as_offered=tuple(_as_offered(outcomes)),
        offered_p50_ms=round(known_ms[0], 1),
        offered_p90_ms=round(known_ms[1], 1),
        silent=silent_reasons(outcome.reason for outcome in outcomes),
    )


def _by_kind(outcomes: Sequence[RepairOutcome]) -> Iterator[KindFigures]:
    imports = [one for one in outcomes if isinstance(one.case.wanted, Imported)]
    if imports:
        yield _of_kind("import", imports)
    for kind in sorted({outcome.case.wanted.kind for outcome in outcomes}):
        yield _of_kind(kind, [one for one in outcomes if one.case.wanted.kind == kind])


def _as_offered(outcomes: Sequence[RepairOutcome]) -> Iterator[OfferedFigures]:
    imports = [one for one in outcomes if isinstance(one.case.wanted, Imported)]
    kinds = sorted({one.case.wanted.kind for one in imports})
    for kind in ["import", *kinds] if imports else []:
        of_kind = [one for one in imports if kind in ("import", one.case.wanted.kind)]
        count = len(of_kind)
        yield OfferedFigures(
            kind=kind,
            cases=count,
            restored=sum(one.is_offered_first for one in of_kind) / count,
            among=sum(one.is_offered for one in of_kind) / count,
            offered=sum(bool(one.offered) for one in of_kind) / count,
            interval=interval(Part(one.case.document, one.is_offered_first) for one in of_kind),
        )


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


def _ask(engine: Engine, case: Case, effort: Effort, projects: Projects) -> RepairOutcome:
    def ask(window: Window) -> Completion:
        return edit(engine, _task(case, window), Judgement(), effort)

    completion, ms = timed(lambda: in_largest_window(ask))
    offered: tuple[Proposal, ...] = ()
    offered_ms = 0.0
    if isinstance(case.wanted, Imported):
        text, line, name = case.text, case.line, case.wanted.bound
        where = projects.around(case.document)
        offered, offered_ms = timed(
            lambda: import_fixes(text, line, name, where, lambda: completion.proposals)
        )
    return RepairOutcome(
        case=case,
        proposed=tuple(_inserted(proposal) for proposal in completion.proposals),
        reason=completion.silent,
        ms=ms,
        candidates=candidates_of(completion),
        offered=tuple(map(_inserted, offered)),
        offered_ms=offered_ms,
    )


def _task(case: Case, window: Window) -> EditTask:
    make = repair_task if isinstance(case.wanted, Imported) else definition_task
    return make(case.text, case.line, case.wanted.bound, window)


def _inserted(proposal: Proposal) -> str:
    return "".join(
        line for edit in proposal.edits.edits for hunk in edit.hunks for line in hunk.lines
    )
