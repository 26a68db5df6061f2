"""Conditions: neither needless nor impossible, rightly negated, well put in the plural."""

from __future__ import annotations

import random
import re
from datetime import date

import pytest

from training.exercises.blocks import HELPERS, Type, fill
from training.exercises.choice import Choice, choose
from training.exercises.english import around, plural_clause
from training.exercises.negation import negated
from training.exercises.read_table import sections
from training.exercises.words import WORDS

VALUES: dict[Type, list[object]] = {
    "int": list(range(-60, 500)),
    "digit": list(range(10)),
    "str": [*WORDS, *(word.upper() for word in WORDS), "", "level", "a1", "Noon"],
    "char": [chr(code) for code in range(32, 127)],
    "date": [f"{y}-{m:02}-{d:02}" for y in (2020, 2023) for m in (1, 2, 7, 12) for d in (1, 9, 28)],
}
NAMES = {
    **{"limit": 5, "minimum": 3, "maximum": 9, "divisor": 3, "value": 4, "low": 1, "high": 8},
    **{"size": 4, "prefix": "a", "letter": "e", "letters": "aeiou", "date": date},
}


def holds(code: str, kind: Type) -> list[bool]:
    """For which values an expression in `x` holds."""
    names: dict[str, object] = dict(NAMES)
    for helper in HELPERS.values():
        exec(helper, names)
    return [bool(eval(code, {**names, "x": value})) for value in VALUES[kind]]


def conditions(kind: Type) -> list[str]:
    """The expressions of a table."""
    lines = [fill(line, random.Random(3)) for line in sections("conditions")[kind]]
    return [line.split("|")[1].strip().replace("{x}", "x") for line in lines]


@pytest.mark.parametrize(
    ("kind", "code"), [(kind, code) for kind in VALUES for code in conditions(kind)]
)
def test_what_is_negated_holds_where_the_condition_does_not(kind: Type, code: str) -> None:
    assert holds(negated(code), kind) == [not each for each in holds(code, kind)]


@pytest.mark.parametrize("code", ["x > 3 and x % 2 == 0", "x < 1 or x > 9", "not x % 5 == 0 and x"])
def test_two_conditions_are_negated_together(code: str) -> None:
    assert holds(negated(code), "int") == [not each for each in holds(code, "int")]


@pytest.mark.parametrize(
    ("code", "opposite"),
    [
        ("x > 3", "x <= 3"),
        ("x % 2 == 0", "x % 2 != 0"),
        ("word.isupper()", "not word.isupper()"),
        ("not is_prime(x)", "is_prime(x)"),
        ('"a" in x', 'not ("a" in x)'),
    ],
)
def test_the_opposite_is_what_people_would_write(code: str, opposite: str) -> None:
    assert negated(code) == opposite


def chosen(kind: Type) -> list[Choice]:
    """Many choices with two conditions."""
    return [choose(kind, random.Random(seed), (2,)) for seed in range(60)]


@pytest.mark.parametrize("kind", ["int", "char"])
def test_both_of_two_conditions_matter(kind: Type) -> None:
    # What a parameter stands for is not known here.
    fixed = [each for each in chosen(kind) if not each.extras]
    assert len(fixed) > 20
    for choice in fixed:
        both = holds(choice.code("x"), kind)
        assert any(both)
        assert not all(both)
        singles = [Choice((each,), "and").code("x") for each in choice.conditions]
        assert all(holds(each, kind) != both for each in singles)


def test_a_choice_has_at_most_one_parameter_of_its_own() -> None:
    for choice in chosen("str"):
        assert len(choice.extras) <= 1
        assert set(choice.extras) == set(re.findall(r"@(\w+)", choice.clause))


@pytest.mark.parametrize(
    ("clause", "many"),
    [
        ("is even", "are even"),
        ("begins and ends with the same character", "begin and end with the same character"),
        ("has only one digit", "have only one digit"),
        ("lies in a leap year", "lie in a leap year"),
        ("has its letters in order", "have their letters in order"),
        ("is divisible by 2 but not by 5", "are divisible by 2 but not by 5"),
    ],
)
def test_clauses_in_the_plural(clause: str, many: str) -> None:
    assert plural_clause(clause) == many


def test_a_comma_closes_each() -> None:
    assert around("the squares of {}", "the numbers") == "the squares of the numbers"
    assert around("{}, each reversed", "the words") == "the words, each reversed,"
