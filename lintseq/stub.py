"""Functions that wait for their body: found by syntax, turned into a task for the model."""

import ast
import inspect
from dataclasses import dataclass

from lintseq.format import SEPARATOR
from lintseq.program import split_lines
from lintseq.syntax import begins_its_line, counts_lines_alike, first_line, parse_module
from lintseq.tasks import WINDOW, EditTask, Window, take_snapshot

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Stub:
    """A function without a body of its own. Lines count from 0."""

    name: str
    instruction: str
    """What its docstring or comment says, else its name."""
    start: int
    """The first line behind signature and docstring: where the body goes."""
    stop: int
    """The first line behind the placeholder; equal to `start` if there is none."""


def stub_at(text: str, line: int) -> Stub | None:
    """The stub around or at `line` (from 0), if that function is one.

    A text with a lone carriage return has lines that Python counts otherwise: no stub is seen.
    """
    if not counts_lines_alike(text):
        return None
    lines = split_lines(text)
    around = [
        function
        for function in _functions(text)
        if first_line(function) <= line <= _last_line(function, lines)
    ]
    if not around:
        return None
    innermost = max(around, key=lambda function: function.lineno)
    return _stub(innermost, lines) if _is_stub(innermost, lines) else None


def implement_task(text: str, line: int, window: Window = WINDOW) -> EditTask | None:
    """The task of writing the body of the stub at `line` (from 0); None if there is no stub."""
    stub = stub_at(text, line)
    if stub is None:
        return None
    lines = split_lines(text)
    snapshot = take_snapshot(lines[: stub.start], lines[stub.stop :], window)
    at = len(snapshot.before)
    return EditTask(
        text=text,
        instruction=stub.instruction,
        snapshot=snapshot,
        removed=range(stub.start, stub.stop),
        # The place is known; how many lines come is the model's to say.
        forced=f"@@ -{at},0 +{at + 1}",
    )


def instruction_of(name: str, docstring: str | None, comment: str = "") -> str:
    """What the model is told to write: the first paragraph of the docstring, or the comment."""
    words = inspect.cleandoc(docstring or comment).split("\n\n")[0].strip()
    return words.replace(SEPARATOR, " ") or f"Implement {name}."


def _functions(text: str) -> list[_Function]:
    tree = parse_module(text)
    nodes = ast.walk(tree) if tree else ()
    return [node for node in nodes if isinstance(node, _Function)]


def _last_line(function: _Function, lines: tuple[str, ...]) -> int:
    """The last line of the function, with the comments of its body that follow it."""
    last = (function.end_lineno or function.lineno) - 1
    indent = function.body[0].col_offset
    while last + 1 < len(lines) and _is_comment(lines[last + 1], indent):
        last += 1
    return last


def _is_comment(line: str, indent: int) -> bool:
    stripped = line.lstrip()
    return stripped.startswith("#") and len(line) - len(stripped) >= indent


def _is_stub(function: _Function, lines: tuple[str, ...]) -> bool:
    placeholders = _without_docstring(function)
    # The lines of the placeholder are removed: nothing else may stand on the first of them.
    return all(map(_is_placeholder, placeholders)) and all(
        begins_its_line(statement, lines) for statement in (function.body[0], *placeholders[:1])
    )


def _without_docstring(function: _Function) -> list[ast.stmt]:
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def _is_placeholder(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass():
            return True
        case ast.Expr(value=ast.Constant(value=value)):
            return value is ...
        case ast.Raise(exc=ast.Name(id="NotImplementedError")):
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
    return False


def _stub(function: _Function, lines: tuple[str, ...]) -> Stub:
    placeholders = _without_docstring(function)
    if placeholders:
        start = placeholders[0].lineno - 1
        stop = placeholders[-1].end_lineno or start + 1
    else:
        start = stop = _last_line(function, lines) + 1
    return Stub(
        name=function.name,
        instruction=instruction_of(
            function.name, ast.get_docstring(function), _comment_above(lines, start)
        ),
        start=start,
        stop=stop,
    )


def _comment_above(lines: tuple[str, ...], start: int) -> str:
    words: list[str] = []
    for line in reversed(lines[:start]):
        if not line.lstrip().startswith("#"):
            break
        words.append(line.strip().lstrip("# "))
    return "\n".join(reversed(words))
