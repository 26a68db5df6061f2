import pytest

from lintseq.closure import Remainder
from lintseq.lint import PYFLAKES, lint
from lintseq.program import split_lines
from lintseq.relint import WholeTextWatch
from lintseq.sample import LintSeq


def left_without(text: str, seed: str) -> str:
    """What is left of a text without the line that begins with `seed`."""
    lines = split_lines(text)
    (index,) = (at for at, line in enumerate(lines) if line.lstrip().startswith(seed))
    program = LintSeq.of(lines, keep_findings=True)
    remainder = Remainder(program.structure, program.torn)
    remainder.close(index, WholeTextWatch(lines, PYFLAKES, lint(text), remainder.present))
    return "".join(line for at, line in enumerate(lines) if remainder.present[at])


@pytest.mark.parametrize(
    ("text", "seed", "left"),
    [
        ("a = 1\nb = 2\n", "a", "b = 2\n"),
        # What needs the line leaves too, on and on.
        ("a = 1\nb = a\nc = b\nd = 1\n", "a", "d = 1\n"),
        ("import os\ndef f():\n    return os\nx = 1\n", "import", "x = 1\n"),
        # What is indented deeper leaves, and the block that is then empty.
        ("def f():\n    a = 1\n\n    return 1\nx = 1\n", "def", "x = 1\n"),
        ("if 1:\n    a = 1\nx = 1\n", "a", "x = 1\n"),
        ("if 1:\n    a = 1\nelse:\n    b = 1\n", "b", "if 1:\n    a = 1\n"),
        ("try:\n    a = 1\nfinally:\n    b = 1\nx = 1\n", "finally", "x = 1\n"),
        ("try:\n    a = 1\nexcept OSError:\n    b = 1\nx = 1\n", "b", "x = 1\n"),
        ("@staticmethod\ndef f():\n    pass\n\n\nx = 1\n", "@", "def f():\n    pass\n\n\nx = 1\n"),
        ("x = 1\n\n\n@staticmethod\ndef f():\n    pass\n", "def", "x = 1\n"),
        # A clause without its head does not join another one.
        ("if 1:\n    a = 1\nif 2:\n    b = 1\nelse:\n    c = 1\n", "if 2", "if 1:\n    a = 1\n"),
        ("for i in '':\n    a = 1\nelse:\n    b = 1\nx = 1\n", "for", "x = 1\n"),
        (
            "try:\n    a = 1\nexcept OSError:\n    b = 1\nelse:\n    c = 1\nfinally:\n    d = 1\n",
            "b",
            "try:\n    a = 1\nfinally:\n    d = 1\n",
        ),
        ("match 1:\n    case 1:\n        a = 1\nx = 1\n", "a", "x = 1\n"),
        # A comment that is indented less than its block leaves with it.
        ("def f():\n    a = 1\n# no\n    b = 1\nx = 1\n", "def", "x = 1\n"),
        ("def f():\n    a = 1\n    # end\n\n# of x\nx = 1\n", "def", "\n# of x\nx = 1\n"),
        # What is left of a statement stays if it still is one.
        ("f = dict(\n    a=1,\n    b=2,\n)\n", "a", "f = dict(\n    b=2,\n)\n"),
        ("a = (1 +\n    2)\nb = 1\n", "2", "b = 1\n"),
        ("a = 1 + 2 \\\n    + 3\nb = 1\n", "+", "b = 1\n"),
        ("if 1:\n    a = 1  # \\\n    b = 1\nx = 1\n", "a", "if 1:\n    b = 1\nx = 1\n"),
        ("if 1:\n    a = 1  # \\\nx = 1\n", "a", "x = 1\n"),
        # The compiler refuses a `nonlocal` without a binding.
        (
            "def f():\n    x = 1\n    def g():\n        nonlocal x\n        y = 1\n    return g\n",
            "x",
            "def f():\n    def g():\n        y = 1\n    return g\n",
        ),
        # So do the comments and blank lines above.
        ("x = 1\n\n# of a\n# too\na = 1\n", "a", "x = 1\n"),
        ("x = 1\n# of x\n\n# of a\na = 1\n", "a", "x = 1\n# of x\n"),
        ("if 1:\n    x = 1\n    # inside\na = 1\n", "a", "if 1:\n    x = 1\n    # inside\n"),
        # A string over several lines leaves in one piece.
        ("a = '''\n1\n'''\nb = 1\n", "1", "b = 1\n"),
        (
            "def f():\n    '''Doc.\n\n    More.\n    '''\n    return 1\n",
            "More",
            "def f():\n    return 1\n",
        ),
        # Brackets over several lines lose an item.
        ("a = [\n    1,\n    2,\n]\n", "1", "a = [\n    2,\n]\n"),
        ("a = [\n    1,\n]\nb = 1\n", "a", "b = 1\n"),
        ("a = [\n    1,\n]\nb = 1\n", "]", "b = 1\n"),
        ("a = 1 + \\\n  2\nb = 1\n", "a", "b = 1\n"),
        # An export takes its definition's place in the list, or the list.
        ("__all__ = ['f']\ndef f():\n    pass\nx = 1\n", "def", "x = 1\n"),
    ],
)
def test_what_leaves_with_a_line(text: str, seed: str, left: str) -> None:
    assert lint(text) == ()
    assert left_without(text, seed) == left


@pytest.mark.parametrize(
    ("text", "seed", "left"),
    [
        # Findings that were there may stay.
        ("print(x)\na = 1\n", "a", "print(x)\n"),
        ("print(x)\nx = 1\nprint(x)\n", "x =", "print(x)\n"),
        ("def broken(:\na = 1\n", "a", "def broken(:\n"),
    ],
)
def test_what_leaves_a_text_with_findings(text: str, seed: str, left: str) -> None:
    assert left_without(text, seed) == left
