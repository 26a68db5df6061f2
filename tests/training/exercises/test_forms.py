"""Normal forms and skeletons, wrong solutions, bounded runs."""

from __future__ import annotations

import ast
import random
from collections.abc import Sequence

import pytest

from training.exercises.choose_tests import Trial, choose_tests
from training.exercises.mutants import mutants
from training.exercises.oracle import (
    Answer,
    Runner,
    TooManyStepsError,
    agree,
    bounded,
    in_time,
    literal,
)
from training.exercises.skeleton import normal_form, skeleton
from training.exercises.statements import statements

BASE = "def f(xs):\n    return sum(x * 2 for x in xs if x > 3)\n"
SAME_NORMAL = (
    "def other(values: list[int]) -> int:\n"
    '    """Some words."""\n    return sum(value * 7 for value in values if value > 0)\n'
)
SAME_SKELETON = "def f(xs):\n    return max(x * 2 for x in xs if x > 3)\n"
OTHER = "def f(xs):\n    return sum(x * 2 for x in xs if x >= 3)\n"


def test_names_constants_annotations_and_docstrings_are_erased() -> None:
    assert normal_form(ast.parse(BASE)) == normal_form(ast.parse(SAME_NORMAL))


def test_built_in_names_belong_to_the_normal_form_only() -> None:
    assert normal_form(ast.parse(BASE)) != normal_form(ast.parse(SAME_SKELETON))
    assert skeleton(ast.parse(BASE)) == skeleton(ast.parse(SAME_SKELETON))


@pytest.mark.parametrize(
    "other",
    [
        OTHER,
        "def f(xs):\n    return sum(x * 2 for x in xs)\n",
        "def f(xs, y):\n    return sum(x * 2 for x in xs if x > 3)\n",
        "def f(xs):\n    return sum([x * 2 for x in xs if x > 3])\n",
        "def g(xs):\n    pass\n\n\n" + BASE,
    ],
)
def test_other_operations_are_other_skeletons(other: str) -> None:
    assert skeleton(ast.parse(BASE)) != skeleton(ast.parse(other))


@pytest.mark.parametrize(
    ("left", "right", "is_same"),
    [
        ("x.append(1)", "x.pop(1)", False),
        ("import math", "import json", False),
        ("return_ = True", "return_ = False", False),
        ("x: int = 1", "y = 2", True),
        ("x = f'{a} b'", "x = f'{c}'", True),
        ("self.x = 1", "self.y = 2", True),
    ],
)
def test_what_the_normal_form_keeps(left: str, right: str, is_same: bool) -> None:
    assert (normal_form(ast.parse(left)) == normal_form(ast.parse(right))) is is_same


def test_mutants_differ_and_leave_the_tree_as_it_was() -> None:
    tree = ast.parse(BASE)
    before = ast.unparse(tree)
    found = [ast.unparse(mutant) for mutant in mutants(tree, random.Random(0), 9)]
    assert len(found) == len(set(found)) >= 3
    assert before not in found
    assert ast.unparse(tree) == before


def trials(source: str, scripts: Sequence[tuple[str, ...]]) -> list[Trial]:
    runner = Runner(bounded(source))
    return [Trial(script, runner.answers(script)) for script in scripts]


def test_tests_are_chosen_that_catch_wrong_solutions() -> None:
    # Only the last two of many scripts tell where the bound lies.
    scripts = [(f"f([{n}, {n + 9}])",) for n in range(10, 40)]
    scripts += [("f([3])",), ("f([4])",)]
    chosen = choose_tests(bounded(BASE), trials(BASE, scripts), random.Random(0))
    assert ("f([3])",) in [each.script for each in chosen.trials]
    assert chosen.caught == chosen.mutants > 0


def test_weak_scripts_catch_nothing() -> None:
    chosen = choose_tests(bounded(BASE), trials(BASE, [("f([])",)]), random.Random(0))
    assert chosen.caught < chosen.mutants


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    while True:\n        pass\n",
        "def f():\n    return f()\n",
        "def f():\n    x = 3\n    while True:\n        x = x * x\n",
    ],
)
def test_what_does_not_end_is_stopped(source: str) -> None:
    runner = Runner(bounded(source), limit=900)
    with pytest.raises(TooManyStepsError), in_time():
        runner.answers(("f()",))


@pytest.mark.parametrize(
    "body",
    [
        "match x:\n        case 1:\n            while True: pass",
        "try:\n        x / 0\n    except ZeroDivisionError:\n        while True: pass",
        "with open('/dev/null'):\n        for _ in iter(int, 1): pass",
        "for _ in ():\n        pass\n    else:\n        while True: pass",
    ],
)
def test_loops_are_bounded_wherever_they_stand(body: str) -> None:
    runner = Runner(bounded(f"def f(x):\n    {body}\n"), limit=900)
    with pytest.raises(TooManyStepsError):
        runner.answers(("f(1)",))


def test_answers_end_with_the_first_error() -> None:
    runner = Runner(bounded("def f(x):\n    return 1 / x\n"))
    answers = runner.answers(("f(2)", "f(0)", "f(4)"))
    assert answers == (Answer("0.5", is_float=True), Answer("ZeroDivisionError", is_error=True))


def test_calls_that_give_nothing_back_are_not_compared() -> None:
    trial = Trial(
        ("bag = Bag()", "bag.add(3)", "bag.last()", "len(bag)"),
        (Answer(""), Answer(""), Answer(""), Answer("1")),
    )
    assert statements(trial, frozenset({"add"})) == [
        "bag = Bag()",
        "bag.add(3)",
        "assert bag.last() is None",
        "assert len(bag) == 1",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({3, 1, 2}, "{1, 2, 3}"),
        (set(), "set()"),
        ((1,), "(1,)"),
        ({"b": [1], "a": {2}}, "{'b': [1], 'a': {2}}"),
        ("it's", '"it\'s"'),
    ],
)
def test_literal(value: object, text: str) -> None:
    assert literal(value) == text
    assert eval(text) == value


@pytest.mark.parametrize(
    ("left", "right", "is_same"),
    [
        (Answer("1"), Answer("1"), True),
        (Answer("1"), Answer("2"), False),
        (Answer("0.3", is_float=True), Answer("0.30000000000000004", is_float=True), True),
        (Answer("{'a': 1, 'b': 2}"), Answer("{'b': 2, 'a': 1}"), True),
        (Answer("{'a': 1, 'b': 2}"), Answer("{'b': 1, 'a': 2}"), False),
        (Answer("[1, 2]"), Answer("[2, 1]"), False),
    ],
)
def test_agree(left: Answer, right: Answer, is_same: bool) -> None:
    assert agree([left], [right]) is is_same
    assert not agree([left], [right, right])
