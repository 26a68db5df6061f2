"""Somebody types a passage of a file again: what each key inserts where, and when."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

# An editor indents the new line by itself.
_KEY = re.compile(r"\n[ \t]*|[^\n]")
# Typists are slower where a line ends.
_PAUSE_AT_NEWLINE = 2.0
_SPREAD = 0.4


@dataclass(frozen=True, slots=True)
class Keystroke:
    """One key. Lines and characters count from 0."""

    line: int
    character: int
    inserted: str
    after: tuple[int, int]
    """The cursor behind what is inserted."""
    wait_s: float
    """From the key before."""
    removed: int = 0
    """Characters in front of the cursor that the key takes away."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text without a passage, and the keys that bring it back."""

    text: str
    """With an empty line where the passage goes."""
    keys: tuple[Keystroke, ...]

    def texts(self) -> Iterator[str]:
        """The text after each key."""
        lines = self.text.split("\n")
        for key in self.keys:
            line = lines[key.line]
            kept = line[: key.character - key.removed]
            new = kept + key.inserted + line[key.character :]
            lines[key.line : key.line + 1] = new.split("\n")
            yield "\n".join(lines)


def passage(text: str, line: int, *, keys: int, gap_s: float, slips: float = 0.0) -> Passage:
    """The first so many keys of `text` from `line` on, the rest of their last line left out.

    Args:
        text: the whole file.
        line: where the passage begins, from 0.
        keys: how many; a slip and its correction are two more.
        gap_s: the median time between two keys; each has its own, the same every time.
        slips: the share of letters in front of which a wrong one is typed and taken back.
    """
    lines = text.split("\n")
    typed = _KEY.findall("\n".join(lines[line:]))[:keys]
    end = line + sum(key.startswith("\n") for key in typed) + 1
    rng = random.Random(0)
    strokes: list[Keystroke] = []
    place = (line, 0)
    for key in typed:
        if key.isalpha() and rng.random() < slips:
            strokes += _slip(place, gap_s)
        wait_s = gap_s * rng.lognormvariate(0, _SPREAD)
        wait_s *= _PAUSE_AT_NEWLINE if key.startswith("\n") else 1
        after = (place[0] + 1, len(key) - 1) if key.startswith("\n") else (place[0], place[1] + 1)
        strokes.append(Keystroke(*place, key, after, wait_s))
        place = after
    return Passage("\n".join([*lines[:line], "", *lines[end:]]), tuple(strokes))


def _slip(place: tuple[int, int], gap_s: float) -> list[Keystroke]:
    line, character = place
    behind = (line, character + 1)
    return [
        Keystroke(*place, "x", behind, gap_s),
        Keystroke(*behind, "", place, 2 * gap_s, removed=1),
    ]
