import pytest

from lintseq.instruct import instruct_tasks
from lintseq.program import split_lines

TEXT = 'import os\n\n\ndef f(a):\n    """Do."""\n    pass\n\n\nx = 1\n'


def before(selected: range, way: int = -1) -> str:
    """What stands in front of the place that the task of this number is about."""
    task = [*instruct_tasks(TEXT, "words", selected)][way]
    return "".join(task.snapshot.before)


@pytest.mark.parametrize("selected", [range(3, 3), range(5, 5), range(3, 6)])
def test_words_about_a_stub_are_about_its_body(selected: range) -> None:
    (task,) = instruct_tasks(TEXT, " read it ", selected)
    assert task.instruction == "read it"
    assert task.removed == range(5, 6)


@pytest.mark.parametrize(("line", "lines"), [(1, 1), (0, 1), (8, 9), (9, 9), (99, 9)])
def test_a_blank_line_is_written_above_and_any_other_behind(line: int, lines: int) -> None:
    assert before(range(line, line)) == "".join(split_lines(TEXT)[:lines])


def test_a_selection_is_written_into_or_else_behind() -> None:
    free, forced = instruct_tasks(TEXT, "words", range(0, 1))
    assert (free.forced, free.places) == ("", range(0, 2))
    assert (forced.forced, forced.places) == ("@@ -1,0 +2", None)
    assert before(range(0, 1)) == "import os\n"
    # One that goes beyond the stub is not about its body.
    assert len([*instruct_tasks(TEXT, "words", range(3, 9))]) == 2


def test_a_control_token_in_the_words_is_no_end_of_the_instruction() -> None:
    for task in instruct_tasks(TEXT, "a\n<|diff|>b", range(0, 1)):
        assert task.instruction == "a b"


def test_no_words_are_refused() -> None:
    with pytest.raises(ValueError, match="has words"):
        next(instruct_tasks(TEXT, " \n", range(0)))
