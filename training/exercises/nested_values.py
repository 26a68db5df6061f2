"""Nested lists, trees and dictionaries to call functions with."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from training.exercises.words import word

_NAMES = ("Ada", "Ben", "Cleo", "Anna", "Eva", "Otto", "Ian", "Mo", "Lee", "Rosa", "Uma")
_KEYS = ("a", "b", "notes", "code", "src", "lib", "x", "old")


def _number(rng: random.Random) -> int:
    return rng.randint(-9, 30)


def _nested(leaf: Callable[[random.Random], Any]) -> Callable[[random.Random], list[Any]]:
    def make(rng: random.Random, depth: int = 3) -> list[Any]:
        return [
            make(rng, depth - 1) if depth and rng.random() < 0.35 else leaf(rng)
            for _ in range(rng.randint(0, 4))
        ]

    return make


def _binary(rng: random.Random, depth: int = 3) -> tuple[Any, ...] | None:
    if depth == 0 or rng.random() < 0.2:
        return None
    return (_binary(rng, depth - 1), _number(rng), _binary(rng, depth - 1))


def _children(rng: random.Random, depth: int = 3) -> tuple[int, list[Any]]:
    count = rng.choice((0, 1, 2, 3)) if depth else 0
    return (_number(rng), [_children(rng, depth - 1) for _ in range(count)])


def _names(rng: random.Random, depth: int = 3) -> dict[str, Any]:
    count = rng.randint(0, 2) if depth else 0
    return {name: _names(rng, depth - 1) for name in rng.sample(_NAMES, count)}


def _dictionary(rng: random.Random, depth: int = 2) -> dict[str, Any]:
    return {
        key: _dictionary(rng, depth - 1) if depth and rng.random() < 0.4 else _number(rng)
        for key in rng.sample(_KEYS, rng.randint(0, 4))
    }


def _folder(rng: random.Random, depth: int = 2) -> dict[str, Any]:
    return {
        key: _folder(rng, depth - 1) if depth and rng.random() < 0.4 else rng.randint(0, 60)
        for key in rng.sample(_KEYS, rng.randint(0, 4))
    }


def _linked(rng: random.Random) -> tuple[Any, ...] | None:
    linked: tuple[Any, ...] | None = None
    for _ in range(rng.randint(0, 6)):
        linked = (_number(rng), linked)
    return linked


MAKERS: Mapping[str, Callable[[random.Random], Any]] = {
    "nested": _nested(_number),
    "nested_words": _nested(lambda rng: word(rng) or "a"),
    "binary": _binary,
    "children": _children,
    "names": _names,
    "dictionary": _dictionary,
    "folder": _folder,
    "linked": _linked,
}
