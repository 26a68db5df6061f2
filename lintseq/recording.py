"""What pyflakes does with the names of a module, written down in the order in which it does it.

Whether a name is defined depends, in pyflakes, on what happened to that name before, and on
nothing else. With some lines gone, pyflakes would do the same without what those lines brought.
`lintseq.resolution` plays the record again for one name.

The checks of pyflakes that are not counted (see `lintseq.lint`) are left out: unused and redefined
names. Written against pyflakes 4.1; `tests/lintseq/test_names.py` compares it with the original.
"""

import ast
import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

from pyflakes.checker import (
    Annotation,
    Binding,
    Builtin,
    Checker,
    ClassScope,
    ComprehensionScope,
    DetectClassScopedMagic,
    ExportBinding,
    FunctionScope,
    Importation,
    ModuleScope,
    NamedExprAssignment,
    Scope,
)
from pyflakes.messages import Message, UndefinedExport

from lintseq.errors import LimitError


class Kind(IntEnum):
    """What kind of scope it is, as far as the lookup of names tells them apart."""

    MODULE = 0
    FUNCTION = 1
    CLASS = 2
    INNER = 3
    """A comprehension, or type parameters."""


class Op(IntEnum):
    """What is done with a name."""

    LOAD = 0
    BIND = 1
    ANNOTATE = 2
    """Bound by an annotation without a value."""
    DELETE = 3
    DECLARE = 4
    """`global` or `nonlocal`."""
    ENTER = 5
    """The `as` of an exception handler, in front of its block; LEAVE stands behind it."""
    LEAVE = 6
    EXPORT = 7
    """Named in `__all__`, at the end of the module."""


class Event(NamedTuple):
    """One thing that is done with a name."""

    op: Op
    name: str
    line: int
    """The line it leaves with."""
    scopes: tuple[int, ...]
    """The scopes around it, from the module's inwards."""
    target: int = 0
    """For BIND and ANNOTATE: the scope it is bound in."""
    checks: bool = False
    """For BIND and ANNOTATE: whether an earlier use in the same scope is reported."""
    weak: bool = False
    """For BIND: an assignment expression, which leaves an earlier binding as it is."""
    postponed: bool = False
    """For LOAD: it stands in an annotation that is not evaluated."""
    excuses: tuple[int, ...] = ()
    """For LOAD: the lines with a handler for NameError around it."""
    starred: bool = False
    """For LOAD and EXPORT: a star import may have brought it."""
    forgiven: bool = False
    """For LOAD and EXPORT: never reported where it stands."""
    shown: int = 0
    """For EXPORT: the line on which it is reported; the others are where they stand."""


@dataclass(slots=True)
class Record:
    """What pyflakes does with the names of a module, and what else it reports."""

    events: list[Event] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    """By the number of the scope; the module's is 0."""
    builtins: frozenset[str] = frozenset()
    messages: list[Message] = field(default_factory=list)
    """What pyflakes reports."""
    decisive: set[int] = field(default_factory=set)
    """Lines whose departure changes what is done with all names."""
    postpones: bool = False
    """Whether annotations are not evaluated (`from __future__ import annotations`)."""
    is_entangled: bool = False
    """Whether what happens to one name changes another: `import a` beside `import a as b`."""


def record(tree: ast.Module, filename: str, lines: Sequence[int]) -> Record:
    """The record of the module, as the file `filename`.

    Args:
        tree: the module.
        filename: `__init__.py` may export its submodules.
        lines: for each line of its text, the number that it has in the record.

    Raises:
        LimitError: it is nested too deeply for the linter.
    """
    try:
        return _Recorder(tree, filename, lines).record
    except RecursionError as error:
        raise LimitError("nested too deeply for pyflakes") from error


_Binder = ast.stmt | ast.expr | ast.pattern | ast.arg | ast.ExceptHandler


