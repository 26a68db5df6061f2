"""Other names for the variables of a piece of code, in f-strings too."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

_STRING = re.compile(
    r"([fFrRbB]{0,2})(\"\"\".*?\"\"\"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*')", re.S
)
_FIELD = re.compile(r"(?<!\{)\{([^{}]+)\}")
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")

LOCALS: Mapping[str, tuple[str, ...]] = {
    "result": ("result", "result", "output", "answer"),
    "total": ("total", "total", "running_total", "acc"),
    "count": ("count", "count", "counter", "tally"),
    "counts": ("counts", "counts", "frequency", "tallies"),
    "i": ("i", "i", "index", "position"),
    "char": ("char", "char", "letter", "character", "ch"),
    "seen": ("seen", "seen", "visited", "known"),
    "current": ("current", "current", "active"),
    "groups": ("groups", "grouped", "buckets"),
    "kept": ("kept", "result", "selected", "matching"),
    "parts": ("parts", "pieces", "chunks"),
    "left": ("left", "low", "start"),
    "right": ("right", "high", "end"),
    "best": ("best", "best", "record"),
    "word": ("word", "word", "token"),
    "previous": ("previous", "previous", "last", "before"),
    "table": ("table", "dp", "memo"),
    "digit": ("digit", "digit", "d"),
}
"""What authors call such a variable, the usual name more than once."""


def rename(code: str, names: Mapping[str, str]) -> str:
    """Return the code with its variables called otherwise; attributes keep their names."""
    if not names:
        return code

    def swap(text: str) -> str:
        return _NAME.sub(lambda match: names.get(match[0], match[0]), text)

    def swap_fields(match: re.Match[str]) -> str:
        return "{" + swap(match[1]) + "}"

    pieces: list[str] = []
    end = 0
    for match in _STRING.finditer(code):
        pieces.append(swap(code[end : match.start()]))
        inside = match[0]
        pieces.append(_FIELD.sub(swap_fields, inside) if "f" in match[1].lower() else inside)
        end = match.end()
    return "".join(pieces) + swap(code[end:])


def names_in(code: str) -> set[str]:
    """Return every identifier that stands in the code, strings included."""
    return set(re.findall(r"[A-Za-z_]\w*", code))


def vary_locals(code: str, rng: random.Random, taken: set[str]) -> str:
    """Return the code with some of its usual variables called otherwise.

    Args:
        taken: names that mean something else already.
    """
    present = names_in(code)
    names: dict[str, str] = {}
    for old, choices in LOCALS.items():
        new = rng.choice(choices)
        is_free = new not in present | taken and new not in names.values()
        if old in present and old not in taken and is_free and new != old:
            names[old] = new
    return rename(code, names)
