import pytest

from lintseq.infer.propose import Proposal
from lintseq.program import EditSequence, split_lines
from server.preview import text_steps, unified_diff
from tests.server.test_changes import apply, sequence

STUB = "def f():\n    pass\n\n\nx = f()"
TWO = sequence(((1, "    y = 1\n"),), ((2, "    return y\n"),))


def proposal(start: str, edits: EditSequence) -> Proposal:
    """The edits of `start`, for a file whose last line has no newline."""
    states = edits.states(split_lines(start + "\n"))
    return Proposal(edits, tuple("".join(state).removesuffix("\n") for state in states), "", 1.0)


@pytest.mark.parametrize("start", [STUB, STUB.replace("    pass\n", "")])
def test_the_steps_lead_from_the_text_to_the_proposal(start: str) -> None:
    wanted = proposal("def f():\n\n\nx = f()", TWO)
    text, seen = start, []
    for step in text_steps(start, wanted, 0):
        assert step.before == text
        text = apply(text, step.changes)
        assert step.after == text
        seen.append(text)
    assert tuple(seen) == wanted.steps


def test_a_text_at_the_cursor_is_one_step() -> None:
    shown = Proposal(EditSequence(), ("x = 1 + 2",), " + 2", 1.0)
    (step,) = text_steps("x = 1", shown, 5)
    assert apply("x = 1", step.changes) == step.after == "x = 1 + 2"


def test_a_diff_says_where_the_final_newline_is_missing() -> None:
    assert unified_diff("a\nb", "a\nc\nb", "x.py") == (
        "--- a/x.py\n+++ b/x.py\n@@ -1,2 +1,3 @@\n a\n+c\n b\n\\ No newline at end of file\n"
    )


def test_no_diff_noop() -> None:
    assert unified_diff("a\n", "a\n", "x.py") == ""
