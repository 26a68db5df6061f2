"""Building blocks: conditions and conversions of single values, in words and in code.

A table has one block a line, its parts between bars. `$k:2-9` draws a whole number,
`$c:aeo` a letter and `$w:pre,un` a word; `$k` repeats what was drawn. `@limit` in words and code
is a further parameter.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from training.exercises.read_table import sections

Type = Literal["int", "str", "char", "digit", "date"]
"""Of the values in a pipeline; a date is a string such as "2024-05-01"."""

_DRAWN = re.compile(r"\$(\w)(?::(\w[\w.-]*(?:,\w+)*|-_))?")


@dataclass(frozen=True, slots=True)
class Condition:
    """What may hold for a value `{x}`."""

    clause: str
    """"is even": behind "a number that"."""
    code: str
    slug: str
    """For names of functions: "even"."""
    helper: str = ""
    """A definition that the code calls."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a value `{x}` may become."""

    many: str
    """"the squares of {}": around the values in the plural."""
    code: str
    slug: str
    """For names of functions: "squares"."""
    gives: Type
    helper: str = ""


def fill(text: str, rng: random.Random) -> str:
    """Return the text with what is to be drawn drawn."""
    drawn: dict[str, str] = {}

    def value(match: re.Match[str]) -> str:
        name, options = match[1], match[2]
        if options:
            drawn[name] = _draw(options, rng)
        return drawn[name]

    return _DRAWN.sub(value, text)


def _draw(options: str, rng: random.Random) -> str:
    if span := re.fullmatch(r"(\d+)-(\d+)", options):
        return str(rng.randint(int(span[1]), int(span[2])))
    return rng.choice(options.split(",") if "," in options else list(options))


def condition(kind: Type, rng: random.Random) -> Condition:
    """Return a condition on a value of a type."""
    clause, code, slug, *helper = _parts(rng.choice(_CONDITIONS[kind]), rng)
    return Condition(clause, code, slug, HELPERS[helper[0]] if helper else "")


def conversion(kind: Type, rng: random.Random) -> Conversion:
    """Return a conversion of a value of a type."""
    many, code, slug, gives, *helper = _parts(rng.choice(_CONVERSIONS[kind]), rng)
    is_known: Type = "int" if gives == "int" else "str"
    return Conversion(many, code, slug, is_known, HELPERS[helper[0]] if helper else "")


def _parts(line: str, rng: random.Random) -> list[str]:
    return [part.strip() for part in fill(line, rng).split("|")]


def _functions() -> Mapping[str, str]:
    return {name: "\n".join(lines) for name, lines in sections("block_functions").items()}


HELPERS = _functions()
_CONDITIONS = sections("conditions")
_CONVERSIONS = sections("conversions")
