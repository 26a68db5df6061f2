"""Finished attempts on disk: numbered parts, each whole or not there."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.dedup import Signature, signature
from training.exercises.exercise import Exercise, Rejected


@dataclass(frozen=True, slots=True)
class Entry:
    """One attempt as a part holds it."""

    id: str
    outcome: Exercise | Rejected
    signature: Signature | None
    """Of instruction and code, for near-duplicates; None for what was rejected."""


def part_path(folder: Path, number: int) -> Path:
    """Return where a part lies."""
    return folder / f"part-{number:05}.jsonl.gz"


def joined_path(folder: Path, number: int) -> Path:
    """Return where a part of the exercises of earlier runs lies."""
    return folder / f"joined-{number:05}.jsonl.gz"


def is_joined(path: Path) -> bool:
    """Whether a part holds exercises of earlier runs."""
    return path.name.startswith("joined-")


def joined_parts(folder: Path) -> list[Path]:
    """Return all parts of exercises of earlier runs, in their order."""
    return sorted(folder.glob("joined-?????.jsonl.gz"))


def own_parts(folder: Path) -> list[Path]:
    """Return all parts that a run has made itself, in their order."""
    return sorted(folder.glob("part-?????.jsonl.gz"))


def write_part(path: Path, outcomes: Iterable[tuple[str, Exercise | Rejected]]) -> int:
    """Write a part whole or not at all; return how many exercises it has.

    Args:
        outcomes: with an id for each.
    """
    lines = [_line(each, outcome) for each, outcome in outcomes]
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    beside.write_bytes(gzip.compress("".join(lines).encode(), 5, mtime=0))
    beside.replace(path)
    return sum('"code"' in line for line in lines)


def copy_whole(source: Path, path: Path) -> None:
    """Copy a part, whole or not at all, unless it is there."""
    if not path.is_file():
        beside = path.with_name(f"{path.name}.{os.getpid()}.part")
        shutil.copyfile(source, beside)
        beside.replace(path)


def read_part(path: Path) -> Iterator[Entry]:
    """Yield the attempts of a part, in their order."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            name, signed = record.pop("id"), record.pop("signature", None)
            if signed is None:
                yield Entry(name, Rejected(**record), None)
            else:
                values = np.frombuffer(base64.b64decode(signed), dtype=np.uint32)
                yield Entry(name, Exercise(**record), values)


def _line(name: str, outcome: Exercise | Rejected) -> str:
    record = {"id": name} | dataclasses.asdict(outcome)
    if isinstance(outcome, Exercise):
        signed = signature(f"{outcome.instruction}\n{outcome.code}")
        record["signature"] = base64.b64encode(signed.tobytes()).decode()
    return json.dumps(record, ensure_ascii=False) + "\n"
