"""Further parameters that conditions and conversions speak of: `@limit` in their tables."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from training.exercises.draft import Parameter

_EXTRA: Mapping[str, tuple[str, Callable[[random.Random], Any]]] = {
    "limit": ("int", lambda r: r.randint(0, 15)),
    "minimum": ("int", lambda r: r.randint(-5, 15)),
    "maximum": ("int", lambda r: r.randint(0, 25)),
    "divisor": ("int", lambda r: r.randint(2, 6)),
    "bonus": ("int", lambda r: r.randint(1, 9)),
    "value": ("int", lambda r: r.randint(0, 9)),
    "low": ("int", lambda r: r.randint(-5, 6)),
    "high": ("int", lambda r: r.randint(7, 30)),
    "factor": ("int", lambda r: r.randint(-2, 5)),
    "target": ("int", lambda r: r.randint(0, 20)),
    "k": ("int", lambda r: r.randint(1, 4)),
    "size": ("int", lambda r: r.randint(2, 6)),
    "prefix": ("str", lambda r: r.choice(("a", "re", "un", "s", "co", "ta"))),
    "letter": ("str", lambda r: r.choice("aeiortn")),
    "letters": ("str", lambda r: r.choice(("aeiou", "xyz", "abc", "0123456789", ".,!?", "rst"))),
    "separator": ("str", lambda r: r.choice((",", "-", " / ", "; "))),
}


def extra_parameters(names: Iterable[str]) -> list[Parameter]:
    """Return the parameters of those names."""
    return [Parameter(name, _EXTRA[name][0], "", _EXTRA[name][1]) for name in names]


def mentioned(text: str) -> str:
    """Return the text with `@limit` as a mention of that parameter."""
    return re.sub(r"@(\w+)", r"{\1}", text)


def names_of_extras(texts: Iterable[str]) -> list[str]:
    """Return the names of the parameters that texts speak of, once for each mention."""
    return [name for text in texts for name in re.findall(r"@(\w+)", text)]
