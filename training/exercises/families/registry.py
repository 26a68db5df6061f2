"""The families by name, and how often each is drawn."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from training.exercises.draft import ClassDraft, Draft
from training.exercises.families.library import draw_from_library

Draw = Callable[[random.Random], Draft | ClassDraft]


@dataclass(frozen=True, slots=True)
class Family:
    """One family."""

    draw: Draw
    weight: float
    """Its share among the attempts, relative to the others."""


FAMILIES: Mapping[str, Family] = {
    "library": Family(draw_from_library, 3.0),
}


def draw(rng: random.Random) -> Draft | ClassDraft:
    """Return a task of some family."""
    names = list(FAMILIES)
    weights = [FAMILIES[name].weight for name in names]
    return FAMILIES[rng.choices(names, weights)[0]].draw(rng)
