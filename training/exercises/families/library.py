"""Single templates, hand-written, each drawn equally often."""

from __future__ import annotations

import functools
import random

from training.exercises.draft import Draft
from training.exercises.template import Template, draw, library


def draw_from_library(rng: random.Random) -> Draft:
    """Return a task of the library."""
    return draw(rng.choice(_templates()), rng)


@functools.cache
def _templates() -> tuple[Template, ...]:
    return tuple(library())
