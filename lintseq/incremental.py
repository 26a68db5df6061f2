"""pyflakes over many states of one program, at the cost of what changes between them.

Sampling lints a program again and again, each time with some lines gone. What pyflakes finds in
one top-level statement depends on the text of that statement and on which of the names in it the
rest of the module binds, before it and behind it; nothing else. So each statement is linted alone,
between two lines that bind those names, and what is found is remembered. The findings are those of
the whole text, line by line; `tests/lintseq/test_incremental.py` holds it to that.

Where the premise fails the whole text is linted: star imports, `global`, `del` at module level,
several statements that bind `__all__`, and states in which some statement does not parse.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from pyflakes.checker import Annotation, Builtin, Checker, ModuleScope

from lintseq.lint import Finding, Linter, Pyflakes
from lintseq.program import Lines, split_lines
from lintseq.syntax import counts_lines_alike, parse_module

_WORD = re.compile(r"\w+")
# Below so many lines the whole text is linted sooner: pyflakes binds all builtins every time.
_WORTH_IT = 100


class StateLinter(Protocol):
    """Lints states of one program."""

    def lint(self, kept: Sequence[int]) -> tuple[Finding, ...]:
        """The findings of the lines at the indices `kept`, by line of that shorter text."""


def state_linter(lines: Lines, linter: Linter) -> StateLinter:
    """The fastest way to lint states of the program `lines`."""
    whole = _Whole(lines, linter)
    if not isinstance(linter, Pyflakes) or len(lines) < _WORTH_IT:
        return whole
    statements = _statements(lines)
    return _Incremental(lines, linter, statements, whole) if statements else whole


@dataclass(frozen=True, slots=True)
class _Whole:
    lines: Lines
    linter: Linter

    def lint(self, kept: Sequence[int]) -> tuple[Finding, ...]:
        return self.linter.lint("".join([self.lines[index] for index in kept]))


@dataclass(frozen=True, slots=True)
class _Part:
    """What is left of a top-level statement in some state."""

    text: str
    lines: Lines
    tree: ast.Module | None
    """None if it does not parse alone."""
    words: frozenset[str]
    bound: frozenset[str]
    """The names it binds in the module."""

    @property
    def is_future(self) -> bool:
        """Whether it imports from `__future__`, which changes how the rest is read."""
        first = self.tree.body[0] if self.tree and self.tree.body else None
        return isinstance(first, ast.ImportFrom) and first.module == "__future__"


class _Incremental:
    def __init__(
        self, lines: Lines, linter: Pyflakes, statements: Sequence[int], whole: _Whole
    ) -> None:
        self._lines, self._linter, self._whole = lines, linter, whole
        self._statements = statements
        self._parts: dict[str, _Part] = {}
        self._found: dict[tuple[str, str, str, str], tuple[Finding, ...]] = {}

    def lint(self, kept: Sequence[int]) -> tuple[Finding, ...]:
        placed = [(start, self._part(text)) for start, text in self._texts(kept)]
        if any(part.tree is None for _, part in placed):
            return self._whole.lint(kept)
        future = "".join(part.text for _, part in placed if part.is_future)
        first, last = _bindings([part for _, part in placed])
        findings: list[Finding] = []
        for number, (start, part) in enumerate(placed):
            names = sorted(part.words & first.keys())
            before = _assignment(name for name in names if first[name] < number)
            behind = _assignment(name for name in names if last[name] > number)
            found = self._findings(part, "" if part.is_future else future, before, behind)
            findings += [Finding(each.kind, each.name, start + each.line) for each in found]
        return tuple(findings)

    def _texts(self, kept: Sequence[int]) -> Iterator[tuple[int, str]]:
        """Where in the state each statement begins, and what is left of it.

        Comments between two statements go with the one above: they change nothing.
        """
        start, statement = 0, -1
        for at, index in enumerate(kept):
            if self._statements[index] != statement:
                if at:
                    yield start, "".join([self._lines[each] for each in kept[start:at]])
                start, statement = at, self._statements[index]
        if kept:
            yield start, "".join([self._lines[each] for each in kept[start:]])

    def _part(self, text: str) -> _Part:
        part = self._parts.get(text)
        if part is None:
            part = self._parts[text] = _read(text, self._linter.filename)
        return part

    def _findings(self, part: _Part, future: str, before: str, behind: str) -> tuple[Finding, ...]:
        key = (part.text, future, before, behind)
        found = self._found.get(key)
        if found is None and part.tree is not None:
            body = [*_nowhere(future), *_nowhere(before), *part.tree.body, *_nowhere(behind)]
            tree = ast.Module(body=body, type_ignores=[])
            found = self._found[key] = self._linter.lint_tree(tree, part.lines)
        return found or ()


def _statements(lines: Lines) -> list[int] | None:
    """For each line, the number of the top-level statement it belongs to; None if it may not be.

    Statements that share a line are one.
    """
    text = "".join(lines)
    tree = parse_module(text) if counts_lines_alike(text) else None
    if tree is None or not _is_separable(tree):
        return None
    numbers = [0] * len(lines)
    starts: set[int] = set()
    end = -1
    for statement in tree.body:
        decorators = getattr(statement, "decorator_list", [])
        start = min([statement.lineno, *(each.lineno for each in decorators)]) - 1
        if start > end:
            starts.add(start)
        end = max(end, (statement.end_lineno or statement.lineno) - 1)
    number = 0
    for index in range(len(lines)):
        number += index in starts
        numbers[index] = number
    return numbers


def _is_separable(tree: ast.Module) -> bool:
    nodes = list(ast.walk(tree))
    stars = any(
        isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
        for node in nodes
    )
    exports = sum(
        any(isinstance(node, ast.Name) and node.id == "__all__" for node in ast.walk(statement))
        for statement in tree.body
    )
    unbinding = any(isinstance(node, ast.Delete) for node in _module_level(tree))
    has_global = any(isinstance(node, ast.Global) for node in nodes)
    return not (stars or has_global or unbinding or exports > 1)


def _module_level(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes outside functions and classes."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield child
            yield from _module_level(child)


def _read(text: str, filename: str) -> _Part:
    # A backslash at the end joins the next statement to this one.
    is_open = text.rstrip("\r\n").endswith("\\")
    tree = None if is_open else parse_module(text)
    bound = _bound(tree, filename) if tree else frozenset[str]()
    return _Part(text, split_lines(text), tree, frozenset(_WORD.findall(text)), bound)


def _bound(tree: ast.Module, filename: str) -> frozenset[str]:
    match tree.body:
        case [ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() as definition] if not any(
            isinstance(node, ast.NamedExpr) for node in ast.walk(definition)
        ):
            return frozenset({definition.name})
    module = next(
        scope
        for scope in Checker(tree, filename=filename).deadScopes
        if isinstance(scope, ModuleScope)
    )
    return frozenset(
        name for name, binding in module.items() if not isinstance(binding, Builtin | Annotation)
    )


def _nowhere(text: str) -> list[ast.stmt]:
    """The statements of `text`, at line 0: what is found in them is not the part's."""
    statements = ast.parse(text).body
    for statement in statements:
        for node in ast.walk(statement):
            if hasattr(node, "lineno"):
                node.lineno = 0
    return statements


def _bindings(parts: Sequence[_Part]) -> tuple[dict[str, int], dict[str, int]]:
    """For each bound name, the numbers of the first and the last part that binds it."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for number, part in enumerate(parts):
        for name in part.bound:
            first.setdefault(name, number)
            last[name] = number
    return first, last


def _assignment(names: Iterator[str]) -> str:
    joined = " = ".join(names)
    return f"{joined} = None\n" if joined else ""
