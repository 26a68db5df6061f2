"""Words, names and sentences that values are drawn from."""

from __future__ import annotations

import random

from training.exercises.read_table import sections


def _words(heading: str) -> tuple[str, ...]:
    return tuple(" ".join(sections("words")[heading]).split())


WORDS = _words("words")
FIRST_NAMES = _words("first_names")
COLORS = _words("colors")
CITIES = _words("cities")
PRODUCTS = _words("products")
ANIMALS = _words("animals")
PUNCTUATION = (".", "!", "?", ",", "")


def word(rng: random.Random) -> str:
    """Return one word, now and then an odd one."""
    chance = rng.random()
    if chance < 0.08:
        return ""
    chosen = rng.choice(WORDS)
    if chance < 0.2:
        return chosen.upper() if rng.random() < 0.5 else chosen.title()
    if chance < 0.3:
        half = chosen[: rng.randint(1, 4)]
        return half + half[::-1]
    if chance < 0.36:
        return f"{chosen}{rng.randint(0, 99)}"
    return chosen


def words(rng: random.Random, low: int = 0, high: int = 7) -> list[str]:
    """Return some words, of which some come more than once."""
    pool = [word(rng) or "a" for _ in range(rng.randint(2, 6))]
    return [rng.choice(pool) for _ in range(rng.randint(low, high))]


def sentence(rng: random.Random) -> str:
    """Return a short text with capitals, digits and punctuation; sometimes empty."""
    if rng.random() < 0.07:
        return ""
    parts = [rng.choice(WORDS) for _ in range(rng.randint(1, 6))]
    if rng.random() < 0.5:
        parts[0] = parts[0].title()
    if rng.random() < 0.35:
        parts.insert(rng.randrange(len(parts) + 1), str(rng.randint(0, 250)))
    if rng.random() < 0.3:
        at = rng.randrange(len(parts))
        parts[at] += rng.choice(PUNCTUATION)
    if rng.random() < 0.2:
        parts.append(parts[0])
    return " ".join(parts) + rng.choice(PUNCTUATION)


def letters(rng: random.Random) -> str:
    """Return a string over a few letters, with runs."""
    alphabet = rng.choice(("ab", "abc", "abcd", "xyz"))
    return "".join(
        rng.choice(alphabet) * rng.choice((1, 1, 2, 3)) for _ in range(rng.randint(0, 6))
    )
