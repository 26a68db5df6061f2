"""What a run gave: counts at every filter, kinds, skeletons, lengths; as JSON and for people."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from training.exercises.exercise import Exercise, Rejected

_EDGES = (5, 10, 15, 20, 30, 40, 60, 100)
_DETAILS = 200


@dataclass(slots=True)
class Report:
    """Counted while the exercises are put together."""

    attempts: int = 0
    joined: int = 0
    """Exercises of earlier runs that were kept."""
    left: Counter[str] = field(default_factory=Counter)
    """Exercises of earlier runs that were not, by reason."""
    rejected: Counter[str] = field(default_factory=Counter)
    by_family: Counter[str] = field(default_factory=Counter)
    """Rejected, as "family: reason"."""
    details: list[str] = field(default_factory=list)
    """Of rejections that point to a fault in a family, the first ones."""
    kept: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    layouts: Counter[str] = field(default_factory=Counter)
    lines: Counter[int] = field(default_factory=Counter)
    normals: set[str] = field(default_factory=set)
    skeletons: set[str] = field(default_factory=set)
    verified_normals: set[str] = field(default_factory=set)
    verified_skeletons: set[str] = field(default_factory=set)
    characters: int = 0
    mutants: int = 0
    caught: int = 0
    samples: list[Exercise] = field(default_factory=list)
    """Some of what was kept, all equally likely."""

    def count(self, outcome: Exercise | Rejected, *, is_joined: bool) -> None:
        """Count an attempt, or an exercise of an earlier run."""
        if not is_joined:
            self.attempts += 1
            if isinstance(outcome, Rejected):
                self._reject(outcome)
        elif isinstance(outcome, Rejected):
            # With those that an earlier run had rejected itself.
            self.left[outcome.reason] += 1
        else:
            self.joined += 1

    def _reject(self, rejected: Rejected) -> None:
        self.rejected[rejected.reason] += 1
        self.by_family[f"{rejected.family}: {rejected.reason}"] += 1
        if rejected.detail and len(self.details) < _DETAILS:
            self.details.append(f"{rejected.reason}: {rejected.detail}")

    def keep(self, exercise: Exercise, rng: random.Random, samples: int) -> None:
        """Count an exercise that was written. Source of the samples: Vitter 1985, algorithm R."""
        self.kept += 1
        self.kinds[exercise.kind] += 1
        self.forms[exercise.form] += 1
        self.layouts[exercise.layout] += 1
        self.lines[_bin(exercise.code.count("\n"))] += 1
        self.normals.add(exercise.normal)
        self.skeletons.add(exercise.skeleton)
        self.characters += len(exercise.instruction) + len(exercise.code)
        self.mutants += exercise.mutants
        self.caught += exercise.caught
        if len(self.samples) < samples:
            self.samples.append(exercise)
        elif (at := rng.randrange(self.kept)) < samples:
            self.samples[at] = exercise

    @property
    def verified(self) -> int:
        """How many attempts passed everything but the filter of duplicates."""
        return self.attempts - sum(
            count for reason, count in self.rejected.items() if reason not in DUPLICATES
        )

    def as_json(self) -> dict[str, Any]:
        """Return all counts."""
        return {
            "attempts": self.attempts,
            "joined": self.joined,
            "joined_left_out": dict(self.left.most_common()),
            "verified": self.verified,
            "kept": self.kept,
            "normal_forms": len(self.normals),
            "skeletons": len(self.skeletons),
            "verified_normal_forms": len(self.verified_normals),
            "verified_skeletons": len(self.verified_skeletons),
            "characters": self.characters,
            "mutants": self.mutants,
            "mutants_caught": self.caught,
            "rejected": dict(self.rejected.most_common()),
            "rejected_by_family": dict(self.by_family.most_common()),
            "kinds": dict(self.kinds.most_common()),
            "forms": dict(self.forms.most_common()),
            "layouts": dict(self.layouts.most_common()),
            "lines_of_code": {_range(edge): self.lines[edge] for edge in sorted(self.lines)},
            "details": self.details,
        }


NORMAL_DUPLICATE = "duplicate of a normal form"
NEAR_DUPLICATE = "near duplicate"
DUPLICATES = (NORMAL_DUPLICATE, NEAR_DUPLICATE)


def describe(report: Report) -> Iterator[str]:
    """Yield the lines of the report that people read."""
    if report.joined or report.left:
        yield f"{report.joined:9,} joined from earlier runs"
        for reason, count in report.left.most_common():
            yield f"{count:9,} of earlier runs left out: {reason}"
    yield f"{report.attempts:9,} attempts"
    for reason, count in report.rejected.most_common():
        yield f"{count:9,} left out: {reason}"
    yield f"{report.verified:9,} verified ({len(report.verified_normals):,} normal forms,"
    yield f"          {len(report.verified_skeletons):,} skeletons)"
    yield f"{report.kept:9,} kept ({len(report.normals):,} normal forms,"
    yield f"          {len(report.skeletons):,} skeletons)"
    yield f"{report.characters:9,} characters of instructions and code"
    if report.mutants:
        share = report.caught / report.mutants
        yield f"{report.mutants:9,} wrong solutions tried on the tests, {share:.1%} of them caught"
    for title, counts in (
        ("kind", report.kinds),
        ("form", report.forms),
        ("layout", report.layouts),
    ):
        yield f"{title}: " + ", ".join(f"{name} {count:,}" for name, count in counts.most_common())
    lengths = ", ".join(f"{_range(edge)} {report.lines[edge]:,}" for edge in sorted(report.lines))
    yield f"lines of code: {lengths}"


def sample_text(exercise: Exercise) -> str:
    """Return one exercise as it is shown to people."""
    rule = "-" * 72
    head = f"{exercise.kind} · {exercise.form} · {exercise.layout}"
    return f"{rule}\n{head}\n\n{exercise.instruction}\n\n{exercise.code}\n{exercise.tests}"


def _bin(lines: int) -> int:
    return next((edge for edge in _EDGES if lines <= edge), _EDGES[-1] + 1)


def _range(edge: int) -> str:
    return f"<={edge}" if edge in _EDGES else f">{_EDGES[-1]}"
