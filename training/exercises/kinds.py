"""The kinds of values that parameters have: annotation, natural names, values to call with."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from training.exercises import json_texts, text_files, words
from training.exercises.read_table import sections

Make = Callable[[random.Random], Any]


@dataclass(frozen=True, slots=True)
class Context:
    """How a value of a kind is called in one domain."""

    name: str
    """Of the variable: "scores"; empty: as the template calls it."""
    one: str
    """Of one element: "score"; empty if it has none."""
    noun: str
    """"list of scores"; empty: it is called by its name."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value."""

    annotation: str
    contexts: tuple[Context, ...]
    make: Make


def _contexts(heading: str) -> tuple[Context, ...]:
    parts = (each.split("/") for each in sections("contexts")[heading])
    return tuple(Context(name.strip(), one.strip(), noun.strip()) for name, one, noun in parts)


_NUMBERS = _contexts("numbers")
_POSITIVES = _contexts("positives")
_WORDS = _contexts("words")
_TEXT = _contexts("text")
_WORD = _contexts("word")
_COUNTS = _contexts("counts")
_PAIRS = _contexts("pairs")
_GRID = _contexts("grid")
_FILES = (Context("", "", ""),)
_PLAIN = (Context("", "", ""),)


def _ints(low: int = -20, high: int = 40, most: int = 8, least: int = 0) -> Make:
    def make(rng: random.Random) -> list[int]:
        size = rng.randint(least, most)
        if rng.random() < 0.35:
            start = rng.randint(low, high - 6)
            return [rng.randint(start, start + 5) for _ in range(size)]
        return [rng.randint(low, high) for _ in range(size)]

    return make


def _floats(rng: random.Random) -> list[float]:
    return [rng.randint(-20, 80) / 4 for _ in range(rng.randint(0, 7))]


def _counts(rng: random.Random) -> dict[str, int]:
    pool = rng.choice((words.FIRST_NAMES, words.PRODUCTS, words.COLORS, words.ANIMALS))
    names = rng.sample(pool, rng.randint(0, 5))
    return {name: rng.randint(0, rng.choice((5, 100))) for name in names}


def _pairs(rng: random.Random) -> list[tuple[str, int]]:
    pool = rng.sample(rng.choice((words.FIRST_NAMES, words.PRODUCTS, words.CITIES)), 4)
    return [(rng.choice(pool), rng.randint(0, 30)) for _ in range(rng.randint(0, 7))]


def _grid(low: int = 0, high: int = 9, *, square: bool = False, least: int = 1) -> Make:
    def make(rng: random.Random) -> list[list[int]]:
        rows = rng.randint(least, 4)
        columns = rows if square else rng.randint(least, 4)
        return [[rng.randint(low, high) for _ in range(columns)] for _ in range(rows)]

    return make


def _nested(rng: random.Random, depth: int = 3) -> list[Any]:
    return [
        _nested(rng, depth - 1) if depth and rng.random() < 0.35 else rng.randint(-9, 20)
        for _ in range(rng.randint(0, 4))
    ]


def _nested_dict(rng: random.Random, depth: int = 2) -> dict[str, Any]:
    keys = rng.sample("abcdxy", rng.randint(0 if depth < 2 else 1, 3))
    return {
        key: _nested_dict(rng, depth - 1) if depth and rng.random() < 0.45 else rng.randint(0, 20)
        for key in keys
    }


def _expression(rng: random.Random, depth: int = 3) -> Any:
    if depth == 0 or rng.random() < 0.3:
        return rng.randint(0, 9)
    return (rng.choice("+-*"), _expression(rng, depth - 1), _expression(rng, depth - 1))


def _postfix(rng: random.Random, depth: int = 3) -> str:
    if depth == 0 or rng.random() < 0.25:
        return str(rng.randint(0, 12))
    return f"{_postfix(rng, depth - 1)} {_postfix(rng, depth - 1)} {rng.choice('+-*')}"


def _renames(rng: random.Random) -> dict[str, str]:
    pool = (*words.FIRST_NAMES[:6], *words.PRODUCTS[:6], *words.COLORS[:6])
    return {name: f"new {name}" for name in rng.sample(pool, rng.randint(0, 6))}


def _intervals(rng: random.Random) -> list[tuple[int, int]]:
    starts = [rng.randint(0, 20) for _ in range(rng.randint(0, 5))]
    return [(start, start + rng.randint(1, 8)) for start in starts]


