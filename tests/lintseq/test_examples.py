import ast
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lintseq.examples import MAKERS, Example
from lintseq.format import Special
from lintseq.generated import read_generated
from lintseq.program import EditSequence, Lines, split_lines
from lintseq.stub import implement_task
from lintseq.tasks import WINDOW, Window, cursor_task
from tests.lintseq.programs import texts

DIFF, END = Special.DIFF, Special.END
PROGRAM = split_lines('''\
"""A shop."""

import os
from math import (
    ceil,
    floor,
)
import json as j


class Shop:
    def price(self, goods):
        """What the goods cost.

        In cents.
        """
        total = 0
        for good in goods:
            total += ceil(good)
        return floor(total)


def load(path):
    """The shop at a path."""
    with open(os.path.join(path, "shop.json")) as file:
        data = j.load(file)
    return data


print(load("."))
''')


def examples(task: str, lines: Lines, window: Window = WINDOW, count: int = 60) -> list[Example]:
    made = [MAKERS[task](lines, random.Random(seed), window) for seed in range(count)]
    return [example for example in made if example]


def built(example: Example) -> Lines:
    """What the answer makes of the state; both are read as a model's writing is."""
    assert example.prompt[1] is DIFF
    assert example.prompt[-1] is DIFF
    generated = read_generated((*example.prompt[2:], *example.answer))
    assert generated.ended == is_ended(example)
    return EditSequence(generated.edits).replay()


def is_ended(example: Example) -> bool:
    return example.answer[-1] is END


def ended(lines: Lines) -> Lines:
    return tuple(line.removesuffix("\n") + "\n" for line in lines)


def check_part(example: Example, program: Lines) -> None:
    """State and answer are a stretch of the program, or its lines in order."""
    lines, whole = built(example), ended(program)
    if example.task == "cursor":
        # A line may be cut in two at the cursor.
        joined = "".join(lines).replace("\n", "")
        assert not is_ended(example) or joined in "".join(whole).replace("\n", "")
    elif example.task == "repair":
        rest = iter(whole)
        assert all(line in rest for line in lines if line not in example.answer[0])
    else:
        assert any(
            lines == whole[at : at + len(lines)] for at in range(len(whole) - len(lines) + 1)
        )


@pytest.mark.parametrize("task", MAKERS)
def test_examples_of_a_program(task: str) -> None:
    made = examples(task, PROGRAM)
    assert made
    for example in made:
        assert example.task == task
        check_part(example, PROGRAM)


@pytest.mark.parametrize("task", MAKERS)
def test_nothing_comes_of_nothing(task: str) -> None:
    assert examples(task, ()) == []


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    texts(),
    st.sampled_from(sorted(MAKERS)),
    st.integers(0, 9),
    st.sampled_from([WINDOW, Window(60, 30)]),
)
def test_examples_of_any_program(lines: Lines, task: str, seed: int, window: Window) -> None:
    example = MAKERS[task](lines, random.Random(seed), window)
    if example:
        check_part(example, lines)
        assert MAKERS[task](lines, random.Random(seed), window) == example


@given(st.text(), st.sampled_from(sorted(MAKERS)), st.integers(0, 9))
def test_examples_of_any_text(text: str, task: str, seed: int) -> None:
    lines = split_lines(text)
    example = MAKERS[task](lines, random.Random(seed), WINDOW)
    if example:
        check_part(example, lines)


def test_a_cursor_example_is_what_the_editor_asks() -> None:
    """Wherever the editor's cursor stands, the example's prompt is the server's."""
    for example in examples("cursor", PROGRAM, Window(10**6, 10**6)):
        edits = read_generated(example.prompt[2:]).edits
        state = EditSequence(edits).replay()
        first = read_generated(example.answer).edits[0].hunks[0]
        text = "".join((*state[: first.at], "\n", *state[first.at :]))
        task = cursor_task(text, first.at, 0, None, Window(10**6, 10**6))
        assert example.answer[0].startswith(task.forced())
        assert ["".join(task.snapshot.before), "".join(task.snapshot.after)] == [
            "".join(state[: first.at]),
            "".join(state[first.at :]),
        ]


def test_an_implement_example_is_what_the_editor_asks() -> None:
    for example in examples("implement", PROGRAM):
        state = EditSequence(read_generated(example.prompt[2:]).edits).replay()
        at = read_generated(example.answer).edits[0].hunks[0].at
        # The editor has a file that parses: the state without the other function's body does.
        task = implement_task("".join(state), at - 1)
        assert task is not None
        assert task.prompt() == example.prompt
        assert example.answer[0].startswith(task.forced)


def test_a_repair_example_asks_for_one_import() -> None:
    asked = {}
    for example in examples("repair", PROGRAM):
        (edit,) = read_generated(example.answer).edits
        ((line,),) = (hunk.lines for hunk in edit.hunks)
        asked[str(example.prompt[0])] = line
        ast.parse("".join(built(example)[: edit.hunks[0].at + 1]))
    assert asked == {
        "undefined name 'os'\n": "import os\n",
        "undefined name 'j'\n": "import json as j\n",
        "undefined name 'ceil'\n": "from math import ceil\n",
        "undefined name 'floor'\n": "from math import floor\n",
    }


def test_a_long_answer_is_cut_behind_whole_lines() -> None:
    lines = tuple(f"x = {n}\n" for n in range(60))
    long = [example for example in examples("cursor", lines, count=300) if not is_ended(example)]
    assert long
    for example in long:
        assert len(example.answer) == 16
        assert example.answer[-1] is DIFF


def test_nothing_missing_is_the_empty_edit() -> None:
    for example in examples("nothing", PROGRAM):
        assert example.answer == ("\n", DIFF, END)


def test_a_sequence_is_a_transcript() -> None:
    for example in examples("sequence", PROGRAM):
        assert example.prompt == ("\n", DIFF)
        assert example.answer[-3:] == ("\n", DIFF, END)
