"""How sampling takes a program apart; its promises are in `test_laws.py`."""

import random

from lintseq.program import Lines, split_lines
from lintseq.sample import LintSeq


def states(text: str, seeds: int = 40) -> set[Lines]:
    """All states of a number of samples."""
    program = LintSeq.of(split_lines(text))
    return {
        state for seed in range(seeds) for state in program.sample(random.Random(seed)).states()
    }


def test_a_docstring_comes_with_what_it_describes() -> None:
    text = "'Module.'\ndef f():\n    'Does.'\n    x = 1\n    return x\ny = 1\n"
    for state in states(text):
        assert state[0] == "'Module.'\n"
        assert ("def f():\n" in state) == ("    'Does.'\n" in state)


def test_comments_come_with_what_they_describe() -> None:
    text = "x = 1\n\n# Of y,\n# the second.\ny = 2\nz = 3\n"
    for state in states(text):
        for comment in ("# Of y,\n", "# the second.\n"):
            assert (comment in state) == ("y = 2\n" in state)


def test_any_line_of_code_may_come_last() -> None:
    text = "def f(a):\n    b = a\n    return a\n\n\nx = f(1)\ny = 2\n"
    program = LintSeq.of(split_lines(text))
    last = {program.sample(random.Random(seed)).edits[-1] for seed in range(200)}
    firsts = {edit.hunks[0].lines[-1] for edit in last}
    assert firsts == {"    return a\n", "    b = a\n", "x = f(1)\n", "y = 2\n"}


def test_one_program_gives_the_same_as_a_fresh_one() -> None:
    lines = split_lines("import os\nx = [\n    os.sep,\n    (1,\n     2),\n]\nprint(x)\n")
    program = LintSeq.of(lines)
    for seed in [0, 1, 2, 1, 0]:
        again = LintSeq.of(lines).sample(random.Random(seed))
        assert program.sample(random.Random(seed)) == again
