"""The fixed cursors: fifty places in five files that the model has never seen.

The files belong to packages this server is installed with; the model's training leaves those
packages out. What is compared is the rest of the line: what the server shows, and what the
file's author wrote.
"""

import hashlib
import importlib.metadata
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a file, and what its author wrote there."""

    path: Path
    """The file, as installed."""
    file: str
    """Its path within the package."""
    text: str
    """The file without the rest of the cursor's line."""
    line: int
    """From 0."""
    character: int
    written: str
    """The rest of the line."""


def fixed_cursors() -> Iterator[Cursor]:
    """The fifty cursors.

    Raises:
        ValueError: an installed file is not the one that the cursors were chosen in.
    """
    for entry in json.loads(files("server.demo").joinpath("cursors.json").read_text()):
        path = Path(str(importlib.metadata.distribution(entry["distribution"]).locate_file("")))
        path /= entry["file"]
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != entry["sha256"]:
            raise ValueError(
                f"the cursors were chosen in another version of {entry['file']}: install with "
                "the constraints file"
            )
        text = data.decode()
        for number, character in entry["cursors"]:
            yield cursor_at(path, entry["file"], text, number - 1, character)


def cursor_at(path: Path, file: str, text: str, line: int, character: int) -> Cursor:
    """The cursor at a line and character (from 0) of a text; the rest of the line is taken out."""
    lines = text.split("\n")
    written = lines[line][character:]
    lines[line] = lines[line][:character]
    return Cursor(path, file, "\n".join(lines), line, character, written)
