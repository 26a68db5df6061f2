"""Tests as statements, written from what the right solution answered."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence, Set

from training.exercises.choose_tests import Trial
from training.exercises.oracle import Answer


def test_lines(trials: Sequence[Trial], silent: Set[str]) -> list[str]:
    """Return the statements that trials become, with what they import in front.

    Args:
        silent: methods that give nothing back.
    """
    lines = [line for trial in trials for line in statements(trial, silent)]
    has_files = any("io.StringIO(" in line for line in lines)
    return ["import io", *lines] if has_files else lines


def statements(trial: Trial, silent: Set[str]) -> list[str]:
    """Return the statements that a trial becomes, each one or more whole lines."""
    pairs = zip(trial.script, trial.answers)  # noqa: B905  it ends with an error
    return [
        line if not answer.shown and _called(line) in silent else _statement(line, answer)
        for line, answer in pairs
    ]


def _called(line: str) -> str:
    """The name of the method that a line calls, and does nothing else; empty: none."""
    match = re.match(r"\w+\.(\w+)\(", line)
    return match[1] if match else ""


def _statement(line: str, answer: Answer) -> str:
    if answer.is_error:
        return (
            f"try:\n    {line}\nexcept {answer.shown}:\n    pass\n"
            f"else:\n    raise AssertionError({f'{line} should raise {answer.shown}'!r})"
        )
    tree = _expression(line)
    if tree is None:
        return line
    # "a in b is True" would be a chain of comparisons.
    shown = line if isinstance(tree, ast.Call | ast.Subscript) else f"({line})"
    if answer.is_float:
        return f"assert abs({shown} - {answer.shown}) < 1e-6"
    if answer.shown in ("True", "False"):
        return f"assert {shown} is {answer.shown}"
    return f"assert {shown} == {answer.shown}" if answer.shown else f"assert {shown} is None"


def _expression(line: str) -> ast.expr | None:
    """What the line is; None for a statement that is no expression."""
    try:
        return ast.parse(line, mode="eval").body
    except SyntaxError:
        return None