class _Recorder(Checker):  # type: ignore[misc]  # pyflakes has no types
    def __init__(self, tree: ast.Module, filename: str, lines: Sequence[int]) -> None:
        self.record = Record()
        self._lines = lines
        self._stores = False
        self._alias = 0
        self._aliased: list[tuple[int, str, str]] = []
        self._exporting: list[ExportBinding] = []
        self._nonlocals: set[str] = set()
        self._is_package = Path(filename).name == "__init__.py"
        super().__init__(tree, filename=filename, withDoctest=False)
        self.record.builtins = frozenset(self.builtIns)
        self.record.messages = self.messages
        self.record.is_entangled = self._entangles()
        self.record.postpones = module_postpones(tree)
        self.record.decisive.update(
            event.line
            for event in self.record.events
            if event.name in self._nonlocals and event.op is not Op.LOAD
        )

    @contextlib.contextmanager
    def in_scope(self, cls: type[Scope]) -> Iterator[None]:
        scope = cls()
        outer = self.scopeStack[-1].path if self.scopeStack else ()
        scope.path = (*outer, len(self.record.kinds))
        self.record.kinds.append(_kind(cls))
        self.scopeStack.append(scope)
        try:
            yield
        finally:
            self.deadScopes.append(self.scopeStack.pop())

    def checkDeadScopes(self) -> None:  # noqa: N802  pyflakes' name
        """Record what is exported; what is unused does not count."""
        if not self._exporting:
            return
        module = self.deadScopes[-1]
        binding = module.get("__all__")
        sources = [each.source for each in self._exporting]
        if len(sources) > 1:
            self.record.decisive |= {
                self._lines[line - 1]
                for node in sources
                for line in range(node.lineno, node.end_lineno + 1)
            }
        if not isinstance(binding, ExportBinding):
            return
        lines = {
            node.value: node.lineno
            for source in sources
            for node in ast.walk(source.value or source)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        shown = binding.source.lineno
        for name in binding.names:
            self.record.events.append(
                Event(
                    Op.EXPORT,
                    name,
                    self._lines[lines.get(name, shown) - 1],
                    module.path,
                    starred=module.importStarred,
                    forgiven=self._is_package,
                    shown=self._lines[shown - 1],
                )
            )
            if name not in module and not module.importStarred and not self._is_package:
                self.report(UndefinedExport, binding.source, name)

    def addBinding(self, node: _Binder | None, value: Binding) -> None:  # noqa: N802
        """Bind, without looking for what is unused or defined twice."""
        name, scope = value.name, self.scope
        if node is None or isinstance(value, Builtin):
            scope[name] = value
            return
        self._note_binding(node, value)
        if name in scope:
            value.used = scope[name].used
        is_annotation = isinstance(value, Annotation)
        if name in scope and is_annotation:
            return
        if isinstance(value, NamedExprAssignment):
            target = self._outside_comprehensions()
            if isinstance(target.get(name), Annotation):
                target[name] = value
            else:
                target.setdefault(name, value)
        else:
            scope[name] = value

    def handleNodeLoad(self, node: ast.expr, parent: ast.AST) -> None:  # noqa: N802
        """Record a use; whether it is defined is found out as pyflakes does it."""
        name = _name_of(node)
        if name:
            self.record.events.append(
                Event(
                    Op.LOAD,
                    name,
                    self._lines[node.lineno - 1],
                    self.scope.path,
                    postponed=self._in_postponed_annotation,
                    excuses=self._excuses(node),
                    starred=self.scopeStack[0].importStarred,
                    forgiven=self._is_forgiven(name),
                )
            )
        super().handleNodeLoad(node, parent)

    def handleNodeStore(self, node: ast.AST) -> None:  # noqa: N802
        """Record a binding; that of a handler's exception is recorded with the handler."""
        if isinstance(node, ast.ExceptHandler):
            super().handleNodeStore(node)
            return
        self._stores = True
        super().handleNodeStore(node)
        self._stores = False

    def handleNodeDelete(self, node: ast.Name) -> None:  # noqa: N802
        """Record a `del` that is not on a branch, where pyflakes ignores it."""
        was_bound, count = node.id in self.scope, len(self.messages)
        super().handleNodeDelete(node)
        if was_bound != (node.id in self.scope) or len(self.messages) > count:
            self._note(Op.DELETE, node.id, node.lineno)

    def GLOBAL(self, node: ast.Global | ast.Nonlocal) -> None:  # noqa: N802
        """Record a declaration."""
        if self.scope is not self.scopeStack[0]:
            for name in node.names:
                self._note(Op.DECLARE, name, node.lineno)
        super().GLOBAL(node)

    def NONLOCAL(self, node: ast.Nonlocal) -> None:  # noqa: N802
        """Record a declaration that needs a binding further out."""
        self._nonlocals.update(node.names)
        self.GLOBAL(node)

    def EXCEPTHANDLER(self, node: ast.ExceptHandler) -> None:  # noqa: N802
        """Record where the name of the exception is bound, and where it ceases to be."""
        if node.name is None:
            super().EXCEPTHANDLER(node)
            return
        self._note(Op.ENTER, node.name, node.lineno)
        super().EXCEPTHANDLER(node)
        self._note(Op.LEAVE, node.name, node.lineno)

    def IMPORT(self, node: ast.Import) -> None:  # noqa: N802
        """Record the names; each leaves with its own line."""
        self._alias = 0
        super().IMPORT(node)

    def IMPORTFROM(self, node: ast.ImportFrom) -> None:  # noqa: N802
        """Record the names; what is imported from `__future__`, or as a star, decides more."""
        self._alias = 0
        for alias in node.names:
            if alias.name == "*" or (node.module == "__future__" and alias.name == "annotations"):
                self.record.decisive.add(self._lines[alias.lineno - 1])
        super().IMPORTFROM(node)

    def _note(self, op: Op, name: str, line: int) -> None:
        self.record.events.append(Event(op, name, self._lines[line - 1], self.scope.path))

    def _note_binding(self, node: _Binder, value: Binding) -> None:
        if isinstance(node, ast.ExceptHandler):
            return
        if isinstance(value, ExportBinding):
            self._exporting.append(value)
        if isinstance(value, Importation) and value._has_alias():
            self._aliased.append((self.scope.path[-1], value.name, value.fullName))
        line = self._binding_line(node)
        is_weak = isinstance(value, NamedExprAssignment)
        target = self._outside_comprehensions() if is_weak else self.scope
        self.record.events.append(
            Event(
                Op.ANNOTATE if isinstance(value, Annotation) else Op.BIND,
                value.name,
                self._lines[line - 1],
                self.scope.path,
                target=target.path[-1],
                checks=self._stores,
                weak=is_weak,
            )
        )

    def _entangles(self) -> bool:
        """Whether a use of `b` from `import a as b` may count, in a function, as one of `a`.

        It does in pyflakes if both are bound in one scope. It matters if the function then binds
        `a` for itself.
        """
        events = self.record.events
        bound = {(event.target, event.name) for event in events if event.op is Op.BIND}
        aliased = {
            name: full_name
            for scope, name, full_name in self._aliased
            if (scope, full_name) in bound
        }
        used = {
            (event.scopes[-1], aliased[event.name])
            for event in events
            if event.op is Op.LOAD and event.name in aliased
        }
        return any(event.checks and (event.scopes[-1], event.name) in used for event in events)

    def _binding_line(self, node: _Binder) -> int:
        """The line without which it would not be bound."""
        match node:
            case ast.Import() | ast.ImportFrom():
                alias = node.names[self._alias]
                self._alias += 1
                return alias.lineno
            case ast.MatchMapping():
                # The rest of the mapping stands at its end.
                return node.end_lineno or node.lineno
        return node.lineno

    def _outside_comprehensions(self) -> Scope:
        return next(
            scope
            for scope in reversed(self.scopeStack)
            if not isinstance(scope, ComprehensionScope)
        )

    def _excuses(self, node: ast.AST) -> tuple[int, ...]:
        if "NameError" not in self.exceptHandlers[-1]:
            return ()
        inner: ast.AST = node
        # A name without parents of its own is the target of an augmented assignment.
        while inner in self._parents:
            inner, child = self._parents[inner], inner
            if isinstance(inner, ast.Try | ast.TryStar) and child in inner.body:
                return tuple(self._lines[line - 1] for line in _handlers_of_name_error(inner))
        return ()

    def _is_forgiven(self, name: str) -> bool:
        if name == "__path__" and self._is_package:
            return True
        return name in DetectClassScopedMagic.names and isinstance(self.scope, ClassScope)


def module_postpones(tree: ast.Module) -> bool:
    """Whether `from __future__ import annotations` is there."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
        for node in tree.body
    )


def _kind(scope: type[Scope]) -> Kind:
    if issubclass(scope, ModuleScope):
        return Kind.MODULE
    if issubclass(scope, FunctionScope):
        return Kind.FUNCTION
    return Kind.CLASS if issubclass(scope, ClassScope) else Kind.INNER


def _name_of(node: ast.AST) -> str | None:
    return getattr(node, "id", None) or getattr(node, "name", None)


def _handlers_of_name_error(node: ast.Try | ast.TryStar) -> Iterator[int]:
    for handler in node.handlers:
        types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        for each in types:
            if isinstance(each, ast.Name) and each.id == "NameError":
                yield each.lineno
