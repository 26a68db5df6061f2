import pytest

from lintseq.lint import lint
from tests.training.evaluate.oracle import documents
from training.corpus.document import Document
from training.evaluate.repair_cases import Assigned, Imported, imported, repair_cases

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
        ("import os.path", "import, standard library"),
        ("from collections.abc import Mapping", "import, standard library"),
        ("from .os import path", "relative import"),
        ("import numpy as np", "import, others"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    assert [one.kind for one in imported(text)] == [kind]


@pytest.mark.parametrize(
    ("line", "is_by"),
    [
        ("    total = f('a', 1)\n", True),
        ('total=f("a",1)', True),
        ("total = f('b', 1)", False),
        ("total = f('a', 1); x = 1", False),
        ("total = f(", False),
        ("", False),
    ],
)
def test_an_assignment_however_it_is_laid_out(line: str, is_by: bool) -> None:
    assert Assigned("total", "total = f('a', 1)").is_by(line) is is_by


def test_cases_lack_a_name() -> None:
    cases = repair_cases(documents(3), 100, seed=0)
    imports = [case for case in cases if isinstance(case.wanted, Imported)]
    assert len(imports) == 3 * 4
    # Without `data = j.load(file)` the block around it is empty.
    assert {case.wanted.bound for case in cases if case not in imports} == {"total"}
    for case in cases:
        missing = {(one.name, one.line) for one in lint(case.text) if one.kind == "UndefinedName"}
        assert (case.wanted.bound, case.line) in missing
        assert case.wanted.bound in case.text.split("\n")[case.line]
        assert case.document in {document.sha256 for document in documents(3)}


def test_half_of_the_cases_are_imports() -> None:
    cases = repair_cases(documents(), 7, seed=0)
    assert [isinstance(case.wanted, Imported) for case in cases].count(True) == 4


def test_no_name_comes_more_than_three_times() -> None:
    names = [case.wanted.bound for case in repair_cases(documents(), 100, seed=0)]
    assert sorted(names) == sorted(["ceil", "floor", "j", "os", "total"] * 3)


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
        # Used in another function, or assigned with something else, or twice.
        "LIMIT = 10\n\n\ndef f():\n    return LIMIT\n",
        "a, b = 1, 2\nprint(a)\n",
        "a = 1; b = 2\nprint(a, b)\n",
        "a = (\n    1\n)\nprint(a)\n",
        "a = 1\na = 2\nprint(a)\n",
    ],
)
def test_cases_noop(text: str) -> None:
    assert repair_cases([Document("p", "a.py", "MIT", text)], 9, 0) == []
