"""Wrong solutions, made from right ones: what tests have to notice.

Source: DeMillo, Lipton and Sayward, "Hints on test data selection" (1978).
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator
from typing import Any

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
}
_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "sum": "len", "sorted": "list"}


def mutants(tree: ast.Module, rng: random.Random, count: int) -> Iterator[ast.Module]:
    """Yield the tree up to `count` times, each time with one change that a test should notice.

    The change is taken back when the next one is asked for.
    """
    changes = [change for node in ast.walk(tree) if (change := _change(node)) is not None]
    for place in rng.sample(range(len(changes)), min(count, len(changes))):
        changed, name, value = changes[place]
        before = getattr(changed, name)
        _set(changed, name, value)
        yield tree
        setattr(changed, name, before)


_Change = tuple[ast.AST, str, object]
"""Node, attribute, new value."""


def _change(node: ast.AST) -> _Change | None:  # noqa: C901, PLR0911  one case per node
    match node:
        case ast.Compare(ops=[single]) if type(single) in _COMPARISONS:
            return node, "ops", [_COMPARISONS[type(single)]()]
        case ast.BinOp(op=operator) if type(operator) in _OPERATORS:
            return node, "op", _OPERATORS[type(operator)]()
        case ast.AugAssign(op=operator) if type(operator) in _OPERATORS:
            return node, "op", _OPERATORS[type(operator)]()
        case ast.BoolOp(op=ast.And()):
            return node, "op", ast.Or()
        case ast.BoolOp(op=ast.Or()):
            return node, "op", ast.And()
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return node, "operand", ast.UnaryOp(ast.Not(), operand)
        case ast.Constant(value=bool() as truth):
            return node, "value", not truth
        case ast.Constant(value=int() as number):
            return node, "value", number + 1
        case ast.Call(func=ast.Name(id=name) as called) if name in _NAMES:
            return called, "id", _NAMES[name]
        case ast.Return(value=ast.Name()):
            return node, "value", ast.Constant(None)
    return None


def _set(node: Any, name: str, value: object) -> None:
    if isinstance(value, ast.AST):
        ast.copy_location(value, node)
        ast.fix_missing_locations(value)
    setattr(node, name, value)
