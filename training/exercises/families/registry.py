"""The families by name, and how often each is drawn."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from training.exercises.draft import ClassDraft, Draft
from training.exercises.families.chains import draw_chain
from training.exercises.families.classes import draw_class
from training.exercises.families.collections import draw_collection
from training.exercises.families.entries import draw_entries
from training.exercises.families.groups import draw_groups
from training.exercises.families.library import draw_from_library
from training.exercises.families.lifts import draw_lift
from training.exercises.families.pipelines import draw_pipeline
from training.exercises.families.prices import draw_price
from training.exercises.families.records import draw_records
from training.exercises.families.rewriting import draw_rewriting
from training.exercises.families.scales import draw_scale
from training.exercises.families.simulations import draw_simulation
from training.exercises.families.trees import draw_tree
from training.exercises.families.validators import draw_validator

Draw = Callable[[random.Random], Draft | ClassDraft]


@dataclass(frozen=True, slots=True)
class Family:
    """One family."""

    draw: Draw
    weight: float
    """Its share among the attempts, relative to the others."""


FAMILIES: Mapping[str, Family] = {
    "pipelines": Family(draw_pipeline, 4.0),
    "chains": Family(draw_chain, 1.0),
    "library": Family(draw_from_library, 0.4),
    "classes": Family(draw_class, 0.8),
    "collections": Family(draw_collection, 4.0),
    "entries": Family(draw_entries, 3.0),
    "groups": Family(draw_groups, 2.5),
    "simulations": Family(draw_simulation, 2.0),
    "trees": Family(draw_tree, 2.0),
    "validators": Family(draw_validator, 2.0),
    "records": Family(draw_records, 0.2),
    "rewriting": Family(draw_rewriting, 0.3),
    "lifts": Family(draw_lift, 0.2),
    "prices": Family(draw_price, 0.2),
    "scales": Family(draw_scale, 0.15),
}
"""Those with more distinct programs in them come more often."""


def draw(rng: random.Random) -> Draft | ClassDraft:
    """Return a task of some family."""
    names = list(FAMILIES)
    weights = [FAMILIES[name].weight for name in names]
    return FAMILIES[rng.choices(names, weights)[0]].draw(rng)