def _graph(rng: random.Random) -> dict[str, list[str]]:
    nodes = "ABCDEF"[: rng.randint(2, 6)]
    return {
        node: sorted(rng.sample(nodes.replace(node, ""), rng.randint(0, min(3, len(nodes) - 1))))
        for node in nodes
    }


def _edges(rng: random.Random) -> list[tuple[int, int]]:
    size = rng.randint(2, 6)
    pairs = [(a, b) for a in range(size) for b in range(a + 1, size)]
    return rng.sample(pairs, rng.randint(0, min(6, len(pairs))))


def _tree(rng: random.Random, depth: int = 3) -> tuple[Any, ...] | None:
    if depth == 0 or rng.random() < 0.25:
        return None
    return (rng.randint(0, 20), _tree(rng, depth - 1), _tree(rng, depth - 1))


def _brackets(rng: random.Random) -> str:
    alphabet = rng.choice(("()", "()[]", "()[]{}", "(a)"))
    if rng.random() < 0.5:
        inner = rng.choice(("", "()", "(())", "()()", "[]"))
        return rng.choice(("({})", "{}()", "(({}))", "{}")).replace("{}", inner)
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(0, 8)))


def _date(rng: random.Random) -> str:
    return f"{rng.randint(2019, 2026)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def _date_like(rng: random.Random) -> str:
    year, month, day = rng.randint(2019, 2026), rng.randint(1, 13), rng.randint(0, 32)
    forms = (f"{year}-{month:02}-{day:02}", f"{day:02}.{month:02}.{year}", f"{year}-{month}-{day}")
    return rng.choice((*forms[:2], *forms[:2], *forms, rng.choice(words.WORDS)))


def _clock(rng: random.Random) -> str:
    return f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}"


def _whole(low: int, high: int) -> Make:
    return lambda rng: rng.randint(low, high)


def _sorted_ints(rng: random.Random) -> list[int]:
    return sorted(rng.randint(-10, 40) for _ in range(rng.randint(0, 8)))


def _kind(annotation: str, contexts: tuple[Context, ...], make: Make) -> Kind:
    return Kind(annotation, contexts, make)


_LETTERS_CONTEXT = _contexts("letters_context")

