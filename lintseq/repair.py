"""An undefined name, and the import that brings it.

The model sees the imports of the file and, as what follows, the lines around the use. Where the
import goes is known: behind the last import at the top.
"""

import ast

from lintseq.format import header
from lintseq.program import Lines, split_lines
from lintseq.syntax import counts_lines_alike, parse_module
from lintseq.tasks import WINDOW, EditTask, Snapshot, Window, take_snapshot


def repair_task(text: str, line: int, name: str, window: Window = WINDOW) -> EditTask:
    """The task of writing the import of the undefined `name` used at `line` (from 0)."""
    lines = split_lines(text)
    place = import_place(lines)
    snapshot = repair_snapshot(lines, place, line, window)
    at = len(snapshot.before)
    return EditTask(
        text=text,
        instruction=repair_instruction(name),
        snapshot=snapshot,
        removed=range(0),
        forced=header(at, at + 1, 1) + "+",
    )


def repair_instruction(name: str) -> str:
    """What the model is told about an undefined name: pyflakes' own words."""
    return f"undefined name {name!r}"


def repair_snapshot(lines: Lines, place: int, use: int, window: Window) -> Snapshot:
    """The lines in front of the import's place, and those around the line that uses the name."""
    head = take_snapshot(lines[:place], (), Window(before=window.before // 2))
    around = take_snapshot(
        lines[place : use + 1],
        lines[use + 1 :],
        Window(before=window.before // 2, after=window.after),
    )
    return Snapshot(head.first, head.before, around.before + around.after)


def import_place(lines: Lines) -> int:
    """The line behind which a new import goes (0: at the top).

    That is the end of the imports that the module begins with, else of its docstring. For a
    text that does not parse, the imports are recognised by their first word.
    """
    text = "".join(lines)
    tree = parse_module(text) if counts_lines_alike(text) else None
    if tree is None:
        return _place_by_words(lines)
    place = 0
    for number, statement in enumerate(tree.body):
        if _is_import(statement) or (number == 0 and _is_docstring(statement)):
            place = statement.end_lineno or place
        elif not _is_dunder(statement):
            break
    return place


def _place_by_words(lines: Lines) -> int:
    place = 0
    for number, line in enumerate(lines, 1):
        if line.startswith(("import ", "from ")) and not line.rstrip().endswith(("(", "\\")):
            place = number
        elif line.startswith(("def ", "class ", "async ", "@")):
            break
    return place


def _is_import(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _is_dunder(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and all(
        isinstance(target, ast.Name) and target.id.startswith("__") for target in statement.targets
    )
