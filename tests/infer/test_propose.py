"""From what a model wrote to what is shown, or why it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintseq.format import Segment, Special
from lintseq.infer.calibration import Calibration, confidence_of, read_calibration
from lintseq.infer.propose import Proposal, Rejected, propose_at_cursor, propose_edits
from lintseq.infer.request import Candidate
from lintseq.stub import implement_task
from lintseq.tasks import cursor_task, next_edit_task

MARK = "‸"


def at(marked: str) -> tuple[str, int, int]:
    """The text without its mark, and the line and character of the mark."""
    line = marked.count("\n", 0, marked.index(MARK))
    return marked.replace(MARK, ""), line, marked.split("\n")[line].index(MARK)


def wrote(*segments: Segment, ended: str = "edit") -> Candidate:
    return Candidate(segments=segments, logprobs=(-0.1,), ended=ended)  # type: ignore[arg-type]


def propose(marked: str, *segments: Segment) -> Proposal | Rejected:
    return propose_at_cursor(cursor_task(*at(marked)), wrote(*segments), 1.0)


@pytest.mark.parametrize(
    ("marked", "generated", "after"),
    [
        ("x = 1\nprint(‸\n", "x)\n", "x = 1\nprint(x)\n"),
        # What follows on the line is glued back on, and not said twice.
        ("x = 1\nprint(‸)\n", "x\n", "x = 1\nprint(x)\n"),
        ("x = 1\nprint(‸)\n", "x)\n", "x = 1\nprint(x)\n"),
        # Line ends follow the file.
        ("x = 1\r\ny = ‸\r\n", "x\n", "x = 1\r\ny = x\r\n"),
        ("x = 1\ny = ‸", "x\n", "x = 1\ny = x"),
        ("def f(a):\n    ‸\n", "return a\n", "def f(a):\n    return a\n"),
        ("x = 1\nif print(‸):\n    x\n", "x)\n", "x = 1\nif print(x):\n    x\n"),
        ("x = 1\nprint([‸])\n", "x]\n", "x = 1\nprint([x])\n"),
        ("# coding: latin-1\nx = ‸\n", "'é'\n", "# coding: latin-1\nx = 'é'\n"),
        ("x = ‸\n", "'€'\n", "x = '€'\n"),
        # A header needs no body to be shown.
        ("x = 1\nif ‸\n", "x:\n", "x = 1\nif x:\n"),
    ],
)
def test_shows_at_the_cursor(marked: str, generated: str, after: str) -> None:
    outcome = propose(marked, generated)
    assert isinstance(outcome, Proposal), outcome
    text, line, character = at(marked)
    assert outcome.text == after
    offset = sum(len(each) for each in text.splitlines(keepends=True)[:line]) + character
    assert text[:offset] + outcome.shown + text[offset:] == after


def test_shows_several_lines() -> None:
    outcome = propose(
        "def f(a):\n    if ‸\n", "a:\n", Special.DIFF, "@@ -2,0 +3 @@\n+        return a\n"
    )
    assert isinstance(outcome, Proposal)
    assert outcome.text == "def f(a):\n    if a:\n        return a\n"


def lines_at(number: int, *lines: str) -> list[Segment]:
    """What a model writes for several lines, the first at line `number` of the state."""
    found: list[Segment] = [f"{lines[0]}\n"]
    for at, line in enumerate(lines[1:], number):
        found += [Special.DIFF, f"@@ -{at},0 +{at + 1} @@\n+{line}\n"]
    return found


def test_lines_that_follow_anyway_are_not_written_again() -> None:
    outcome = propose(
        "def f(a):\n    ‸\n    return a\n\n\nprint(f(1))\n",
        *lines_at(2, "a += 1", "    return a"),
    )
    assert isinstance(outcome, Proposal), outcome
    assert outcome.shown == "a += 1"


@pytest.mark.parametrize(
    ("text", "written", "after"),
    [
        ("def g():\n\treturn 1\n\n\ndef f(a):\n\tif ‸\n", "        return a", "\t\treturn a"),
        ("def g():\n    return 1\n\n\ndef f(a):\n    if ‸\n", "\t\treturn a", "        return a"),
    ],
)
def test_further_lines_are_indented_as_the_file_is(text: str, written: str, after: str) -> None:
    outcome = propose(text, *lines_at(6, "a:", written))
    assert isinstance(outcome, Proposal), outcome
    assert outcome.shown == f"a:\n{after}"


def test_edits_are_indented_as_the_file_is() -> None:
    text = STUB.replace("    ", "\t")
    outcome = implement(" @@\n+    return r * r\n", Special.DIFF, "\n", Special.DIFF, text=text)
    assert isinstance(outcome, Proposal), outcome
    assert outcome.text == text.replace("\tpass\n", "\treturn r * r\n")


@pytest.mark.parametrize(
    ("marked", "generated", "reason"),
    [
        ("x = 1\nprint(‸\n", "y)\n", "undefined name 'y'"),
        ("x = 1\nprint(‸\n", "x\n", "syntax error"),
        ("x = 1\nprint(‸\n", "x)", "the model did not finish the line"),
        ("x = 1‸\n", "\n", "nothing is missing on this line"),
        ("x = 1\n‸\ny = 2\n", "y = 2\n", "it repeats what follows"),
        ("# coding: latin-1\nx = ‸\n", "'€'\n", "the encoding that the file names"),
        ("x = ‸\n", "'\ufffd'\n", "the model wrote half a character"),
        ("\ufeffx = 1\nprint(‸\n", "y)\n", "undefined name 'y'"),
        ("\ufefffor e in range(1\n    n = e\n‸\n", "print(n)\n", "the text around"),
    ],
)
def test_keeps_back(marked: str, generated: str, reason: str) -> None:
    outcome = propose(marked, generated)
    assert isinstance(outcome, Rejected)
    assert outcome.reason.startswith(reason)


STUB = 'import os\n\n\ndef area(r):\n    """Return the area."""\n    pass\n\n\nx = 1\n'


def implement(*segments: Segment, text: str = STUB, ended: str = "sequence") -> Proposal | Rejected:
    task = implement_task(text, 4)
    assert task is not None
    return propose_edits(task, wrote(*segments, ended=ended), 1.0)


def test_a_body_takes_the_placeholder_s_place() -> None:
    outcome = implement(" @@\n+    return r * r\n", Special.DIFF, "\n", Special.DIFF)
    assert isinstance(outcome, Proposal), outcome
    assert outcome.text == STUB.replace("    pass\n", "    return r * r\n")


def test_every_step_is_clean_and_the_last_is_the_text() -> None:
    outcome = implement(
        " @@\n+    square = r * r\n",
        Special.DIFF,
        "@@ -6,0 +7 @@\n+    return square\n",
        Special.DIFF,
        "\n",
        Special.DIFF,
    )
    assert isinstance(outcome, Proposal), outcome
    assert len(outcome.steps) == 2
    assert outcome.steps[0] == STUB.replace("    pass\n", "    square = r * r\n")
    assert outcome.text == STUB.replace("    pass\n", "    square = r * r\n    return square\n")


@pytest.mark.parametrize(
    ("segments", "reason"),
    [
        ((" @@\n+    return radius\n", Special.DIFF, "\n", Special.DIFF), "undefined name"),
        # One step that is not clean spoils the sequence, even if the next one mends it.
        (
            (
                " @@\n+    return square\n",
                Special.DIFF,
                "@@ -5,0 +6 @@\n+    square = r * r\n",
                Special.DIFF,
                "\n",
                Special.DIFF,
            ),
            "undefined name 'square'",
        ),
        (
            (
                " @@\n+    return r\n",
                Special.DIFF,
                "@@ -99,0 +100 @@\n+x\n",
                Special.DIFF,
                "\n",
                Special.DIFF,
            ),
            "the model named a place",
        ),
        (("nonsense",), "the model wrote no whole edit"),
        ((" @@\n+    pass\n", Special.DIFF, "\n", Special.DIFF), "it adds nothing but space"),
        ((" @@\n+\n", Special.DIFF, "\n", Special.DIFF), "it adds nothing but space"),
        ((" @@\n+    return r\n",), "the model did not finish"),
    ],
)
def test_edits_kept_back(segments: tuple[Segment, ...], reason: str) -> None:
    ended = "sequence" if segments[-1] is Special.DIFF else "tokens"
    outcome = implement(*segments, ended=ended)
    assert isinstance(outcome, Rejected)
    assert outcome.reason.startswith(reason)


@pytest.mark.parametrize("ending", ["\n", "\r\n", ""])
def test_an_edit_at_the_end_follows_the_file(ending: str) -> None:
    newline = ending or "\n"
    text = f"x = 1{newline}y = 2{ending}"
    task = next_edit_task(text, 1)
    segments = ("@@ -2,0 +3 @@\n+z = x\n", Special.DIFF, "\n", Special.DIFF)
    outcome = propose_edits(task, wrote(*segments, ended="sequence"), 1.0)
    assert isinstance(outcome, Proposal), outcome
    assert outcome.text == f"x = 1{newline}y = 2{newline}z = x{ending}"


def test_a_window_s_line_numbers_are_mapped_to_the_file() -> None:
    text = "".join(f"x{number} = {number}\n" for number in range(500))
    task = next_edit_task(text, 400)
    assert task.snapshot.first > 0
    at_line = len(task.snapshot.before)
    segments = (f"@@ -{at_line},0 +{at_line + 1} @@\n+y = x400\n", Special.DIFF, "\n", Special.DIFF)
    outcome = propose_edits(task, wrote(*segments, ended="sequence"), 1.0)
    assert isinstance(outcome, Proposal)
    assert outcome.text == text.replace("x400 = 400\n", "x400 = 400\ny = x400\n")


def test_a_place_outside_the_window_is_kept_back() -> None:
    text = "x = 1\n" * 500
    task = next_edit_task(text, 0)
    behind = len(task.snapshot.before) + len(task.snapshot.after) + 1
    segments = (f"@@ -{behind},0 +{behind + 1} @@\n+y = 1\n", Special.DIFF, "\n", Special.DIFF)
    outcome = propose_edits(task, wrote(*segments, ended="sequence"), 1.0)
    assert outcome == Rejected("the model named a place that is not there")


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("x = 1\r\ny = 2", "x = 1\r\ny = 2\r\nz = x"),
        ("x = 1\ny = 2\r", "x = 1\ny = 2\r\nz = x"),
        ("x = 1\r\ny = 2\r", "x = 1\r\ny = 2\r\r\nz = x"),
    ],
)
def test_a_last_line_without_newline_gets_that_of_the_file(text: str, after: str) -> None:
    segments = ("@@ -2,0 +3 @@\n+z = x\n", Special.DIFF, "\n", Special.DIFF)
    outcome = propose_edits(next_edit_task(text, 1), wrote(*segments, ended="sequence"), 1.0)
    assert isinstance(outcome, Proposal), outcome
    assert outcome.text == after


@pytest.mark.parametrize("text", ["x = 1\ny = 2\r", "x = 1\r\ny = 2\r", "x = 1\r\ny = 2"])
def test_the_end_of_a_file_stays_as_it_is(text: str) -> None:
    segments = ("@@ -0,0 +1 @@\n+z = 0\n", Special.DIFF, "\n", Special.DIFF)
    outcome = propose_edits(next_edit_task(text, 1), wrote(*segments, ended="sequence"), 1.0)
    assert isinstance(outcome, Proposal), outcome
    assert outcome.text.endswith(text)


@given(st.text(alphabet="xy=()+-@\n \r:,01", max_size=60), st.booleans())
def test_whatever_a_model_writes_the_rest_of_the_text_stays(generated: str, finish: bool) -> None:
    text, line, character = at("x = 1\ny = f(‸)\nz = 3\n")
    outcome = propose_at_cursor(
        cursor_task(text, line, character), wrote(generated + "\n" * finish), 1.0
    )
    if isinstance(outcome, Proposal):
        assert outcome.text == f"x = 1\ny = f({outcome.shown})\nz = 3\n"


def test_confidence_without_calibration_is_the_likelihood() -> None:
    assert confidence_of(None, (-0.5, -0.5), 0.5) == pytest.approx(0.5 * 2.718281828**-1)


def test_calibration_is_read_from_the_manifest() -> None:
    assert read_calibration({}) is None
    entry = {"intercept": 1.0, "weights": {"sum": 2.0}, "cursors": 10}
    assert read_calibration(entry) == Calibration(1.0, {"sum": 2.0})
    assert Calibration(0.0, {"sum": 1.0}).confidence((-1.0, -1.0), 1.0) == pytest.approx(0.1192029)
    with pytest.raises(ValueError, match="known features"):
        read_calibration({"intercept": 0.0, "weights": {"length": 1.0}})
    with pytest.raises(ValueError, match="intercept"):
        read_calibration({"weights": {}})


@pytest.mark.parametrize("waiver", ["# noqa", "# noqa: F821"])
def test_a_model_cannot_silence_the_linter(waiver: str) -> None:
    assert propose("x = 1\nprint(‸\n", f"y)  {waiver}\n") == Rejected("it would silence the linter")
    outcome = implement(f" @@\n+    return radius  {waiver}\n", Special.DIFF, "\n", Special.DIFF)
    assert outcome == Rejected("it would silence the linter")


def test_a_byte_order_mark_is_no_error() -> None:
    outcome = propose("\ufeffx = 1\nprint(‸\n", "x)\n")
    assert isinstance(outcome, Proposal), outcome


def test_a_file_of_lone_returns_gets_no_line() -> None:
    text = "import sys\rx = 1\rdef f():\r    pass\r"
    task = next_edit_task(text, 0)
    outcome = propose_edits(task, wrote("@@ -1,0 +2 @@\n+y = 2\n"), 1.0, steps=1)
    assert isinstance(outcome, Rejected)
    assert "carriage return" in outcome.reason
