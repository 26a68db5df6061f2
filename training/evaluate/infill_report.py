"""The report of `infill`: exact match, pass@1 and what an editor would have shown, by kind."""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lintseq.infer.request import ModelInfo
from lintseq.sandbox.choose import open_sandbox
from training.evaluate.bootstrap import Interval, Part, interval
from training.evaluate.code.figures import is_clean, is_parsed
from training.evaluate.code.problems import Problem
from training.evaluate.code.scoring import LIMITS, Scorer, Verdict
from training.evaluate.infill import Filling
from training.evaluate.report import Report


@dataclass(frozen=True, slots=True)
class Kind:
    """The figures of one kind of hole."""

    kind: str
    cases: int
    exact: float
    passed: float


@dataclass(frozen=True, slots=True)
class InfillFigures:
    """Shares of the cases, between 0 and 1."""

    exact: float
    """The program is again what it was."""
    intervals: Mapping[str, Interval]
    """Of pass@1: 95 % of the bootstrap over the problems, whose cases are drawn together."""
    finished: float
    """The model wrote whole lines within its limit."""
    seen: float
    """The model itself found that something is missing."""
    shown: float
    """An editor would show it."""
    shown_passed: float
    """An editor would show it, and it passes."""
    parsed: float
    clean: float
    """The filled program parses, and has no finding that counts."""
    distinct: float
    """Different programs of a case, on average."""
    tokens: float
    """Mean length."""
    outcomes: Mapping[str, int]
    """What came of running the programs, counted."""
    kinds: Sequence[Kind]


def report_infill(
    args: argparse.Namespace, model: ModelInfo, fillings: Sequence[Filling], asked: int
) -> Report:
    """Run the programs, and say what came of them."""
    sandbox = open_sandbox(LIMITS, args.isolation)
    verdicts = [
        verdict
        for _, of_one in Scorer(sandbox, args.jobs).verdicts(
            (_problem(filling), [filling.program]) for filling in fillings
        )
        for verdict in of_one
    ]
    figures = infill_figures(fillings, verdicts)
    settings = {
        "data": [path.name for path in args.data],
        "data_sha256": [hashlib.sha256(path.read_bytes()).hexdigest() for path in args.data],
        "cases": args.cases,
        "format": args.format,
        "lines": args.lines,
        "max_tokens": args.max_tokens,
        "seed": args.seed,
        "model_sha256": hashlib.sha256(model.path.read_bytes()).hexdigest(),
        "quantization": model.quantization,
        "parameters": model.parameters,
        "isolation": sandbox.isolation,
        "limits": dataclasses.asdict(LIMITS),
        "interrupted": len(fillings) < asked,
    }
    passed = sum(kind.passed * kind.cases for kind in figures.kinds) / len(fillings)
    return Report("infill", model.path, settings, len(fillings), 1, passed, figures)


def infill_figures(fillings: Sequence[Filling], verdicts: Sequence[Verdict]) -> InfillFigures:
    """The figures over all cases."""
    count = len(fillings)
    has_passed = [verdict.status == "passed" for verdict in verdicts]
    pairs = list(zip(fillings, has_passed, strict=True))
    kinds = dict.fromkeys(filling.case.kind for filling in fillings)
    return InfillFigures(
        exact=sum(filling.is_exact for filling in fillings) / count,
        intervals={"1": interval(Part(filling.case.problem, passed) for filling, passed in pairs)},
        finished=sum(filling.is_finished for filling in fillings) / count,
        seen=sum(filling.is_seen for filling in fillings) / count,
        shown=sum(filling.is_shown for filling in fillings) / count,
        shown_passed=sum(passed and filling.is_shown for filling, passed in pairs) / count,
        parsed=sum(is_parsed(filling.program) for filling in fillings) / count,
        clean=sum(is_clean(filling.program) for filling in fillings) / count,
        distinct=len({(filling.case.name, filling.program) for filling in fillings})
        / len({filling.case.name for filling in fillings}),
        tokens=sum(filling.tokens for filling in fillings) / count,
        outcomes=dict(Counter(verdict.status for verdict in verdicts).most_common()),
        kinds=tuple(_of_kind(kind, pairs) for kind in kinds),
    )


def _of_kind(kind: str, pairs: Sequence[tuple[Filling, bool]]) -> Kind:
    of_kind = [pair for pair in pairs if pair[0].case.kind == kind]
    return Kind(
        kind=kind,
        cases=len(of_kind),
        exact=sum(filling.is_exact for filling, _ in of_kind) / len(of_kind),
        passed=sum(passed for _, passed in of_kind) / len(of_kind),
    )


def _problem(filling: Filling) -> Problem:
    case = filling.case
    return Problem(case.name, "", "", "", "", case.original, case.checks)
