"""Where the statements of a document begin."""

import ast
from collections.abc import Iterator

from lintseq.program import Lines, split_lines
from lintseq.syntax import counts_lines_alike, parse_module


def statement_lines(text: str) -> list[int]:
    """The lines, from 0, that begin a statement or the first of its decorators, in order.

    Nothing for a text that does not parse, or whose lines Python counts otherwise.
    """
    tree = parse_module(text) if counts_lines_alike(text) else None
    return sorted(set(_lines(tree, split_lines(text)))) if tree else []


def _lines(tree: ast.Module, lines: Lines) -> Iterator[int]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt):
            continue
        decorators = getattr(node, "decorator_list", [])
        line = min(each.lineno for each in (node, *decorators)) - 1
        # An `elif` is a statement of its own to the parser, and so is what follows a semicolon.
        begins = lines[line].encode()[: node.col_offset].strip() == b""
        if begins and not lines[line].lstrip().startswith("elif"):
            yield line
