from pathlib import Path

import pytest

from lintseq.program import split_lines
from tests.training.evaluate.oracle import SHOP, Oracle, documents
from training.corpus.document import Document
from training.evaluate.cursors import Cursor
from training.evaluate.lines import Outcome, ask_lines
from training.evaluate.quiet import Quiet, quiet_places, report_quiet

PLACE = Cursor("0" * 64, "", 0, 0, "")


def test_a_place_is_an_empty_line_in_front_of_a_statement() -> None:
    places = quiet_places(documents(300), 900, seed=0)
    seen = {place.line for place in places}
    lines = split_lines(SHOP)
    for place in places:
        rows = place.text.split("\n")
        opened = rows.pop(place.line)
        assert opened == " " * place.character
        assert "\n".join(rows).startswith(SHOP)
    # Neither within the import in brackets, nor between a decorator and its function.
    starts = {number for number, line in enumerate([*lines, "N"]) if line.strip()}
    inside = {n for n, line in enumerate(lines) if line.strip() in ("ceil,", "floor,", ")")}
    clauses = {n for n, line in enumerate(lines) if line.lstrip().startswith(("elif", "def goods"))}
    assert seen == starts - inside - clauses


def test_places_depend_on_the_seed_alone() -> None:
    assert quiet_places(documents(), 9, 3) == quiet_places(documents(), 9, 3)
    assert quiet_places(documents(), 9, 3) != quiet_places(documents(), 9, 4)


def test_places_noop() -> None:
    assert quiet_places([Document("p", "a.py", "MIT", "def f(:\n" * 30)], 9, 0) == []


def test_report() -> None:
    outcomes = [
        Outcome(PLACE, "x = 1", logprobs=(-0.1,), p_edit=0.9, ms=10.0),
        Outcome(PLACE, "x = 1", logprobs=(-1.0,), p_edit=0.6, ms=10.0),
        Outcome(PLACE, "", "nothing seems to be missing here", p_edit=0.2, ms=10.0),
        Outcome(PLACE, "", "suppressed: undefined name 'a'", p_edit=0.7, ms=10.0),
    ]
    figures = report_quiet(outcomes, None, threshold=0.25)
    assert figures.silent == 3 / 4
    assert figures.p_edit == pytest.approx(0.6)
    assert figures.reasons == {"nothing seems to be missing here": 1, "undefined name": 1}
    assert figures.curve[0] == Quiet(0.0, 2 / 4)
    assert Quiet(0.25, 3 / 4) in figures.curve
    assert figures.curve[-1] == Quiet(0.9, 1.0)


def test_no_outcomes() -> None:
    with pytest.raises(ValueError, match="at least one outcome"):
        report_quiet([], None, 0.5)


@pytest.mark.parametrize(("p_edit", "silent"), [(0.1, 1.0), (0.99, 0.0)])
def test_the_choice_of_the_model_decides(p_edit: float, silent: float) -> None:
    engine = Oracle(lambda _: "pass", Path("oracle.gguf"), likely=0.99, p_edit=p_edit)
    places = [place for place in quiet_places(documents(), 50, 0) if place.line > 8][:8]
    assert report_quiet(list(ask_lines(engine, places)), None, 0.5).silent == silent
