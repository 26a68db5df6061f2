"""Functions as their syntax alone: the same solution under other names has the same fingerprint.

Names are replaced by the order in which they first come; docstrings, annotations, decorators and
layout do not count; constants, attributes and built-in names do. Functions of fewer than
LEAST_NODES nodes have none: everyone writes `return sum(x) / len(x)`.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LEAST_NODES = 30

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_BUILTINS = frozenset(dir(builtins))
_SKIPPED = frozenset(
    {"annotation", "returns", "decorator_list", "type_comment", "type_params", "ctx", "kind"}
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A function's, and where the function stands."""

    shape: str
    """The kinds of the statements in its body: compared first, as it costs next to nothing."""
    function: _Function

    @property
    def digest(self) -> str | None:
        """Return the hash, or None if the function is too small to have one."""
        writer = _Writer()
        writer.write([self.function.args, *_body(self.function)])
        if writer.nodes < LEAST_NODES:
            return None
        return hashlib.sha256("\0".join(writer.parts).encode("utf-8", "replace")).hexdigest()[:32]


def fingerprints(statements: Sequence[ast.stmt]) -> Iterator[Fingerprint]:
    """Yield those of all functions and methods, functions within functions too."""
    for node in statements:
        if isinstance(node, _Function):
            yield Fingerprint(" ".join(type(each).__name__ for each in _body(node)), node)
        if isinstance(node, _Function | ast.ClassDef):
            yield from fingerprints(node.body)


def _body(function: _Function) -> list[ast.stmt]:
    has_docstring = ast.get_docstring(function, clean=False) is not None
    return function.body[1:] if has_docstring else function.body


class _Writer:
    """Writes syntax as words, and counts the nodes."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.nodes = 0
        self._names: dict[str, str] = {}

    def write(self, value: object) -> None:
        match value:
            case ast.AST():
                self.nodes += 1
                self.parts.append(type(value).__name__)
                for field, child in ast.iter_fields(value):
                    if field not in _SKIPPED:
                        self._field(value, field, child)
            case list():
                self.parts.append("[")
                for each in value:
                    self.write(each)
                self.parts.append("]")
            case _:
                self.parts.append(repr(value))

    def _field(self, node: ast.AST, field: str, child: object) -> None:
        if isinstance(child, str) and field in ("id", "arg", "name", "asname", "names"):
            known = child in _BUILTINS or (field == "arg" and isinstance(node, ast.keyword))
            self.parts.append(child if known else self._renamed(child))
        else:
            self.write(child)

    def _renamed(self, name: str) -> str:
        return self._names.setdefault(name, f"name {len(self._names)}")
