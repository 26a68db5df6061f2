"""`repair`: an import taken out of a held-out file; is it what is proposed for the lost name?"""

import ast
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lintseq.errors import LimitError
from lintseq.infer.ask import Completion, Effort, Judgement, edit
from lintseq.infer.engine import Engine
from lintseq.infer.propose import Proposal
from lintseq.lint import lint
from lintseq.program import split_lines
from lintseq.repair import import_place, repair_task
from lintseq.syntax import counts_lines_alike, parse_module
from lintseq.tasks import Window
from training.corpus.document import Document
from training.evaluate.asking import BUDGET_MS, timed
from training.evaluate.lines import silent_reasons

# An import is one line.
_TOKENS = 64
_MOST_PER_NAME = 3


@dataclass(frozen=True, slots=True)
class Imported:
    """One name that an import statement brings."""

    module: str
    level: int
    """How many dots it begins with."""
    name: str
    """The name taken from the module; nothing for `import module`."""
    bound: str
    """What it is called in the file."""

    @property
    def kind(self) -> str:
        """Where it comes from: what a model can know, and what only the project does."""
        if self.level:
            return "relative"
        return "standard library" if self.module.split(".")[0] in _STANDARD else "others"


@dataclass(frozen=True, slots=True)
class Case:
    """A file that lacks an import statement."""

    text: str
    line: int
    """Where the lost name is used first, from 0."""
    wanted: Imported


@dataclass(frozen=True, slots=True)
class RepairOutcome:
    """What came of one case."""

    wanted: Imported
    proposed: tuple[str, ...]
    """The lines proposed, best first."""
    reason: str
    """Why there is none."""
    ms: float

    @property
    def is_restored(self) -> bool:
        """Whether the first proposal is the import that was there, however it is spelled."""
        return any(imported(line) == (self.wanted,) for line in self.proposed[:1])

    @property
    def is_among(self) -> bool:
        """Whether any of the proposals is."""
        return any(imported(line) == (self.wanted,) for line in self.proposed)


@dataclass(frozen=True, slots=True)
class RepairFigures:
    """Shares of the cases, between 0 and 1."""

    restored: float
    """The first proposal is the import that was there."""
    among: float
    """Any of the proposals is."""
    proposed: float
    """Anything clean was proposed."""
    names: int
    """Different names among the cases."""
    p50_ms: float
    p90_ms: float
    restored_by_kind: Mapping[str, float]
    cases_by_kind: Mapping[str, int]
    silent: Mapping[str, int]
    """Why nothing was proposed, counted."""


_STANDARD = sys.stdlib_module_names


def repair_cases(documents: Iterable[Document], count: int, seed: int) -> list[Case]:
    """`count` files without one of their import statements.

    No name comes more than three times: a few names make up most imports. A statement that
    brings several names is taken out whole, and one of them is asked for.
    """
    candidates = [
        (document, node, one)
        for document in documents
        if counts_lines_alike(document.text)
        for node, one in _imports(document.text)
    ]
    random.Random(seed).shuffle(candidates)
    seen: Counter[str] = Counter()
    cases: list[Case] = []
    for candidate in candidates:
        name = candidate[-1].bound
        if len(cases) == count:
            break
        if seen[name] < _MOST_PER_NAME and (case := _case(*candidate)):
            seen[name] += 1
            cases.append(case)
    return cases


def ask_repairs(engine: Engine, cases: Iterable[Case], effort: Effort) -> Iterator[RepairOutcome]:
    """The outcome of each case."""
    for case in cases:
        yield _ask(engine, case, effort)


def repair_effort(samples: int, seed: int) -> Effort:
    """How hard to try for one import."""
    return Effort(samples=samples, steps=1, tokens=_TOKENS, budget_ms=BUDGET_MS, seed=seed)


def report_repair(outcomes: Sequence[RepairOutcome]) -> RepairFigures:
    """The figures over all outcomes."""
    count = len(outcomes)
    if not count:
        raise ValueError("need at least one outcome, got none")
    by_kind: dict[str, list[bool]] = {}
    for outcome in outcomes:
        by_kind.setdefault(outcome.wanted.kind, []).append(outcome.is_restored)
    p50_ms, p90_ms = np.percentile([outcome.ms for outcome in outcomes], [50, 90]).tolist()
    return RepairFigures(
        restored=sum(outcome.is_restored for outcome in outcomes) / count,
        among=sum(outcome.is_among for outcome in outcomes) / count,
        proposed=sum(bool(outcome.proposed) for outcome in outcomes) / count,
        names=len({outcome.wanted.bound for outcome in outcomes}),
        p50_ms=round(p50_ms, 1),
        p90_ms=round(p90_ms, 1),
        restored_by_kind={kind: sum(each) / len(each) for kind, each in sorted(by_kind.items())},
        cases_by_kind={kind: len(each) for kind, each in sorted(by_kind.items())},
        silent=silent_reasons(outcome.reason for outcome in outcomes),
    )


def imported(text: str) -> tuple[Imported, ...]:
    """What the import statements that `text` consists of bring; nothing for any other text."""
    tree = parse_module(text)
    statements = tree.body if tree else []
    if not all(isinstance(statement, ast.Import | ast.ImportFrom) for statement in statements):
        return ()
    return tuple(one for statement in statements for one in _brought(statement))


def _ask(engine: Engine, case: Case, effort: Effort) -> RepairOutcome:
    def ask(window: Window) -> Completion:
        task = repair_task(case.text, case.line, case.wanted.bound, window)
        return edit(engine, task, Judgement(), effort)

    completion, ms = timed(ask)
    proposed = tuple(_inserted(proposal) for proposal in completion.proposals)
    return RepairOutcome(case.wanted, proposed, completion.silent, ms)


def _inserted(proposal: Proposal) -> str:
    return "".join(
        line for edit in proposal.edits.edits for hunk in edit.hunks for line in hunk.lines
    )


def _imports(text: str) -> Iterator[tuple[ast.stmt, Imported]]:
    """The statements at the top of the file, where a repair puts its import, and their names."""
    lines = split_lines(text)
    tree = parse_module("".join(lines[: import_place(lines)]))
    for statement in tree.body if tree else ():
        for one in _brought(statement):
            yield statement, one


def _brought(statement: ast.stmt) -> Iterator[Imported]:
    match statement:
        case ast.Import():
            for alias in statement.names:
                bound = alias.asname or alias.name.split(".")[0]
                yield Imported(alias.name, 0, "", bound)
        case ast.ImportFrom():
            module, level = statement.module or "", statement.level
            for alias in statement.names:
                yield Imported(module, level, alias.name, alias.asname or alias.name)


def _case(document: Document, statement: ast.stmt, wanted: Imported) -> Case | None:
    """The case, if the name is undefined without the statement."""
    lines = split_lines(document.text)
    text = "".join(lines[: statement.lineno - 1] + lines[statement.end_lineno :])
    try:
        findings = lint(text)
    except LimitError:
        return None
    for finding in findings:
        if finding.kind == "UndefinedName" and finding.name == wanted.bound:
            return Case(text, finding.line, wanted)
    return None