KINDS: Mapping[str, Kind] = {
    "ints": _kind("list[int]", _NUMBERS, _ints()),
    "some": _kind("list[int]", _NUMBERS, _ints(least=1)),
    "two": _kind("list[int]", _NUMBERS, _ints(least=2)),
    "positives": _kind("list[int]", _POSITIVES, _ints(1, 40)),
    "naturals": _kind("list[int]", _POSITIVES, _ints(1, 12, least=1)),
    "digits": _kind("list[int]", _contexts("digits"), _ints(0, 9, 6, 1)),
    "sorted": _kind(
        "list[int]",
        _contexts("sorted"),
        _sorted_ints,
    ),
    "floats": _kind("list[float]", _NUMBERS, _floats),
    "words": _kind("list[str]", _WORDS, words.words),
    "somewords": _kind("list[str]", _WORDS, lambda rng: words.words(rng, 1)),
    "text": _kind("str", _TEXT, words.sentence),
    "word": _kind("str", _WORD, words.word),
    "letters": _kind("str", _LETTERS_CONTEXT, words.letters),
    "digitstring": _kind(
        "str",
        _contexts("digitstring"),
        lambda rng: str(rng.randint(0, 10 ** rng.randint(1, 7))),
    ),
    "bits": _kind(
        "str",
        _contexts("bits"),
        lambda rng: "".join(rng.choice("01") for _ in range(rng.randint(1, 8))),
    ),
    "brackets": _kind(
        "str",
        _contexts("brackets"),
        _brackets,
    ),
    "counts": _kind("dict[str, int]", _COUNTS, _counts),
    "pairs": _kind("list[tuple[str, int]]", _PAIRS, _pairs),
    "grid": _kind("list[list[int]]", _GRID, _grid()),
    "square": _kind("list[list[int]]", _contexts("square"), _grid(square=True)),
    "binarygrid": _kind(
        "list[list[int]]",
        _contexts("binarygrid"),
        _grid(0, 1, least=2),
    ),
    "nested": _kind("list", _contexts("nested"), _nested),
    "intervals": _kind(
        "list[tuple[int, int]]",
        _contexts("intervals"),
        _intervals,
    ),
    "graph": _kind(
        "dict[str, list[str]]",
        _contexts("graph"),
        _graph,
    ),
    "edges": _kind(
        "list[tuple[int, int]]",
        _contexts("edges"),
        _edges,
    ),
    "tree": _kind("tuple | None", _contexts("tree"), _tree),
    "points": _kind(
        "list[tuple[int, int]]",
        _contexts("points"),
        lambda rng: [(rng.randint(-5, 9), rng.randint(-5, 9)) for _ in range(rng.randint(0, 6))],
    ),
    "point": _kind("tuple[int, int]", _PLAIN, lambda rng: (rng.randint(-9, 9), rng.randint(-9, 9))),
    "nesteddict": _kind("dict", _PLAIN, _nested_dict),
    "path": _kind(
        "list[str]",
        _PLAIN,
        lambda rng: [rng.choice("abcdxy") for _ in range(rng.randint(0, 3))],
    ),
    "renames": _kind("dict[str, str]", _PLAIN, _renames),
    "node": _kind("str", _PLAIN, lambda rng: rng.choice("ABCDEF")),
    "timepair": _kind(
        "tuple[int, int]", _PLAIN, lambda rng: (rng.randint(0, 12), rng.randint(1, 59))
    ),
    "workday": _kind(
        "tuple[int, int]", _PLAIN, lambda rng: (rng.randint(0, 10), rng.randint(14, 24))
    ),
    "postfix": _kind("str", _PLAIN, _postfix),
    "shortword": _kind(
        "str", _PLAIN, lambda rng: "".join(rng.choice("abcd") for _ in range(rng.randint(0, 4)))
    ),
    "expression": _kind("tuple | int", _PLAIN, _expression),
    "json": _kind("Any", _PLAIN, json_texts.value),
    "jsonrecords": _kind("str", _PLAIN, json_texts.records),
    "jsonobject": _kind("str", _PLAIN, json_texts.settings),
    "jsonkey": _kind("str", _PLAIN, json_texts.key),
    "jsonlines": _kind("list[str]", _PLAIN, json_texts.lines),
    "file": _kind("TextIO", _FILES, text_files.text_file),
    "numberfile": _kind("TextIO", _FILES, text_files.number_file),
    "configfile": _kind("TextIO", _FILES, text_files.config_file),
    "csvfile": _kind("TextIO", _FILES, text_files.csv_file),
    "logfile": _kind("TextIO", _FILES, text_files.log_file),
    "needle": _kind("str", _PLAIN, lambda rng: rng.choice(("a", "the", "#", "or", "e", "T"))),
    "datelike": _kind("str", _PLAIN, _date_like),
    "date": _kind("str", _PLAIN, _date),
    "dates": _kind(
        "list[str]",
        _contexts("dates"),
        lambda rng: [_date(rng) for _ in range(rng.randint(0, 5))],
    ),
    "clock": _kind("str", _PLAIN, _clock),
    "year": _kind(
        "int", _PLAIN, lambda rng: rng.choice((1900, 2000, 2024, 2100, rng.randint(1890, 2110)))
    ),
    "bool": _kind("bool", _PLAIN, lambda rng: rng.random() < 0.5),
    "num": _kind("int", _PLAIN, _whole(-50, 120)),
    "nat": _kind("int", _PLAIN, _whole(0, 40)),
    "pos": _kind("int", _PLAIN, _whole(1, 60)),
    "big": _kind("int", _PLAIN, lambda rng: rng.randint(0, 10 ** rng.randint(1, 6))),
    "k": _kind("int", _PLAIN, _whole(1, 4)),
    "small": _kind("int", _PLAIN, _whole(0, 9)),
    "any": _kind("int", _PLAIN, _whole(-3, 9)),
    "real": _kind("float", _PLAIN, lambda rng: rng.randint(-40, 200) / 4),
    "char": _kind("str", _PLAIN, lambda rng: rng.choice("aeioutnsrlb")),
    "sep": _kind("str", _PLAIN, lambda rng: rng.choice((",", "-", " ", "/", ", "))),
    "name": _kind("str", _PLAIN, lambda rng: rng.choice(words.FIRST_NAMES)),
}
