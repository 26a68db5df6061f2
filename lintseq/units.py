"""Lines that cannot be told apart: a string over several lines is written in one piece.

Without this a linter sees nothing wrong in a docstring whose end has left, as long as the next
docstring ends it.
"""

import ast
from bisect import bisect_left

from lintseq.lint import python_line_ends
from lintseq.program import Lines
from lintseq.syntax import parse_module


def units(lines: Lines) -> tuple[int, ...]:
    """For each line, the first line of the unit it belongs to: itself, or a string's first.

    Every line of a text that does not parse is a unit of its own.
    """
    first = list(range(len(lines)))
    ends = python_line_ends(lines)
    for start, stop in sorted(_multiline_strings("".join(lines))):
        begin, end = bisect_left(ends, start), bisect_left(ends, stop)
        for line in range(begin, min(end + 1, len(lines))):
            first[line] = min(first[line], first[begin])
    return tuple(first)


def _multiline_strings(text: str) -> list[tuple[int, int]]:
    tree = parse_module(text)
    return (
        []
        if tree is None
        else [
            (node.lineno, node.end_lineno)
            for node in ast.walk(tree)
            if isinstance(node, ast.JoinedStr)
            or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))
            if node.end_lineno is not None and node.end_lineno > node.lineno
        ]
    )
