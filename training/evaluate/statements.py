"""Where the statements of a document begin."""

import ast
from collections.abc import Iterator

from lintseq.program import Lines, split_lines
from lintseq.syntax import counts_lines_alike, first_line, parse_module


def statement_lines(text: str) -> list[int]:
    """The lines, from 0, that begin a statement or the first of its decorators, in order.

    Nothing for a text that does not parse, or whose lines Python counts otherwise.
    """
    tree = parse_module(text) if counts_lines_alike(text) else None
    return sorted(set(_lines(tree, split_lines(text)))) if tree else []


def begins_its_line(statement: ast.stmt, lines: Lines) -> bool:
    """Whether nothing stands in front of it; an `elif` is no statement of its own."""
    line = lines[first_line(statement)]
    return not line.encode()[: statement.col_offset].strip() and not line.lstrip().startswith(
        "elif"
    )


def _lines(tree: ast.Module, lines: Lines) -> Iterator[int]:
    for node in ast.walk(tree):
        # To the parser an `elif` is a statement, and so is what follows a semicolon.
        if isinstance(node, ast.stmt) and begins_its_line(node, lines):
            yield first_line(node)
