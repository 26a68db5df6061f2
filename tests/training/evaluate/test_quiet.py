from pathlib import Path

import pytest

from lintseq.program import split_lines
from tests.training.evaluate.oracle import SHOP, Oracle, documents
from training.corpus.document import Document
from training.evaluate.cursors import Cursor
from training.evaluate.lines import Outcome, ask_lines
from training.evaluate.quiet import Asked, line_places, quiet_places, report_quiet
from training.evaluate.surroundings import Surroundings

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


def test_the_missing_lines_are_the_same_ones() -> None:
    texts = {document.sha256: document.text for document in documents()}
    pairs = zip(quiet_places(documents(), 30, 0), line_places(documents(), 30, 0), strict=True)
    for complete, missing in pairs:
        assert (complete.document, complete.line) == (missing.document, missing.line)
        lines = missing.text.split("\n")
        lines[missing.line] += missing.written
        assert missing.written.strip()
        assert "\n".join(lines) == texts[missing.document]


def test_report() -> None:
    complete = [
        Outcome(PLACE, "x = 1", logprobs=(-0.1,), p_edit=0.9, ms=10.0),
        Outcome(PLACE, "x = 1", logprobs=(-1.0,), p_edit=0.6, ms=10.0),
        Outcome(PLACE, "", "nothing seems to be missing here", p_edit=0.2, ms=10.0),
        Outcome(PLACE, "", "suppressed: undefined name 'a'", p_edit=0.7, ms=10.0),
    ]
    missing = Cursor("1" * 64, "", 0, 0, "y = 2")
    line = [
        Outcome(missing, "y = 2", logprobs=(-0.1,), p_edit=0.8),
        Outcome(missing, "x = 1", logprobs=(-1.0,), p_edit=0.9),
        Outcome(missing, "", "out of time"),
    ]
    rest = [
        Outcome(missing, "y = 2", logprobs=(-0.1,)),
        Outcome(missing, "x = 1", logprobs=(-0.1,)),
    ]
    figures = report_quiet(Asked(complete, line, rest), None, threshold=0.25)
    assert figures.silent == 3 / 4
    assert figures.p_edit == pytest.approx(0.6)
    assert figures.line_p_edit == pytest.approx(0.9)
    assert (figures.line.shown, figures.line.precision) == (2 / 3, 1 / 2)
    assert (figures.rest.shown, figures.rest.precision) == (1.0, 1 / 2)
    assert figures.reasons == {"nothing seems to be missing here": 1, "undefined name": 1}
    points = {point.threshold: point for point in figures.curve}
    assert (points[0.0].silent, points[0.25].silent, points[0.9].silent) == (2 / 4, 3 / 4, 1.0)
    # exp(-1) * 0.9 is 0.33: from there on only the right one is shown, and then nothing.
    assert (points[0.4].line_shown, points[0.4].line_precision) == (1 / 3, 1.0)
    assert (points[0.8].line_shown, points[0.8].line_precision) == (0.0, 0.0)
    assert set(figures.intervals) == {
        *("silent", "line_shown", "line_precision", "rest_shown", "rest_precision")
    }


def test_no_outcomes() -> None:
    with pytest.raises(ValueError, match="at least one outcome"):
        report_quiet(Asked((), (), ()), None, 0.5)


@pytest.mark.parametrize(("p_edit", "silent"), [(0.1, 1.0), (0.99, 0.0)])
def test_the_choice_of_the_model_decides(p_edit: float, silent: float) -> None:
    engine = Oracle(lambda _: "pass", Path("oracle.gguf"), likely=0.99, p_edit=p_edit)
    places = [place for place in quiet_places(documents(), 50, 0) if place.line > 8][:8]
    asked = Asked(list(ask_lines(engine, places, Surroundings())), (), ())
    assert report_quiet(asked, None, 0.5).silent == silent
