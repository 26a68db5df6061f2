import ast

import pytest

from lintseq.elements import element_lines
from lintseq.program import split_lines
from lintseq.structure import Structure


def structure(text: str) -> Structure:
    return Structure.of(split_lines(text), ast.parse(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\n", [0, 1]),
        ("a = '''\n1\n'''\nb\n", [0, 0, 0, 3]),
        ("a = f'''\n{a}\n'''\n", [0, 0, 0]),
        ("a = b'''\n'''\n", [0, 0]),
        ("f('''\n''', '''\n''')\nb\n", [0, 0, 0, 3]),
        ("a = 'x' \\\n  'y'\n", [0, 0]),
        ("a \\\n\nb\n", [0, 0, 2]),
        ("a \\\n \\\n # c\nb\n", [0, 0, 0, 3]),
        ("a \\\n ; b\nc\n", [0, 0, 2]),
        ("a\n\\\nb\n", [0, 1, 1]),
        ("a + \\\n b\n", [0, 1]),
        ("a  # \\\nb\n", [0, 1]),
        ("a = (1,\n2)\n", [0, 1]),
    ],
)
def test_lines_of_a_string_or_behind_a_backslash_are_one_unit(
    text: str, expected: list[int]
) -> None:
    assert [first for first, _ in structure(text).unit] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\n", "01"),
        ("a = [\n1,\n]\nb\n", "0001"),
        ("a; b = (1,\n2); c\nd\n", "001"),
        ("# c\n\na\n", "--0"),
        # A header ends where its block begins, whatever stands between.
        ("def f(\n a,\n):\n # c\n\n pass\n", "000--1"),
        ("@a\n@b(\n 1)\nasync def f():\n  pass\n", "00001"),
        ("if (a and\n  b): f(\n 1)\nc\n", "0001"),
        # Clauses are pieces of their own, also without a node.
        ("if a:\n b\nelif c:\n d\nelse:\n e\n", "012345"),
        ("if a: b\nelif c: d\nelse: e\n", "012"),
        ("if a:\n b\nelse: # c\n # d\n if e:\n  f\n", "012-34"),
        ("else_ = 1\nwhile a:\n b\nelse:\n else_ = 2\n", "01234"),
        ("try:\n a\nexcept (A,\n B):\n b\nelse:\n c\nfinally:\n d\n", "012234567"),
        ("match a:\n # c\n case (\n  1 |\n  2):\n  b\n case _: c\n", "0-11123"),
        ("a = 1 + \\\n 2\nb\n", "001"),
        ("try:\n a\nexcept A:\n b\nelse \\\n:\n c\n", "0123445"),
        ("@ \\\n a\ndef f(): b\n", "000"),
        ("@(\n a\n)\nclass A:\n b\n", "00001"),
        ("é = 'é'; b\nif é: é\n", "01"),
    ],
)
def test_pieces(text: str, expected: str) -> None:
    numbers = structure(text).piece
    assert "".join("-" if number < 0 else str(number) for number in numbers) == expected


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        ("a = [\n 1,\n 2, 3,\n 4\n]\n", {1, 2}),
        ("a = [1,\n 2,\n 3]\n", {1}),
        ("a = {\n 'a': 1,\n **b,\n 'c':\n  2,\n}\n", {1, 2}),
        ("a = {\n 'a': 'b'\n  'c',\n 'd': [\n  1,\n ],\n}\n", {1, 2, 4}),
        ("a = [\n (1),\n b(\n 2,\n ),\n]\n", set()),
        ("a = [\n 1\n , 2\n , 3\n]\n", set()),
        ("a = (\n 1,\n 2,\n)\nf(\n 1,\n)\n", set()),
        ("'%(a)s' % {\n 'a': 1,\n}\n", set()),
        ("é = ['é', [\n 'é',  # c\n]]\n", {1}),
    ],
)
def test_lines_that_hold_whole_elements(text: str, loose: set[int]) -> None:
    lines = split_lines(text)
    spread = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.expr)]
    assert element_lines(lines, spread, structure(text).unit) == loose


@pytest.mark.parametrize("text", ["def broken(:\n", "a = 1\rb = 2\n", ""])
def test_without_a_tree_only_the_indentation_counts(text: str) -> None:
    lines = split_lines(text)
    try:
        tree: ast.Module | None = ast.parse(text)
    except SyntaxError:
        tree = None
    assert not Structure.of(lines, tree).is_known


def test_followers_without_a_tree() -> None:
    lines = split_lines("def f(:\n  a\n\n   b\n  c\n\nd\n")
    assert Structure.of(lines, None).followers == (5, 4, 3, 4, 5, 6, 7)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("'a'\nx = 1\n", {0}),
        ("# c\n'a'\n'b'\n", {1}),
        ('def f():\n  # c\n  """a\n  b"""\n  x = 1\n', {2, 3}),
        ("class A:\n  'a'\n  def f(self): 'b'\n", {1}),
        ("def f(): 'a'\nif 1:\n  'b'\nx = 1\n'c'\n", set()),
        ("f'a'\nb''\n", set()),
    ],
)
def test_docstrings(text: str, lines: set[int]) -> None:
    assert structure(text).docstrings == lines
