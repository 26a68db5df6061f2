from collections.abc import Sequence
from pathlib import Path

import pytest

from lintseq.format import text_of
from lintseq.infer.calibration import Calibration
from lintseq.infer.engine import Request
from lintseq.infer.ghost import TOO_LONG
from tests.training.evaluate.oracle import Oracle, documents
from training.evaluate.candidates import Candidates
from training.evaluate.confidence import Point
from training.evaluate.cursors import Cursor, random_cursors, with_next_lines
from training.evaluate.lines import Outcome, ask_lines, report_lines, report_next_lines
from training.evaluate.surroundings import Surroundings

MODEL = Path("oracle.gguf")
CURSORS = random_cursors(documents(), 24, seed=0)


def at(written: str) -> Cursor:
    return Cursor("0" * 64, "x = ", 0, 4, written)


def outcomes_of(engine: Oracle, cursors: Sequence[Cursor] = CURSORS) -> list[Outcome]:
    return list(ask_lines(engine, cursors, Surroundings()))


def knowing() -> Oracle:
    """An engine that writes at each of the cursors what stood there."""
    answers = iter([cursor.written for cursor in CURSORS])
    return Oracle(lambda _request: next(answers), MODEL)


@pytest.mark.parametrize(
    ("shown", "written", "is_exact"),
    [
        ("1", "1", True),
        ("1", "1  ", True),
        ("1\r", "1", True),
        ("1", "2", False),
        (" 1", "1", False),
        ("1\ny = 2", "1", False),
        ("1 \ny = 2", "1\ny = 2 ", True),
        ("1\n y = 2", "1\ny = 2", False),
        ("", "", False),
    ],
)
def test_exact(shown: str, written: str, is_exact: bool) -> None:
    assert Outcome(at(written), shown).is_exact is is_exact


def test_report_of_hand_made_outcomes() -> None:
    linted, broken = Candidates(1, 1, 1, 4), Candidates(1, 0, 0, 6)
    outcomes = [
        Outcome(at("1"), "1", "", True, logprobs=(-0.1,), ms=10.0, candidates=linted),
        Outcome(at("12"), "1", logprobs=(-1.0, -1.0), ms=20.0, candidates=linted),
        Outcome(at("1"), "", "suppressed: undefined name 'a'", ms=30.0, candidates=broken),
        Outcome(at("1"), "", "suppressed: undefined name 'b'", ms=40.0, candidates=broken),
        Outcome(at("1"), "", "out of time", ms=50.0),
    ]
    figures = report_lines(outcomes, None)
    assert figures.exact == 1 / 5
    assert figures.similarity == pytest.approx((1 + 2 / 3) / 5)
    assert figures.proposed == 2 / 5
    assert (figures.candidates.linted, figures.candidates.clean) == (4, 2 / 4)
    assert figures.candidates.tokens == 20 / 5
    assert figures.reachable == 1 / 5
    assert (figures.p50_ms, figures.p90_ms) == (30.0, 46.0)
    assert figures.silent == {"undefined name": 2, "out of time": 1}
    # exp(-0.1) is 0.905, exp(-2) is 0.135.
    assert figures.curve[0] == Point(0.0, 2 / 5, 1 / 2)
    assert figures.curve[-1] == Point(0.9, 1 / 5, 1.0)
    assert figures.calibration_error == pytest.approx((0.095163 + 0.135335) / 2, abs=1e-5)
    assert figures.intervals["exact"].low == figures.intervals["exact"].high == 1 / 5


@pytest.mark.parametrize(
    ("shown", "written", "similarity"),
    [
        ("", "abc", 0.0),
        ("abc", "abc", 1.0),
        (" abc ", "abc", 1.0),
        ("abc", "xyz", 0.0),
        # One character is deleted and one inserted, of both lengths together.
        ("abcd", "abce", 1 - 2 / 8),
        ("abcd", "ab", 1 - 2 / 6),
    ],
)
def test_similarity(shown: str, written: str, similarity: float) -> None:
    assert Outcome(at(written), shown).similarity == pytest.approx(similarity)


