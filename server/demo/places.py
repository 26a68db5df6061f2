"""Where the demo asks: the marks of its sample, a user's own file, and the fixed cursors.

At each cursor something is taken out, and what its author wrote there is known.
"""

import hashlib
import importlib.metadata
import io
import json
import random
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from lintseq.stub import stub_at

_MARKED = re.compile("«(.*?)»")
_PICKED = 8


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a file, and what its author wrote there. Lines and characters count from 0."""

    path: Path
    """The file, as installed or given."""
    file: str
    """What it is called in the demo."""
    text: str
    """The file without what was written at the cursor."""
    line: int
    character: int
    written: str


@dataclass(frozen=True, slots=True)
class Places:
    """A whole file, and what to ask in it."""

    path: Path
    text: str
    cursors: tuple[Cursor, ...]
    stubs: tuple[int, ...]
    """Lines, from 0, of functions that wait for their body."""


def sample_places() -> Places:
    """The demo's own file; what stands between its marks is missing when its turn comes."""
    marked = files("server.demo").joinpath("sample.txt").read_text(encoding="utf-8")
    path = Path("orders.py")
    cursors = []
    for mark in _MARKED.finditer(marked):
        before = _MARKED.sub(r"\1", marked[: mark.start()])
        after = _MARKED.sub(r"\1", marked[mark.end() :])
        line, character = before.count("\n"), len(before) - before.rfind("\n") - 1
        cursors.append(Cursor(path, path.name, before + after, line, character, mark[1]))
    text = _MARKED.sub(r"\1", marked)
    return Places(path, text, tuple(cursors), _stubs(text))


def file_places(path: Path, text: str) -> Places:
    """A user's file, with cursors at a few of its tokens; the same ones every time."""
    spots = sorted(_spots(text))
    chosen = sorted(random.Random(text).sample(spots, min(_PICKED, len(spots))))
    cursors = tuple(_rest_of_line(path, path.name, text, *spot) for spot in chosen)
    return Places(path, text, cursors, _stubs(text))


def fixed_cursors() -> Iterator[Cursor]:
    """Fifty places in five files that the model has never seen, fixed before it was trained.

    The files belong to packages this server is installed with; training leaves those out.

    Raises:
        ValueError: an installed file is not the one that the cursors were chosen in.
    """
    entries = files("server.demo").joinpath("cursors.json").read_text(encoding="utf-8")
    for entry in json.loads(entries):
        installed = importlib.metadata.distribution(entry["distribution"])
        path = Path(str(installed.locate_file(entry["file"])))
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != entry["sha256"]:
            raise ValueError(
                f"the fixed cursors were chosen in another version of {entry['file']}: install "
                "with the constraints file, as `make setup` does"
            )
        for number, character in entry["cursors"]:
            yield _rest_of_line(path, entry["file"], data.decode(), number - 1, character)


def _rest_of_line(path: Path, file: str, text: str, line: int, character: int) -> Cursor:
    lines = text.split("\n")
    written = lines[line][character:]
    lines[line] = lines[line][:character]
    return Cursor(path, file, "\n".join(lines), line, character, written)


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
