import ast
from pathlib import Path

import pytest

from lintseq.infer.engine import Request
from lintseq.lint import lint
from tests.training.evaluate.oracle import Oracle, documents
from training.corpus.document import Document
from training.evaluate.repair import (
    Imported,
    RepairOutcome,
    ask_repairs,
    imported,
    repair_cases,
    repair_effort,
    report_repair,
)

MODEL = Path("oracle.gguf")
OS = Imported("os", 0, "", "os")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import os\n", (OS,)),
        ("import os.path", (Imported("os.path", 0, "", "os"),)),
        ("import json as j", (Imported("json", 0, "", "j"),)),
        ("from math import (\n    ceil,\n)", (Imported("math", 0, "ceil", "ceil"),)),
        ("from .. import a as b", (Imported("", 2, "a", "b"),)),
        ("import os, os", (OS, OS)),
        ("", ()),
        ("import os; x = 1", ()),
        ("import", ()),
    ],
)
def test_imported(text: str, names: tuple[Imported, ...]) -> None:
    assert imported(text) == names


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("import os.path", "standard library"),
        ("from collections.abc import Mapping", "standard library"),
        ("from .os import path", "relative"),
        ("import numpy as np", "others"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    assert [one.kind for one in imported(text)] == [kind]


def test_cases_lack_an_import() -> None:
    cases = repair_cases(documents(3), 100, seed=0)
    assert len(cases) == 3 * 4
    for case in cases:
        missing = {(one.name, one.line) for one in lint(case.text) if one.kind == "UndefinedName"}
        assert (case.wanted.bound, case.line) in missing
        assert case.wanted.bound in case.text.split("\n")[case.line]


def test_no_name_comes_more_than_three_times() -> None:
    names = [case.wanted.bound for case in repair_cases(documents(), 100, seed=0)]
    assert sorted(names) == sorted(["ceil", "floor", "j", "os"] * 3)


def test_cases_depend_on_the_seed_alone() -> None:
    assert repair_cases(documents(), 5, 3) == repair_cases(documents(), 5, 3)
    assert repair_cases(documents(), 5, 3) != repair_cases(documents(), 5, 4)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "from __future__ import annotations\nx = 1\n",
        "import os\nx = 1\n",
        "from os import *\npath\n",
        "x = 1\nimport os\nos.path\n",
        "import os\nimport os\nos.path\n",
        "def f(:\n",
    ],
)
def test_cases_noop(text: str) -> None:
    assert repair_cases([Document("p", "a.py", "MIT", text)], 9, 0) == []


def test_an_engine_that_knows_restores_everything() -> None:
    cases = repair_cases(documents(3), 100, seed=0)
    answers = iter([spelled(case.wanted) for case in cases])
    engine = Oracle(lambda _: next(answers), MODEL)
    figures = report_repair(list(ask_repairs(engine, cases, repair_effort(2, 0))))
    assert (figures.restored, figures.among, figures.proposed) == (1.0, 1.0, 1.0)
    assert figures.names == 4
    assert figures.cases_by_kind == {"standard library": 12}
    assert figures.restored_by_kind == {"standard library": 1.0}


def test_an_engine_that_knows_nothing_is_silent() -> None:
    asked: list[Request] = []

    def reply(request: Request) -> str:
        asked.append(request)
        return "import nothing; nothing.more(unknown)"

    cases = repair_cases(documents(1), 2, seed=0)
    figures = report_repair(list(ask_repairs(Oracle(reply, MODEL), cases, repair_effort(3, 7))))
    assert (figures.restored, figures.proposed) == (0.0, 0.0)
    assert figures.silent == {"undefined name": 2}
    assert [(one.samples, one.seed, one.forced[-1]) for one in asked] == [(3, 7, "+")] * 2


def test_report_of_hand_made_outcomes() -> None:
    far = Imported("shop", 1, "Shop", "Shop")
    outcomes = [
        RepairOutcome(OS, ("import os\n", "import sys\n"), "", 10.0),
        RepairOutcome(OS, ("from . import os\n", "import os\n"), "", 20.0),
        RepairOutcome(far, ("from .shop import Shop, Good\n",), "", 30.0),
        RepairOutcome(far, (), "2 candidates suppressed, 1 of them: undefined name 'x'", 40.0),
    ]
    figures = report_repair(outcomes)
    assert (figures.restored, figures.among, figures.proposed) == (1 / 4, 2 / 4, 3 / 4)
    assert figures.restored_by_kind == {"relative": 0.0, "standard library": 0.5}
    assert figures.names == 2
    assert figures.p50_ms == 25.0
    assert figures.silent == {"undefined name": 1}


def test_no_outcomes() -> None:
    with pytest.raises(ValueError, match="at least one outcome"):
        report_repair([])


def spelled(wanted: Imported) -> str:
    bound = None if wanted.bound in (wanted.name, wanted.module) else wanted.bound
    if not wanted.name:
        return ast.unparse(ast.Import([ast.alias(wanted.module, bound)]))
    return ast.unparse(ast.ImportFrom(wanted.module, [ast.alias(wanted.name, bound)], wanted.level))
