"""JSON values and texts that tests call with."""

from __future__ import annotations

import json
import random
from typing import Any

from training.exercises.words import FIRST_NAMES, WORDS

_KEYS = ("size", "color", "debug", "name", "level", "path")


def value(rng: random.Random, depth: int = 2) -> Any:
    """Return a JSON value, nested at most `depth` deep."""
    chance = rng.random()
    if depth and chance < 0.35:
        return [value(rng, depth - 1) for _ in range(rng.randint(0, 3))]
    if depth and chance < 0.75:
        return {each: value(rng, depth - 1) for each in rng.sample(_KEYS, rng.randint(0, 3))}
    return rng.choice((None, True, False, rng.randint(-9, 99), rng.choice(WORDS)))


def records(rng: random.Random) -> str:
    """Return a list of players with scores."""
    names = rng.sample(FIRST_NAMES, rng.randint(0, 4))
    return json.dumps([{"name": name, "score": rng.randint(0, 40)} for name in names])


def settings(rng: random.Random) -> str:
    """Return an object with plain values."""
    chosen = rng.sample(_KEYS, rng.randint(0, 4))
    return json.dumps({each: value(rng, 0) for each in chosen})


def key(rng: random.Random) -> str:
    """Return one of the keys that objects may have."""
    return rng.choice(_KEYS)


def lines(rng: random.Random) -> list[str]:
    """Return texts of which some are no JSON."""
    broken = ("{", "[1, 2", "{'a': 1}", "", "yes")
    return [
        rng.choice(broken) if rng.random() < 0.4 else json.dumps({"n": rng.randint(0, 9)})
        for _ in range(rng.randint(0, 5))
    ]
