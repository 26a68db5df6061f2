"""An undefined name, and the line that assigns something to it.

The line goes in front of the statement that uses the name; if a loop around it changes the name,
in front of the loop. What is missing is its right side: to the model this is a cursor behind
`name = `, with the rest of the file below it.
"""

import ast

from lintseq.format import header
from lintseq.program import Lines, split_lines
from lintseq.syntax import counts_lines_alike, first_line, parse_module
from lintseq.tasks import WINDOW, EditTask, Window, take_snapshot

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def definition_task(text: str, line: int, name: str, window: Window = WINDOW) -> EditTask:
    """The task of assigning something to the undefined `name` used at `line` (from 0)."""
    lines = split_lines(text)
    place = definition_place(lines, line, name)
    snapshot = take_snapshot(lines[:place], lines[place:], window)
    at = len(snapshot.before)
    user = lines[place]
    indentation = user[: len(user) - len(user.lstrip())]
    return EditTask(
        text=text,
        instruction="",
        snapshot=snapshot,
        removed=range(0),
        forced=f"{header(at, at + 1, 1)}+{indentation}{name} = ",
    )


def definition_place(lines: Lines, line: int, name: str) -> int:
    """The line (from 0) in front of which `name`, used at `line`, is to be defined.

    For a text that does not parse it is `line` itself.
    """
    text = "".join(lines)
    tree = parse_module(text) if counts_lines_alike(text) else None
    # `ast.walk` goes from the outside to the inside.
    around = [
        node
        for node in (ast.walk(tree) if tree else ())
        if isinstance(node, ast.stmt) and first_line(node) <= line < (node.end_lineno or 0)
    ]
    functions = [n for n, node in enumerate(around) if isinstance(node, _SCOPES)]
    inside = around[functions[-1] :] if functions else around
    loops = [node for node in inside if isinstance(node, _LOOPS) and _changes(node, name)]
    # In front of an `elif`, which is a statement too, nothing can stand.
    whole = [n for n in around if not lines[first_line(n)].lstrip().startswith("elif")]
    return first_line((loops[:1] or whole[-1:])[0]) if whole else line


def _changes(loop: ast.stmt, name: str) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        for node in ast.walk(loop)
    )
