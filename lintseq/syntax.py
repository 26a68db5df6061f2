"""Python's own parser, kept quiet: the syntax tree of a text, or nothing."""

import ast
import threading
import warnings
from collections.abc import Sequence

BOM = "\ufeff"
"""The byte order mark, as a character at the beginning of a text."""

# What `catch_warnings` puts back is the whole process's: two threads would mix it up.
_QUIET = threading.Lock()


def parse(text: str) -> ast.Module:
    """The tree of `text`, without the warnings, which are for its author.

    Raises:
        SyntaxError: it does not parse.
        ValueError: it holds what no source may, such as a null byte.
        RecursionError: it is nested too deeply for the parser.
        MemoryError: the same.
    """
    with _QUIET, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Python leaves the mark out of a file's bytes, and refuses it in a text.
        return ast.parse(text.removeprefix(BOM))


def parse_module(text: str) -> ast.Module | None:
    """The tree of `text`; None if it does not parse or is nested too deeply for the parser."""
    try:
        return parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def compiler_error(tree: ast.Module) -> SyntaxError | None:
    """What only the compiler finds in a tree, such as `await` outside a coroutine, if anything."""
    try:
        with _QUIET, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(tree, "<text>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return error
    except ValueError as error:
        return SyntaxError(str(error))
    except (RecursionError, MemoryError):
        return None
    return None


def first_line(statement: ast.stmt) -> int:
    """The line, from 0, with which a statement or its first decorator begins."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(node.lineno for node in decorators)]) - 1


def begins_its_line(statement: ast.stmt, lines: Sequence[str]) -> bool:
    """Whether nothing stands in front of it, such as a header, or a docstring and a semicolon."""
    line = lines[statement.lineno - 1]
    # Python counts columns in bytes, but white space in front of a statement is ASCII.
    return len(line) - len(line.lstrip()) == statement.col_offset


def counts_lines_alike(text: str) -> bool:
    r"""Whether Python's lines are ours: it also ends a line at a lone "\r"."""
    return text.count("\r") == text.count("\r\n")
