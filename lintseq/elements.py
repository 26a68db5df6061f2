"""Lines that hold whole elements of a display, as most lines of a table do.

Without some of them a list, set or dictionary is still one, and the rest of it means what it meant.
For all other parts of statements that has to be found out (`lintseq.closure.stands`).
"""

import ast
from collections.abc import Iterator, Sequence

from lintseq.program import Lines

_Display = ast.List | ast.Set | ast.Dict


def element_lines(
    lines: Lines, spread: Sequence[ast.expr], unit: Sequence[tuple[int, int]]
) -> frozenset[int]:
    """The lines on which nothing stands but whole elements, each with the comma behind it.

    Not among them are elements over several lines, unless these leave together, and those of a
    `%` expression, which has to name each of them.

    Args:
        lines: the program.
        spread: its expressions over several lines.
        unit: for each line, the range of those that leave with it.
    """
    return frozenset(
        line
        for display in _displays(spread)
        for first in _lines_of_elements(lines, display, unit)
        for line in range(*unit[first])
    )


def _displays(spread: Sequence[ast.expr]) -> list[_Display]:
    named = {
        part
        for node in spread
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod)
        for part in ast.walk(node.right)
    }
    return [node for node in spread if isinstance(node, _Display) and node not in named]


def _lines_of_elements(
    lines: Lines, display: _Display, unit: Sequence[tuple[int, int]]
) -> Iterator[int]:
    """The first lines of the units, between the brackets, that hold whole elements."""
    begins: dict[int, bytes] = {}
    ends: dict[int, bytes] = {}
    crossed = {display.lineno - 1, (display.end_lineno or display.lineno) - 1}
    for first, last in _elements(display):
        start, stop = first.lineno - 1, last.end_lineno or last.lineno
        if unit[start][0] == start and stop <= unit[start][1]:
            begins.setdefault(start, lines[start].encode()[: first.col_offset])
            ends[start] = lines[stop - 1].encode()[last.end_col_offset :]
        else:
            crossed |= {start, stop - 1}
    for start, before in begins.items():
        is_alone = crossed.isdisjoint(range(*unit[start]))
        if is_alone and before.strip() in {b"", b"**"} and ends[start].lstrip().startswith(b","):
            yield start


def _elements(display: _Display) -> Iterator[tuple[ast.expr, ast.expr]]:
    """For each element, what it begins and ends with."""
    if isinstance(display, ast.Dict):
        for key, value in zip(display.keys, display.values, strict=True):
            yield key or value, value
    else:
        for element in display.elts:
            yield element, element
