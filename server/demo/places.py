"""Where the demo asks: the marks of the sample, or places picked from a user's own file."""

import io
import random
import tokenize
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from lintseq.stub import stub_at

MARK = "¦"
_PICKED = 8


@dataclass(frozen=True, slots=True)
class Places:
    """A text, and what to ask in it. Lines and characters count from 0."""

    path: Path
    text: str
    cursors: tuple[tuple[int, int], ...]
    stubs: tuple[int, ...]
    """Lines of functions that wait for their body."""


def sample_places() -> Places:
    """The demo's own file, with a cursor at each mark."""
    marked = files("server.demo").joinpath("sample.txt").read_text(encoding="utf-8")
    cursors = [
        (number, line.index(MARK)) for number, line in enumerate(marked.split("\n")) if MARK in line
    ]
    text = marked.replace(MARK, "")
    return Places(Path("orders.py"), text, tuple(cursors), _stubs(text))


def file_places(path: Path, text: str) -> Places:
    """A user's file, with cursors at a few of its tokens; the same ones every time."""
    spots = sorted(_spots(text))
    rng = random.Random(text)
    cursors = sorted(rng.sample(spots, min(_PICKED, len(spots))))
    return Places(path, text, tuple(cursors), _stubs(text))


def _spots(text: str) -> set[tuple[int, int]]:
    spots: set[tuple[int, int]] = set()
    lines = text.split("\n")
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            line, character = token.start[0] - 1, token.start[1]
            if token.type in (tokenize.NAME, tokenize.OP) and lines[line][:character].strip():
                spots.add((line, character))
    except (tokenize.TokenError, SyntaxError):
        # What was read up to the error is enough to ask at.
        pass
    return spots


def _stubs(text: str) -> tuple[int, ...]:
    found = {
        stub.start: number
        for number, line in enumerate(text.split("\n"))
        if line.lstrip().startswith(("def ", "async def "))
        and (stub := stub_at(text, number)) is not None
    }
    return tuple(sorted(found.values()))
