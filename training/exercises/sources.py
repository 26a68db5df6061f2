"""Where a pipeline's values come from: what it is given, and how one gets at the values."""

from __future__ import annotations

import random
from dataclasses import dataclass

from training.exercises.blocks import Type
from training.exercises.draft import Parameter
from training.exercises.english import plural
from training.exercises.kinds import KINDS, Context
from training.exercises.words import FIRST_NAMES, WORDS


@dataclass(frozen=True, slots=True)
class Source:
    """Values of one type, taken from one parameter."""

    parameter: Parameter
    gives: Type
    one: str
    """The variable that holds a value."""
    many: str
    """"the scores in {scores}"."""
    loops: tuple[tuple[str, str], ...]
    """Variable and what it runs over, outermost first."""
    slug: str
    """For names of functions: "scores"."""


def source(rng: random.Random) -> Source:
    """Return some source."""
    makers = (
        *(_numbers,) * 6,
        *(_words,) * 6,
        *(_words_of_text, _characters, _characters),
        *(_range, _values, _cells, _digits, _differences, _every_other),
        *(_lines, _pair_numbers, _keys, _listed),
        *(_dates,) * 3,
    )
    return rng.choice(makers)(rng)


def _parameter(kind: str, context: Context, name: str = "") -> Parameter:
    return Parameter(name or context.name, KINDS[kind].annotation, context.noun, KINDS[kind].make)


def _plain(kind: str, gives: Type, rng: random.Random) -> Source:
    context = rng.choice(KINDS[kind].contexts)
    name, one = context.name, context.one
    many = plural(one.replace("_", " "))
    return Source(
        _parameter(kind, context), gives, one, f"the {many} in {{{name}}}", ((one, name),), name
    )


def _numbers(rng: random.Random) -> Source:
    return _plain(rng.choice(("ints", "ints", "positives", "sorted")), "int", rng)


def _words(rng: random.Random) -> Source:
    return _plain("words", "str", rng)


def _words_of_text(rng: random.Random) -> Source:
    context = rng.choice(KINDS["text"].contexts)
    name = context.name
    over = f"{name}.split()"
    return Source(
        _parameter("text", context),
        "str",
        "word",
        f"the words of {{{name}}}",
        (("word", over),),
        "words",
    )


def _characters(rng: random.Random) -> Source:
    context = rng.choice(KINDS["text"].contexts)
    name = context.name
    return Source(
        _parameter("text", context),
        "char",
        "char",
        f"the characters of {{{name}}}",
        (("char", name),),
        "characters",
    )


def _range(rng: random.Random) -> Source:
    parameter = Parameter("n", "int", "", lambda r: r.randint(0, 30))
    if rng.random() < 0.5:
        return Source(
            parameter,
            "int",
            "i",
            "the integers from 1 to {n}",
            (("i", "range(1, n + 1)"),),
            "numbers",
        )
    return Source(
        parameter,
        "int",
        "i",
        "the non-negative integers below {n}",
        (("i", "range(n)"),),
        "numbers",
    )


def _values(rng: random.Random) -> Source:
    context = rng.choice(KINDS["counts"].contexts)
    name = context.name
    return Source(
        _parameter("counts", context),
        "int",
        "value",
        f"the values of {{{name}}}",
        (("value", f"{name}.values()"),),
        "values",
    )


def _keys(rng: random.Random) -> Source:
    context = rng.choice(KINDS["counts"].contexts)
    name = context.name
    return Source(
        _parameter("counts", context),
        "str",
        "key",
        f"the keys of {{{name}}}",
        (("key", name),),
        "keys",
    )


def _cells(rng: random.Random) -> Source:
    context = rng.choice(KINDS["grid"].contexts)
    name = context.name if context.name != "rows" else "grid"
    context = Context(name, "", context.noun)
    loops = (("row", name), ("value", "row"))
    return Source(
        _parameter("grid", context), "int", "value", f"the values in {{{name}}}", loops, "cells"
    )


def _digits(rng: random.Random) -> Source:
    parameter = Parameter("n", "int", "", lambda r: r.randint(0, 10 ** r.randint(1, 7)))
    over = rng.choice(("map(int, str(n))", "[int(char) for char in str(n)]"))
    return Source(parameter, "digit", "digit", "the digits of {n}", (("digit", over),), "digits")


def _differences(rng: random.Random) -> Source:
    context = rng.choice(KINDS["ints"].contexts)
    name = context.name
    over = f"[b - a for a, b in zip({name}, {name}[1:])]"
    return Source(
        _parameter("ints", context),
        "int",
        "difference",
        f"the differences between successive {plural(context.one)} in {{{name}}}",
        (("difference", over),),
        "differences",
    )


def _every_other(rng: random.Random) -> Source:
    context = rng.choice(KINDS["ints"].contexts)
    name, one = context.name, context.one
    where, over = rng.choice((("even", f"{name}[::2]"), ("odd", f"{name}[1::2]")))
    return Source(
        _parameter("ints", context),
        "int",
        one,
        f"the {plural(one)} at {where} positions of {{{name}}}",
        ((one, over),),
        f"{where}_positions",
    )


def _lines(rng: random.Random) -> Source:
    def make(r: random.Random) -> str:
        return "\n".join(
            " ".join(r.choice(WORDS) for _ in range(r.randint(0, 3)))
            for _ in range(r.randint(0, 4))
        )

    name = rng.choice(("text", "content", "document"))
    parameter = Parameter(name, "str", "text of several lines", make)
    return Source(
        parameter,
        "str",
        "line",
        f"the lines of {{{name}}}",
        (("line", f"{name}.splitlines()"),),
        "lines",
    )


def _pair_numbers(rng: random.Random) -> Source:
    context = rng.choice(KINDS["pairs"].contexts)
    name = context.name
    return Source(
        _parameter("pairs", context),
        "int",
        "value",
        f"the second items of {{{name}}}",
        (("_, value", name),),
        "second_items",
    )


def _dates(rng: random.Random) -> Source:
    context = rng.choice(KINDS["dates"].contexts)
    name = context.name
    # Not "date": that is the class.
    return Source(
        _parameter("dates", context),
        "date",
        "day",
        f"the dates in {{{name}}}",
        (("day", name),),
        name,
    )


def _listed(rng: random.Random) -> Source:
    def make(r: random.Random) -> str:
        return ",".join(str(r.randint(-9, 40)) for _ in range(r.randint(1, 6)))

    def make_names(r: random.Random) -> str:
        return "; ".join(r.choice(FIRST_NAMES) for _ in range(r.randint(1, 5)))

    name = rng.choice(("text", "line", "row"))
    if rng.random() < 0.6:
        parameter = Parameter(name, "str", "string of comma-separated integers", make)
        over = f"[int(part) for part in {name}.split(',')]"
        return Source(
            parameter,
            "int",
            "number",
            f"the numbers in {{{name}}}",
            (("number", over),),
            "listed_numbers",
        )
    parameter = Parameter(name, "str", "string of names separated by semicolons", make_names)
    over = f"[part.strip() for part in {name}.split(';')]"
    return Source(
        parameter, "str", "name", f"the names in {{{name}}}", (("name", over),), "listed_names"
    )
