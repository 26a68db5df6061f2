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
from training.exercises.parts import write_part

LINES = 2048
"""Exercises in a part."""
_FIELDS = tuple(field.name for field in dataclasses.fields(Exercise))


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
