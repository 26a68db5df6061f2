import random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from lintseq import LintSeq
from lintseq.imports.known import Surroundings
from lintseq.infer.judge import judge_step
from lintseq.infer.propose import Proposal, verify_at_cursor
from lintseq.infer.walk import walk_through
from lintseq.lint import lint
from lintseq.program import Edit, EditSequence, Hunk, split_lines
from tests.lintseq.programs import texts

LOOP = "    for item in items:\n        total += item\n"
BODY = f"    total = 0\n{LOOP}    print(items)\n    return total\n"
STUB = "def f(items):\n    pass\n"
DONE = f"def f(items):\n{BODY}"


def implemented() -> Proposal:
    """The body of the stub, in steps that each lint clean: lines 0; 1 and 2; 3; 4."""
    lines = split_lines(BODY)
    edits = EditSequence(
        (
            Edit((Hunk(1, lines[:1]),)),
            Edit((Hunk(2, lines[4:]),)),
            Edit((Hunk(2, lines[1:3]),)),
            Edit((Hunk(4, lines[3:4]),)),
        )
    )
    start = split_lines("def f(items):\n")
    return Proposal(edits, tuple("".join(state) for state in edits.states(start)), "", 0.5)


def test_step_by_step_it_goes_through_the_steps_and_back() -> None:
    proposal = implemented()
    walk = walk_through(STUB, proposal, 0)
    assert walk.text == STUB
    for step, text in enumerate(proposal.steps):
        walk = walk.accepted(step)
        assert walk.text == text
    assert walk.text == DONE
    assert walk.ahead == ()
    for text in (*reversed(proposal.steps[:-1]), STUB):
        walk = walk.undone()
        assert walk.text == text
    assert walk.ahead == (0, 1, 2, 3)
    with pytest.raises(ValueError, match="no step is accepted"):
        walk.undone()


def test_up_to_a_step() -> None:
    walk = walk_through(STUB, implemented(), 0).accepted(2)
    assert walk.text == implemented().steps[2]
    assert (walk.taken, walk.ahead) == ((0, 1, 2), (3,))
    with pytest.raises(ValueError, match="step 1 is not offered; offered: 3"):
        walk.accepted(1)


def test_what_needs_a_skipped_step_is_left_out() -> None:
    walk = walk_through(STUB, implemented(), 0).skipped(0)
    # Without `total = 0` neither the loop nor the return is clean.
    assert walk.ahead == (3,)
    assert walk.accepted(3).text == "def f(items):\n    print(items)\n"
    walk = walk_through(STUB, implemented(), 0).accepted(0).skipped(2)
    assert walk.ahead == (1, 3)
    assert walk.accepted(3).text == DONE.replace(LOOP, "")
    with pytest.raises(ValueError, match="not offered"):
        walk.skipped(2)


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_the_end_of_the_file_stays_as_it_was(end: str) -> None:
    text = f"a = 1{end}"
    newline = end or "\n"
    edits = EditSequence((Edit((Hunk(1, (f"b = 2{newline}",)),)),))
    after = f"a = 1{newline}b = 2{end}"
    walk = walk_through(text, Proposal(edits, (after,), "", 1.0), 0).accepted(0)
    assert walk.text == after
    assert walk.undone().text == text


def test_a_text_at_the_cursor_and_its_import() -> None:
    text = "import re\n\n\ndef f(x):\n    return \n"
    proposal = verify_at_cursor(
        text, text.index("return ") + 7, "os.path.join(x)", 1.0, Surroundings()
    )
    assert isinstance(proposal, Proposal)
    walk = walk_through(text, proposal, text.index("return ") + 7)
    assert [walk.accepted(step).text for step in (0, 1)] == [*proposal.steps]
    # Without the import the name is undefined.
    assert walk.skipped(0).ahead == ()


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(texts(), st.integers(0, 999), st.data())
def test_any_way_through_lints_as_clean_as_the_beginning(
    program: tuple[str, ...], seed: int, data: st.DataObject
) -> None:
    text = "".join(program)
    assume(program and not lint(text))
    edits = LintSeq.of(program).sample(random.Random(seed))
    states = tuple("".join(state) for state in edits.states(()))
    # The compiler finds more than the linter that the sampler asks.
    assume(all(judge_step("", state).is_clean for state in states))
    walk = walk_through("", Proposal(edits, states, "", 1.0), 0)
    while walk.ahead:
        step = data.draw(st.sampled_from(walk.ahead))
        move = data.draw(
            st.sampled_from(["accept", "skip", "undo"] if walk.taken else ["accept", "skip"])
        )
        if move == "undo":
            walk = walk.undone().skipped(walk.taken[-1])
        else:
            walk = walk.accepted(step) if move == "accept" else walk.skipped(step)
        assert not lint(walk.text)
        kept = iter(program)
        assert all(line in kept for line in split_lines(walk.text) if walk.text.endswith("\n"))
