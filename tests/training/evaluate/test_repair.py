import ast
from pathlib import Path

import pytest

from lintseq.infer.engine import Request
from tests.training.evaluate.oracle import Oracle, documents
from training.corpus.document import Document
from training.evaluate.projects import Projects
from training.evaluate.repair import RepairOutcome, ask_repairs, repair_effort, report_repair
from training.evaluate.repair_cases import Assigned, Case, Imported, repair_cases

MODEL = Path("oracle.gguf")
OS = Imported("os", 0, "", "os")


def test_an_engine_that_knows_restores_everything() -> None:
    cases = repair_cases(documents(3), 100, seed=0)
    answers = iter([written(case) for case in cases])
    engine = Oracle(lambda _: next(answers), MODEL)
    figures = report_repair(
        list(ask_repairs(engine, cases, repair_effort(2, 0), Projects(documents(3))))
    )
    assert (figures.restored, figures.among, figures.proposed) == (1.0, 1.0, 1.0)
    assert figures.names == 5
    assert [(one.kind, one.cases, one.names) for one in figures.kinds] == [
        ("import", 12, 4),
        ("definition", 3, 1),
        ("import, standard library", 12, 4),
    ]
    assert (figures.candidates.linted, figures.candidates.clean) == (2 * 15, 1.0)


def test_an_assignment_is_asked_for_in_front_of_its_use() -> None:
    asked: list[Request] = []

    def reply(request: Request) -> str:
        asked.append(request)
        return "0"

    cases = [c for c in repair_cases(documents(), 50, 0) if c.wanted.bound == "total"]
    outcomes = list(
        ask_repairs(Oracle(reply, MODEL), cases, repair_effort(1, 0), Projects(documents()))
    )
    assert all(one.is_restored for one in outcomes)
    assert {one.proposed for one in outcomes} == {("        total = 0\n",)}
    assert {request.forced.split("\n")[1] for request in asked} == {"+        total = "}


def test_an_engine_that_knows_nothing_is_silent() -> None:
    asked: list[Request] = []

    def reply(request: Request) -> str:
        asked.append(request)
        return "import nothing; nothing.more(unknown)"

    cases = [c for c in repair_cases(documents(1), 9, seed=0) if isinstance(c.wanted, Imported)]
    projects = Projects(documents(1))
    asking = ask_repairs(Oracle(reply, MODEL), cases[:2], repair_effort(3, 7), projects)
    figures = report_repair(list(asking))
    assert (figures.restored, figures.proposed) == (0.0, 0.0)
    assert figures.silent == {"undefined name": 2}
    assert [(one.samples, one.seed, one.forced[-1]) for one in asked] == [(3, 7, "+")] * 2


def test_what_an_editor_offers_comes_from_the_project_first_and_from_the_model_last() -> None:
    texts = {
        "shop/till.py": "class Till:\n    pass\n",
        "shop/main.py": "from .till import Till\nimport tally as ta\n\nprint(Till(), ta.of())\n",
        "shop/other.py": "import odd\nfrom .till import Till\n\nprint(Till(), odd.one())\n",
    }
    found = [Document("shop", path, "MIT", text) for path, text in texts.items()]
    cases = [each for each in repair_cases(found, 50, 0) if isinstance(each.wanted, Imported)]
    engine = Oracle(lambda _: "import invented", MODEL)
    outcomes = [*ask_repairs(engine, cases, repair_effort(1, 0), Projects(found))]
    offered = {(one.case.wanted.bound, one.is_offered_first, one.offered) for one in outcomes}
    # What only one file knows is not learned from that file itself.
    assert offered == {
        ("Till", True, ("from .till import Till\n",)),
        ("ta", False, ()),
        ("odd", False, ()),
    }
    figures = report_repair(outcomes)
    assert figures.restored == 0.0
    assert [(one.kind, one.cases, one.restored) for one in figures.as_offered] == [
        ("import", 4, 0.5),
        ("import, others", 2, 0.0),
        ("relative import", 2, 1.0),
    ]


def test_report_of_hand_made_outcomes() -> None:
    far = Imported("shop", 1, "Shop", "Shop")
    total = Assigned("total", "total = 0")
    outcomes = [
        RepairOutcome(missing(OS), ("import os\n", "import sys\n"), "", 10.0),
        RepairOutcome(missing(OS), ("from . import os\n", "import os\n"), "", 20.0),
        RepairOutcome(missing(far), ("from .shop import Shop, Good\n",), "", 30.0),
        RepairOutcome(missing(far), (), "2 candidates suppressed, 1 of them: undefined name 'x'"),
        RepairOutcome(missing(total), ("total = 1\n", "total=0\n"), "", 50.0),
    ]
    figures = report_repair(outcomes)
    assert (figures.restored, figures.among, figures.proposed) == (1 / 5, 3 / 5, 4 / 5)
    assert {one.kind: (one.restored, one.among) for one in figures.kinds} == {
        "import": (1 / 4, 2 / 4),
        "import, standard library": (1 / 2, 2 / 2),
        "relative import": (0.0, 0.0),
        "definition": (0.0, 1.0),
    }
    assert figures.names == 3
    assert figures.p50_ms == 20.0
    assert figures.silent == {"undefined name": 1}
    low, high = figures.intervals["restored"].low, figures.intervals["restored"].high
    assert 0.0 <= low <= 0.2 <= high <= 1.0


def test_no_outcomes() -> None:
    with pytest.raises(ValueError, match="at least one outcome"):
        report_repair([])


def missing(wanted: Imported | Assigned) -> Case:
    return Case("0" * 64, "", 0, wanted)


def written(case: Case) -> str:
    """What the model has to write for the case, behind what is forced."""
    wanted = case.wanted
    if isinstance(wanted, Assigned):
        return wanted.statement.removeprefix(f"{wanted.bound} = ")
    bound = None if wanted.bound in (wanted.name, wanted.module) else wanted.bound
    if not wanted.name:
        return ast.unparse(ast.Import([ast.alias(wanted.module, bound)]))
    return ast.unparse(ast.ImportFrom(wanted.module, [ast.alias(wanted.name, bound)], wanted.level))
