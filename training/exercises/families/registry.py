"""The families by name, and how often each is drawn."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from training.exercises.draft import ClassDraft, Draft
from training.exercises.families.decisions import draw_decision
from training.exercises.families.library import draw_from_library
from training.exercises.families.pipelines import draw_pipeline
from training.exercises.families.records import draw_records
from training.exercises.families.rewriting import draw_rewriting
from training.exercises.families.validators import draw_validator

Draw = Callable[[random.Random], Draft | ClassDraft]


@dataclass(frozen=True, slots=True)
class Family:
    """One family."""

    draw: Draw
    weight: float
    """Its share among the attempts, relative to the others."""


FAMILIES: Mapping[str, Family] = {
    "library": Family(draw_from_library, 3.0),
    "pipelines": Family(draw_pipeline, 3.0),
    "records": Family(draw_records, 2.0),
    "validators": Family(draw_validator, 1.0),
    "decisions": Family(draw_decision, 1.0),
    "rewriting": Family(draw_rewriting, 0.7),
}


def draw(rng: random.Random) -> Draft | ClassDraft:
    """Return a task of some family."""
    names = list(FAMILIES)
    weights = [FAMILIES[name].weight for name in names]
    return FAMILIES[rng.choices(names, weights)[0]].draw(rng)
