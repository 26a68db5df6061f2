"""What two programs have in common when their names and constants are not looked at."""

from __future__ import annotations

import ast
import builtins
import copy
import hashlib
from typing import TypeVar

_BUILTINS = frozenset(dir(builtins))
_Documented = TypeVar("_Documented", ast.FunctionDef, ast.ClassDef)


def normal_form(tree: ast.Module) -> str:
    """Return a hash of a program without its names, constants, docstrings and annotations.

    What is built in, imported, or an attribute is no name in this sense.
    """
    return _hash(_Erase(frozenset(_imported(tree)) | _BUILTINS).visit(copy.deepcopy(tree)))


def skeleton(tree: ast.Module) -> str:
    """Return a hash of the mere shape of a program: every name and constant is erased."""
    return _hash(_Erase(None).visit(copy.deepcopy(tree)))


def _hash(tree: ast.AST) -> str:
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()[:16]


def _imported(tree: ast.Module) -> list[str]:
    return [
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    ]


class _Erase(ast.NodeTransformer):
    """Erases names but the known ones; without known ones attributes and modules too."""

    def __init__(self, known: frozenset[str] | None) -> None:
        self._known = known

    def visit_Name(self, node: ast.Name) -> ast.Name:
        if self._known is None or node.id not in self._known:
            node.id = "_"
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg, node.annotation = "_", None
        return node

    def visit_keyword(self, node: ast.keyword) -> ast.keyword:
        self.generic_visit(node)
        if self._known is None and node.arg:
            node.arg = "_"
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.Attribute:
        own = isinstance(node.value, ast.Name) and node.value.id == "self"
        self.generic_visit(node)
        if self._known is None or own:
            node.attr = "_"
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        is_sign = node.value is None or isinstance(node.value, bool)
        node.value = node.value if is_sign and self._known is not None else 0
        node.kind = None
        return node

    def visit_alias(self, node: ast.alias) -> ast.alias:
        if self._known is None:
            node.name, node.asname = "_", None
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.ImportFrom:
        self.generic_visit(node)
        if self._known is None:
            node.module = "_"
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
        node.values = [each for each in node.values if isinstance(each, ast.FormattedValue)]
        self.generic_visit(node)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        if node.value is None:
            return node
        return ast.Assign([node.target], node.value, lineno=0)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.name, node.returns = "_", None
        return _without_docstring(self, node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        node.name = "_"
        return _without_docstring(self, node)


def _without_docstring(eraser: ast.NodeTransformer, node: _Documented) -> _Documented:
    if ast.get_docstring(node, clean=False) is not None:
        node.body = node.body[1:] or [ast.Pass()]
    eraser.generic_visit(node)
    return node