def test_next_lines_are_missing_too() -> None:
    pairs = [(cursor, with_next_lines(cursor, 2)) for cursor in CURSORS]
    found = [(cursor, further) for cursor, further in pairs if further]
    assert 5 < len(found) < len(CURSORS)
    for cursor, further in found:
        _, *below = further.written.split("\n")
        lines = further.text.split("\n")
        lines[further.line + 1 : further.line + 1] = below
        assert "\n".join(lines) == cursor.text
        assert len(below) == 2
        assert below[-1].strip()


def test_report_of_next_lines() -> None:
    outcomes = [
        Outcome(at("1\ny = 2"), "1\ny = 2", candidates=Candidates(1, 1, 1, 8)),
        Outcome(at("1\ny = 2"), "1", candidates=Candidates(1, 1, 1, 2)),
        Outcome(at("1\ny = 2"), "2\ny = 2\nz = 3"),
        Outcome(at("1\ny = 2"), "", "out of time"),
    ]
    figures = report_next_lines(outcomes, 2)
    assert figures is not None
    assert (figures.cursors, figures.lines) == (4, 2)
    assert (figures.exact, figures.first_exact, figures.proposed) == (1 / 4, 2 / 4, 3 / 4)
    assert figures.proposed_lines == (2 + 1 + 3) / 3
    assert figures.candidates.tokens == 10 / 4
    assert report_next_lines([], 2) is None


def test_the_calibration_decides_the_curve() -> None:
    outcomes = [Outcome(at("1"), "1", logprobs=(-3.0,))]
    assert [len(report_lines(outcomes, c).curve) for c in (None, Calibration(9.0, {}))] == [1, 10]


def test_no_outcomes() -> None:
    with pytest.raises(ValueError, match="at least one outcome"):
        report_lines([], None)


def test_an_engine_that_knows_is_exact_wherever_something_is_shown() -> None:
    outcomes = outcomes_of(knowing())
    assert all(outcome.is_exact for outcome in outcomes if outcome.shown)
    figures = report_lines(outcomes, None)
    assert figures.exact == figures.proposed == figures.similarity == figures.reachable > 0.5
    assert all(outcome.ms > 0 for outcome in outcomes)


def test_an_engine_that_writes_undefined_names_is_silent() -> None:
    cursors = [at("1"), at("2")]
    figures = report_lines(outcomes_of(Oracle(lambda _: "unknown", MODEL), cursors), None)
    assert (figures.proposed, figures.candidates.clean, figures.candidates.parsing) == (0, 0, 1)
    assert figures.silent == {"undefined name": 2}


def test_nothing_missing_counts_at_the_beginning_of_a_line_only() -> None:
    typed = Cursor("0" * 64, "x = 1\nx.\n", 1, 2, "real")
    empty = Cursor("0" * 64, "x = 1\n\n", 1, 0, "x += 1")
    one, other = outcomes_of(Oracle(lambda _: "real", MODEL, p_edit=0.1), [typed, empty])
    assert (one.shown, one.p_edit) == ("real", 1.0)
    assert (other.shown, other.p_edit) == ("", 0.1)
    assert other.reason == "nothing seems to be missing here"


def test_a_prompt_that_is_too_long_is_asked_with_less_around_it() -> None:
    prompts: list[str] = []

    def reply(request: Request) -> str:
        prompts.append(text_of(request.prompt))
        return "1"

    engine = Oracle(reply, MODEL)
    cursor = Cursor("0" * 64, "a = 1\n" * 300 + "x = ", 300, 4, "1")
    engine.longest_prompt = 1000
    (outcome,) = outcomes_of(engine, [cursor])
    assert outcome.is_exact
    assert [500 < len(prompt) <= 1000 for prompt in prompts] == [True]
    engine.longest_prompt = 10
    (outcome,) = outcomes_of(engine, [cursor])
    assert outcome.reason == TOO_LONG
