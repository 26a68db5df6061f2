"""What two programs have in common when their names and constants are not looked at."""

from __future__ import annotations

import ast
import builtins
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

_BUILTINS = frozenset(dir(builtins))
_SKIPPED = frozenset({"ctx", "annotation", "returns", "kind", "type_comment", "type_params"})
"""Fields that say nothing about what a program does."""


def normal_form(tree: ast.Module) -> str:
    """Return a hash of a program without its names, constants, docstrings and annotations.

    What is built in, imported, or an attribute is no name in this sense.
    """
    return _hash(tree, _Known(frozenset(_imported(tree)) | _BUILTINS))


def skeleton(tree: ast.Module) -> str:
    """Return a hash of the mere shape of a program: every name and constant is erased."""
    return _hash(tree, _Known(None))


def _hash(tree: ast.AST, known: _Known) -> str:
    words: list[str] = []
    _write(tree, known, words)
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]


def _imported(tree: ast.Module) -> list[str]:
    return [
        (alias.asname or alias.name).split(".")[0]
        for node in _imports(tree.body)
        for alias in node.names
    ]


def _imports(nodes: Iterable[ast.AST]) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports among statements and what is nested in them; expressions hold none."""
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        for block in _BLOCKS.intersection(node._fields):
            yield from _imports(getattr(node, block))


_BLOCKS = frozenset({"body", "orelse", "finalbody", "handlers", "cases"})


class _Known:
    """The names that stay; without any, attributes, keywords and modules go too."""

    def __init__(self, names: frozenset[str] | None) -> None:
        self.names = names

    def name(self, name: str) -> str:
        """A variable's name, or a blank."""
        return name if self.names is not None and name in self.names else "_"

    def other(self, name: str | None) -> str:
        """The name of an attribute, a keyword or a module, or a blank."""
        return name or "" if self.names is not None else "_"


def _write(node: Any, known: _Known, words: list[str]) -> None:
    """Append the tree in prefix notation, every list with its length."""
    writer = _WRITERS.get(type(node))
    if writer is not None:
        writer(node, known, words)
    elif isinstance(node, ast.AST):
        words.append(type(node).__name__)
        _write_fields(node, known, words)
    elif isinstance(node, list):
        words.append(str(len(node)))
        for each in node:
            _write(each, known, words)
    else:
        words.append("-" if node is None else str(node))


def _write_fields(node: ast.AST, known: _Known, words: list[str]) -> None:
    for field in node._fields:
        if field not in _SKIPPED:
            _write(getattr(node, field, None), known, words)


def _constant(node: ast.Constant, known: _Known, words: list[str]) -> None:
    is_sign = node.value is None or isinstance(node.value, bool)
    shown = f"constant:{node.value!r}" if is_sign and known.names is not None else "constant"
    words.append(shown)


def _name(node: ast.Name, known: _Known, words: list[str]) -> None:
    words.append(f"name:{known.name(node.id)}")


def _attribute(node: ast.Attribute, known: _Known, words: list[str]) -> None:
    is_own = isinstance(node.value, ast.Name) and node.value.id == "self"
    words.append("attribute:_" if is_own else f"attribute:{known.other(node.attr)}")
    _write(node.value, known, words)


def _argument(_node: ast.arg, _known: _Known, words: list[str]) -> None:
    words.append("argument")


def _keyword(node: ast.keyword, known: _Known, words: list[str]) -> None:
    words.append(f"keyword:{known.other(node.arg)}")
    _write(node.value, known, words)


def _import(node: ast.Import | ast.ImportFrom, known: _Known, words: list[str]) -> None:
    module = node.module if isinstance(node, ast.ImportFrom) else ""
    names = [f"{known.other(each.name)}={known.other(each.asname)}" for each in node.names]
    words.append(f"import:{known.other(module)}:{','.join(names)}")


def _format(node: ast.JoinedStr, known: _Known, words: list[str]) -> None:
    words.append("format")
    _write([each for each in node.values if isinstance(each, ast.FormattedValue)], known, words)


def _assignment(node: ast.AnnAssign, known: _Known, words: list[str]) -> None:
    words.append("Assign" if node.value is not None else "AnnAssign")
    _write([node.target], known, words)
    _write(node.value, known, words)


def _definition(node: ast.FunctionDef | ast.ClassDef, known: _Known, words: list[str]) -> None:
    words.append(type(node).__name__)
    has_docstring = ast.get_docstring(node, clean=False) is not None
    for field in node._fields:
        if field == "body" and has_docstring:
            _write(node.body[1:] or [ast.Pass()], known, words)
        elif field not in _SKIPPED and field != "name":
            _write(getattr(node, field), known, words)


_WRITERS: Mapping[type[Any], Callable[[Any, _Known, list[str]], None]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.arg: _argument,
    ast.keyword: _keyword,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.JoinedStr: _format,
    ast.AnnAssign: _assignment,
    ast.FunctionDef: _definition,
    ast.ClassDef: _definition,
}
