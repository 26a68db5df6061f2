"""Puts the parts of a run together: no exercise twice, everything counted."""

from __future__ import annotations

import dataclasses
import gzip
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from training.dedup import DuplicateIndex, exact_key
from training.exercises.config import ExercisesConfig
from training.exercises.exercise import Exercise, Rejected
from training.exercises.parts import Entry, is_joined, read_part
from training.exercises.report import NEAR_DUPLICATE, NORMAL_DUPLICATE, Report, sample_text
from training.json_values import write_json

SOURCE = "exercises"
"""The field by which pairs of several sources are weighted."""


def collect(config: ExercisesConfig, parts: Sequence[Path]) -> Report:
    """Write what is kept of the parts, in their order, and return the report."""
    report = Report()
    filtered = _Filter(config, DuplicateIndex(config.threshold), Counter())
    rng = random.Random(config.seed)
    path = config.output / "exercises.jsonl.gz"
    beside = path.with_name(path.name + ".part")
    with (
        beside.open("wb") as file,
        gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=6, mtime=0) as out,
    ):
        for part in parts:
            for entry in read_part(part):
                outcome = filtered.outcome(entry, report)
                report.count(outcome, is_joined=is_joined(part))
                if isinstance(outcome, Exercise):
                    record = {"id": entry.id, "source": SOURCE} | dataclasses.asdict(outcome)
                    out.write((json.dumps(record, ensure_ascii=False) + "\n").encode())
                    report.keep(outcome, rng, config.samples)
    beside.replace(path)
    write_json(config.output / "report.json", report.as_json())
    samples = "\n".join(sample_text(each) for each in report.samples)
    beside.write_text(samples, encoding="utf-8")
    beside.replace(config.output / "samples.txt")
    return report


@dataclass(frozen=True, slots=True)
class _Filter:
    config: ExercisesConfig
    index: DuplicateIndex
    forms: Counter[str]

    def outcome(self, entry: Entry, report: Report) -> Exercise | Rejected:
        """The exercise, or that it repeats one that was kept."""
        exercise = entry.outcome
        if isinstance(exercise, Rejected) or entry.signature is None:
            return exercise
        report.verified_normals.add(exercise.normal)
        report.verified_skeletons.add(exercise.skeleton)
        if self.forms[exercise.normal] >= self.config.per_form:
            return Rejected(NORMAL_DUPLICATE, exercise.family)
        key = exact_key(f"{exercise.instruction}\n{exercise.code}")
        if self.index.add(key, entry.signature):
            return Rejected(NEAR_DUPLICATE, exercise.family)
        self.forms[exercise.normal] += 1
        return exercise
