"""`infill`: holes are filled at the cursor, whatever follows them on their line."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from lintseq.format import HEADER
from lintseq.infer.engine import Request
from tests.infer.tiny_model import TinyModel, write_tiny_model
from tests.training.evaluate.code.sets import write_rows
from tests.training.evaluate.oracle import Oracle
from training.__main__ import main
from training.evaluate.bootstrap import Interval
from training.evaluate.code.scoring import Verdict
from training.evaluate.infill import Case, Filling, choose, fill, read_cases
from training.evaluate.infill_report import infill_figures

BEFORE = "def total(numbers):\n    found = 0\n"
LOOP = "    for number in numbers:\n        found += number\n"
AFTER = "    return found\n"
CHECKS = "def check(total):\n    assert total([1, 2]) == 3\n"


def row(name: str, before: str, wanted: str, after: str) -> dict[str, Any]:
    return {
        "task_id": f"{name}Infilling/HumanEval/0/L1",
        "entry_point": "total",
        "prompt": before,
        "suffix": after,
        "canonical_solution": wanted,
        "test": CHECKS,
    }


ROWS = (
    row(
        "SingleLine",
        f"{BEFORE}    for number in numbers:\n",
        "        found += number\n",
        AFTER,
    ),
    row("MultiLine", BEFORE, LOOP, AFTER),
    row(
        "RandomSpan",
        f"{BEFORE}    for num",
        "ber in num",
        f"bers:\n        found += number\n{AFTER}",
    ),
)


@pytest.fixture
def cases(tmp_path: Path) -> list[Case]:
    return read_cases([write_rows(tmp_path / "infill.jsonl", ROWS)])


def filled(cases: Sequence[Case], *answers: str, p_edit: float = 0.9) -> list[Filling]:
    """What comes of an engine that writes these texts behind what is typed."""
    left = iter(answers)
    asked: list[Request] = []

    def reply(request: Request) -> str:
        asked.append(request)
        return next(left)

    engine = Oracle(reply, Path("oracle.gguf"), p_edit=p_edit)
    return list(fill(engine, cases, lines=8, max_tokens=50))


def test_what_stood_there_is_exact_and_would_be_shown(cases: list[Case]) -> None:
    single, _, span = cases
    # The rest of the line is glued back on.
    fillings = filled([single, span], "        found += number", "ber in num")
    for filling in fillings:
        assert filling.program == filling.case.original
        assert filling.is_exact
        assert filling.is_finished
        assert filling.is_shown


def test_several_lines_are_further_edits(cases: list[Case]) -> None:
    first, second = "    for number in numbers:", "        found += number"
    (filling,) = filled([cases[1]], f"{first}\n<|diff|>@@ -3,0 +4 @@\n+{second}")
    # The engine of the tests writes one text; the marker in it is no marker.
    assert filling.is_finished
    assert not filling.is_exact


def test_something_else_is_not_exact(cases: list[Case]) -> None:
    filling, broken = filled([cases[0], cases[0]], "        found -= number", "        found +=")
    assert filling.program == cases[0].original.replace("+=", "-=")
    assert filling.is_shown
    assert not filling.is_exact
    assert not broken.is_shown


def test_nothing_leaves_the_hole_empty(cases: list[Case]) -> None:
    (filling,) = filled(cases[:1], "", p_edit=0.1)
    assert not filling.is_finished
    assert not filling.is_seen
    assert filling.program == f"{BEFORE}    for number in numbers:\n\n{AFTER}"


def test_an_engine_that_can_read_none_of_it(cases: list[Case]) -> None:
    engine = Oracle(lambda _: "x = 1", Path("oracle.gguf"))
    engine.longest_prompt = 3
    (filling,) = fill(engine, cases[:1], lines=1, max_tokens=50)
    assert (filling.tokens, filling.is_finished) == (0, False)


def test_requests_name_the_line(cases: list[Case]) -> None:
    asked: list[Request] = []

    def reply(request: Request) -> str:
        asked.append(request)
        return ""

    list(fill(Oracle(reply, Path("oracle.gguf")), cases, lines=8, max_tokens=50))
    assert [request.lines for request in asked] == [1, 8, 1]
    assert all(HEADER.match(request.forced) for request in asked)
    assert asked[2].forced.endswith("+    for num")


def test_figures_by_kind(cases: list[Case]) -> None:
    fillings = filled(
        [cases[0], cases[0], cases[2]], "        found += number", "        found = 1", "ber in x"
    )
    figures = infill_figures(fillings, [Verdict("passed"), Verdict("failed"), Verdict("failed")])
    assert figures.exact == pytest.approx(1 / 3)
    assert figures.outcomes == {"failed": 2, "passed": 1}
    assert [(kind.kind, kind.cases, kind.exact, kind.passed) for kind in figures.kinds] == [
        ("SingleLine", 2, 0.5, 0.5),
        ("RandomSpan", 1, 0.0, 0.0),
    ]
    assert figures.shown_passed <= figures.shown
    # All three are of one problem.
    assert figures.intervals == {"1": Interval(1 / 3, 1 / 3)}
    assert {case.problem for case in cases} == {"HumanEval/0"}


def test_choosing_takes_as_many_of_each_kind(tmp_path: Path) -> None:
    many = [{**ROWS[0], "task_id": f"SingleLineInfilling/{n}"} for n in range(9)]
    cases = read_cases([write_rows(tmp_path / "many.jsonl", [*many, *ROWS])])
    chosen = choose(cases, 2, seed=1)
    assert [case.kind for case in chosen] == ["SingleLine"] * 2 + ["MultiLine", "RandomSpan"]
    assert choose(cases, 2, seed=1) == chosen
    assert len(choose(cases, None, seed=1)) == len(cases)
    with pytest.raises(ValueError, match="got none"):
        choose([], None, seed=1)


@pytest.mark.parametrize("wrong", [{"task_id": "Other/1"}, {"task_id": "SingleLine"}])
def test_other_files_are_refused(wrong: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="line 1: wanted a case of HumanEval infilling"):
        read_cases([write_rows(tmp_path / "wrong.jsonl", [wrong])])


def test_report_of_a_tiny_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = write_tiny_model(tmp_path / "tiny.gguf", TinyModel(context=1024))
    data = write_rows(tmp_path / "infill.jsonl.gz", ROWS)
    words = ["infill", "--model", str(model), "--data", str(data), "--threads", "1", "--json"]
    assert main(["evaluate", *words]) == 0
    written = capsys.readouterr()
    report = json.loads(written.out)
    assert (report["benchmark"], report["problems"]) == ("infill", 3)
    assert report["pass@k"] == {"1": 0.0}
    assert [kind["kind"] for kind in report["figures"]["kinds"]] == [
        "SingleLine",
        "MultiLine",
        "RandomSpan",
    ]
    assert report["settings"]["isolation"]
    assert "3 problems" in written.err
