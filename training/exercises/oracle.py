"""Runs solutions of our own, with a bound on their steps, to learn what they answer.

Only text that the generator wrote is run here; what counts as verified is run again in the sandbox.
"""

from __future__ import annotations

import ast
import io
import signal
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from types import CodeType, FrameType
from typing import Any

STEPS = 20_000
"""Loop rounds and calls that a solution may take for one script."""
_SECONDS = 0.5
"""Of the processor, for all scripts of a solution. A wrong one may square a number a thousand times
over: few steps, but long ones. Right solutions take a thousandth of it."""
_TICK = "_exercise_tick"


class TooManyStepsError(Exception):
    """A solution did not come to an end in time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one line of a script gave."""

    shown: str
    """The value as source text; for an error the name of its class; empty for None."""
    is_error: bool = False
    is_float: bool = False


Script = tuple[str, ...]
"""Statements and expressions that try a solution, one after the other."""


class Runner:
    """A program that was run, ready for scripts."""

    def __init__(self, tree: ast.Module, limit: int = STEPS) -> None:
        """Run the module, which `bounded` gave.

        Raises:
            Exception: whatever the module raises.
        """
        self._left = self._limit = limit
        code = compile(tree, "<exercise>", "exec")
        self._names: dict[str, Any] = {_TICK: self._tick, "__name__": "exercise", "io": io}
        exec(code, self._names)  # noqa: S102  our own templates

    def answers(self, script: Script) -> tuple[Answer, ...]:
        """What each line gave; it ends with the first error. To be called `in_time`.

        Raises:
            TooManyStepsError: it did not come to an end.
        """
        self._left = self._limit
        names = dict(self._names)
        answers: list[Answer] = []
        for line in script:
            try:
                answers.append(_show(_run(line, names)))
            except TooManyStepsError:
                raise
            except Exception as error:
                answers.append(Answer(type(error).__name__, is_error=True))
                break
        return tuple(answers)

    def _tick(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise TooManyStepsError


@contextmanager
def in_time() -> Iterator[None]:
    """Bounds what a solution computes inside, by `TooManyStepsError`."""
    _install()
    signal.setitimer(signal.ITIMER_VIRTUAL, _SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def literal(value: object) -> str:
    """Return source text for a value, sets in a fixed order."""
    if type(value) in _PLAIN:
        return repr(value)
    if isinstance(value, set | frozenset):
        return _set_literal(value)
    if isinstance(value, tuple) and type(value) is tuple:
        inner = ", ".join(map(literal, value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{literal(k)}: {literal(v)}" for k, v in value.items()) + "}"
    return repr(value)


def _set_literal(value: Set[object]) -> str:
    name = "set" if isinstance(value, set) else "frozenset"
    if not value:
        return f"{name}()"
    inner = "{" + ", ".join(sorted(map(literal, value))) + "}"
    return inner if isinstance(value, set) else f"frozenset({inner})"


_PLAIN = frozenset({int, str, float, bool, type(None)})


def _run(line: str, names: dict[str, Any]) -> object:
    value: object = eval(_compiled(line), names)  # noqa: S307  our own templates
    return value


@lru_cache(maxsize=512)
def _compiled(line: str) -> CodeType:
    try:
        return compile(line, "<script>", "eval")
    except SyntaxError:
        return compile(line, "<script>", "exec")


def _show(value: object) -> Answer:
    if value is None:
        return Answer("")
    return Answer(literal(value), is_float=isinstance(value, float))


def agree(left: Sequence[Answer], right: Sequence[Answer]) -> bool:
    """Whether two solutions gave the same, numbers up to rounding."""
    if len(left) != len(right):
        return False
    pairs = zip(left, right, strict=True)
    return all(a == b or _close(a, b) or _reordered(a, b) for a, b in pairs)


def _reordered(a: Answer, b: Answer) -> bool:
    """Whether the two are equal but for the order of dictionaries."""
    if len(a.shown) != len(b.shown) or "{" not in a.shown or "{" not in b.shown:
        return False
    try:
        return bool(eval(a.shown) == eval(b.shown))  # noqa: S307  what `literal` wrote
    except (NameError, SyntaxError):
        return False


def _close(a: Answer, b: Answer) -> bool:
    if not (a.is_float and b.is_float):
        return False
    x, y = float(a.shown), float(b.shown)
    return abs(x - y) <= 1e-9 * max(1.0, abs(x), abs(y))


@cache
def _install() -> None:
    signal.signal(signal.SIGVTALRM, _out_of_time)


def _out_of_time(_number: int, _frame: FrameType | None) -> None:
    raise TooManyStepsError


def bounded(source: str) -> ast.Module:
    """Return a program that can be bound in its steps: a tick in every loop and function.

    Raises:
        SyntaxError: the source is none.
    """
    tree = ast.parse(source)
    _put_ticks(tree.body)
    return tree


def _put_ticks(statements: Iterable[Any]) -> None:
    """Put them into the statements and what is nested in them; expressions hold none."""
    for each in statements:
        for block in _BLOCKS.intersection(each._fields):
            _put_ticks(getattr(each, block))
        if isinstance(each, ast.While | ast.For | ast.FunctionDef):
            each.body.insert(0, _tick_statement(each))


_BLOCKS = frozenset({"body", "orelse", "finalbody", "handlers", "cases"})


def _tick_statement(place: ast.stmt) -> ast.stmt:
    name = ast.copy_location(ast.Name(_TICK, ast.Load()), place)
    call = ast.copy_location(ast.Call(name, [], []), place)
    return ast.copy_location(ast.Expr(call), place)
