"""Which values count: up to two conditions, as a clause and as an expression."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from training.exercises.blocks import Condition, Type, condition
from training.exercises.english import plural_clause
from training.exercises.extras import names_of_extras
from training.exercises.words import WORDS


@dataclass(frozen=True, slots=True)
class Choice:
    """Conditions that single values have to meet; without any, all values count."""

    conditions: tuple[Condition, ...]
    word: str
    """"and" or "or", between two conditions."""

    @property
    def extras(self) -> list[str]:
        """The names of further parameters."""
        return names_of_extras(each.clause for each in self.conditions)

    @property
    def helpers(self) -> str:
        """Definitions that the expression calls."""
        found = (each.helper.strip("\n") for each in self.conditions if each.helper)
        return "\n\n\n".join(dict.fromkeys(found))

    @property
    def slug(self) -> str:
        """For names of functions; empty where all values count."""
        return self.conditions[0].slug if self.conditions else ""

    def code(self, value: str) -> str:
        """The expression for that value; empty where all count."""
        codes = [each.code.replace("{x}", value) for each in self.conditions]
        if len(codes) < 2:
            return "".join(codes)
        codes = [f"({code})" if " or " in code or " and " in code else code for code in codes]
        return f" {self.word} ".join(codes)

    def filter(self, value: str) -> str:
        """The part of a comprehension that begins with " if"; empty where all count."""
        return f" if {self.code(value)}" if self.conditions else ""

    @property
    def clause(self) -> str:
        """What stands behind "a number that": "is even and is greater than 3"."""
        return f" {self.word} ".join(each.clause for each in self.conditions)

    @property
    def clauses(self) -> str:
        """What stands behind "the numbers that": "are even and greater than 3"."""
        text = f" {self.word} ".join(plural_clause(each.clause) for each in self.conditions)
        return re.sub(r" (and|or) are ", r" \1 ", text) if text.startswith("are ") else text


def choose(kind: Type, rng: random.Random, counts: tuple[int, ...] = (0, 1, 1, 1, 2)) -> Choice:
    """Return a choice among values of a type that makes sense.

    Args:
        counts: numbers of conditions, each as often as it should come.
    """
    while True:
        found = tuple(condition(kind, rng) for _ in range(rng.choice(counts)))
        choice = Choice(found, rng.choice(("and", "and", "or")))
        extras = choice.extras
        if len(extras) == len(set(extras)) <= 1 and _is_sensible(choice, kind):
            return choice


def _is_sensible(choice: Choice, kind: Type) -> bool:
    """Whether neither of two conditions makes the other one needless or impossible."""
    if len(choice.conditions) < 2:
        return True
    both = _holds(choice.helpers, choice.code("x"), kind)
    single = [
        _holds(each.helper, each.code.replace("{x}", "x"), kind) for each in choice.conditions
    ]
    return both not in single and any(both) and not all(both)


@lru_cache(maxsize=4096)
def _holds(helpers: str, code: str, kind: Type) -> tuple[bool, ...]:
    """For which of some values an expression holds."""
    names: dict[str, Any] = dict(_EXTRAS)
    exec(helpers, names)  # noqa: S102  our own tables
    found = eval(f"[bool({code}) for x in values]", names | {"values": _VALUES[kind]})  # noqa: S307  likewise
    return tuple(found)


_EXTRAS: Mapping[str, Any] = {
    **{"limit": 6, "minimum": 4, "maximum": 12, "divisor": 3, "value": 5, "low": 2, "high": 11},
    "date": date,
    **{"size": 4, "prefix": "a", "letter": "e", "letters": "aeiou"},
}
_VALUES: Mapping[Type, Sequence[object]] = {
    "int": (*range(-30, 61), *range(100, 500, 7), 111, 121, 1001),
    "digit": range(10),
    "char": [chr(code) for code in range(32, 127)],
    "date": [
        f"{year}-{month:02}-{day:02}"
        for year in range(2019, 2027)
        for month in range(1, 13)
        for day in range(1, 28, 5)
    ],
    "str": (
        *WORDS,
        *(word.upper() for word in WORDS),
        *(word.title() for word in WORDS),
        *(word + word[::-1] for word in WORDS),
        *(f"{word}{len(word)}" for word in WORDS),
        *("", "a", "ab", "abc", "level", "noon", "E"),
    ),
}
