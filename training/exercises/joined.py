"""Exercises of earlier runs, taken up into a new one as parts of their own.

They were verified when they were made, and are not run again; what is avoided now is left out.
"""

from __future__ import annotations

import ast
import dataclasses
import gzip
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from training.exercises.attempt import Avoided, apart
from training.exercises.exercise import Exercise, Rejected
from training.exercises.parts import joined_parts, own_parts, write_part

LINES = 2048
"""Exercises in a part."""
_FIELDS = tuple(field.name for field in dataclasses.fields(Exercise))


def folder_parts(folder: Path, against: str) -> list[Path]:
    """Return the parts of a run's folder, which can be taken up as they are.

    Args:
        against: the hash of the evaluation sets, as in the settings of a run.

    Raises:
        ValueError: it is no such folder, or it avoids other evaluation sets.
    """
    settings = folder / "settings.json"
    if not settings.is_file():
        raise ValueError(f"wanted the folder of a run of exercises, got {folder}")
    found = json.loads(settings.read_text(encoding="utf-8"))["against"]
    if found != against:
        raise ValueError(
            f"{folder} was made against other evaluation sets ({found!r}, not {against!r}):"
            " join its exercises.jsonl.gz, which is then compared with these"
        )
    return [*joined_parts(folder / "parts"), *own_parts(folder / "parts")]


def line_groups(files: Sequence[Path]) -> Iterator[list[str]]:
    """Yield the lines of `exercises.jsonl.gz` files, `LINES` at a time."""
    lines = (line for file in files for line in _lines(file))
    while group := list(islice(lines, LINES)):
        yield group


def write_joined(path: Path, lines: Sequence[str], avoided: Avoided) -> int:
    """Write the exercises of those lines as a part; return how many are still allowed.

    Raises:
        ValueError: a line is no exercise.
    """
    return write_part(path, (_outcome(line, avoided) for line in lines))


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from lines


def _outcome(line: str, avoided: Avoided) -> tuple[str, Exercise | Rejected]:
    record = json.loads(line)
    missing = [name for name in ("id", *_FIELDS) if name not in record]
    if missing:
        raise ValueError(f"wanted an exercise, got a record without {', '.join(missing)}")
    exercise = Exercise(**{name: record[name] for name in _FIELDS})
    return record["id"], apart(exercise, ast.parse(exercise.code), avoided)
