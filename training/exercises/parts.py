"""Finished attempts on disk: numbered parts, each whole or not there."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.dedup import Signature, signature
from training.exercises.exercise import Exercise, Rejected


@dataclass(frozen=True, slots=True)
class Entry:
    """One attempt as a part holds it."""

    number: int
    outcome: Exercise | Rejected
    signature: Signature | None
    """Of instruction and code, for near-duplicates; None for what was rejected."""


def part_path(folder: Path, number: int) -> Path:
    """Return where a part lies."""
    return folder / f"part-{number:05}.jsonl.gz"


def write_part(path: Path, outcomes: Iterable[tuple[int, Exercise | Rejected]]) -> int:
    """Write a part whole or not at all; return how many exercises it has."""
    lines = [_line(number, outcome) for number, outcome in outcomes]
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    beside.write_bytes(gzip.compress("".join(lines).encode(), 5, mtime=0))
    beside.replace(path)
    return sum('"code"' in line for line in lines)


def read_part(path: Path) -> Iterator[Entry]:
    """Yield the attempts of a part, in their order."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            number, signed = record.pop("number"), record.pop("signature", None)
            if signed is None:
                yield Entry(number, Rejected(**record), None)
            else:
                values = np.frombuffer(base64.b64decode(signed), dtype=np.uint32)
                yield Entry(number, Exercise(**record), values)


def _line(number: int, outcome: Exercise | Rejected) -> str:
    record = {"number": number} | dataclasses.asdict(outcome)
    if isinstance(outcome, Exercise):
        signed = signature(f"{outcome.instruction}\n{outcome.code}")
        record["signature"] = base64.b64encode(signed.tobytes()).decode()
    return json.dumps(record, ensure_ascii=False) + "\n"
