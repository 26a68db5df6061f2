import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintseq.described import described_functions, describes
from lintseq.examples import implement_one
from lintseq.generated import read_generated
from lintseq.program import EditSequence, Lines, split_lines
from lintseq.tasks import Window
from tests.lintseq.programs import texts


def found(text: str) -> list[tuple[str, str, str]]:
    lines = split_lines(text)
    return [
        (each.name, each.instruction, "".join(lines[each.start : each.stop]))
        for each in described_functions(lines)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'def cut(text):\n    """Remove all white space from both ends.\n\n    More.\n    """\n'
            "    x = 1\n    return text.strip(x)\n",
            (
                "cut",
                "Remove all white space from both ends.",
                "    x = 1\n    return text.strip(x)\n",
            ),
        ),
        (
            "class A:\n    async def cut(self):\n        # Wait until every reader has gone away.\n"
            "        #: Then close.\n        await self.gone()\n",
            (
                "cut",
                "Wait until every reader has gone away.\nThen close.",
                "        await self.gone()\n",
            ),
        ),
        (
            "x = 1\n\n# Find the longest run of equal numbers.\n@cache\ndef longest(rows):\n"
            "    return max(map(len, rows))\n",
            (
                "longest",
                "Find the longest run of equal numbers.",
                "    return max(map(len, rows))\n",
            ),
        ),
        (
            "# Find the longest run of equal numbers.\ndef longest(\n    rows,\n):\n"
            "    return max(map(len, rows))\n",
            (
                "longest",
                "Find the longest run of equal numbers.",
                "    return max(map(len, rows))\n",
            ),
        ),
    ],
)
def test_described(text: str, expected: tuple[str, str, str]) -> None:
    assert found(text) == [expected]


BODY = "    x = 1\n    return x + y\n"


@pytest.mark.parametrize(
    "text",
    [
        "def f(y):\n" + BODY,
        'def f(y):\n    """Add."""\n' + BODY,
        'def f(y):\n    """Return a number that is one larger."""\n    return self.x\n',
        'def f(y):\n    """Return a number that is one larger."""\n    pass\n',
        'def f(y):\n    """Return a number that is one larger."""\n    assert False\n',
        'def f(y):\n    """Return a number that is one larger."""\n    return super().f\n',
        # A comment about the line below it.
        "def f(y):\n    # The number that counts here is one larger.\n" + BODY,
        'def f(y):\n    """Return a number that is one larger."""; return y + 1\n',
        'def f(y):\n    """Return a number that is one larger."""\n    return super().f(y)\n',
        'def __init__(y):\n    """Return a number that is one larger."""\n' + BODY,
        'def test_f(y):\n    """Return a number that is one larger."""\n' + BODY,
        'def f(y):\n    """Return a number that is one larger."""\n' + "    x = 1\n" * 41,
        # A comment that is not the function's.
        "# Return a number that is one larger.\n\ndef f(y):\n" + BODY,
        "def f(y): # Return a number that is one larger.\n" + BODY,
        "# Return a number that is one larger.\ndef f(y): return y + 1\n",
        "def f(:\n",
    ],
)
def test_described_noop(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("name", "description"),
    [
        ("area", "Return the area of a circle with this radius."),
        ("parse_args", "Parse the command line into names and values."),
        ("split", "Cut a text at every comma outside of brackets.\n\n:param text: x"),
    ],
)
def test_describes(name: str, description: str) -> None:
    assert describes(name, description)


@pytest.mark.parametrize(
    ("name", "description"),
    [
        ("area", ""),
        ("area", "Area."),
        ("get_user_name", "Gets the user name of self"),
        ("area", "Deprecated: use `surface` of the shape instead."),
        ("area", ":param radius: the radius of the circle\n:return: its area"),
        ("area", "See the base class for what this function does."),
        ("area", "TODO: write about what the circle function returns"),
        ("area", ".. versionadded:: 1.2 of this nice package here"),
        ("area", "word " * 200),
        ("area", "Compute the surface as in https://example.com/areas of circles"),
    ],
)
def test_describes_noop(name: str, description: str) -> None:
    assert not describes(name, description)


@given(texts(), st.integers(0, 3))
def test_state_and_answer_are_the_program(lines: Lines, seed: int) -> None:
    """Whatever is described: the edits put back what was taken out, where it stood."""
    wide = Window(10**6, 10**6)
    described = split_lines(
        "def f(y):\n    # Return a number that is one larger.\n    x = 1\n    return x + y\n"
    )
    whole = (*(line.removesuffix("\n") + "\n" for line in lines), *described)
    for function in described_functions(whole):
        example = implement_one(whole, function, random.Random(seed), wide)
        edits = read_generated((*example.prompt[2:], *example.answer)).edits
        assert EditSequence(edits).replay() == whole
