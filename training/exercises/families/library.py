"""Single templates, hand-written, each drawn equally often."""

from __future__ import annotations

import functools
import random

from training.exercises.draft import Draft
from training.exercises.template import Template, draw, library


def draw_from_library(
    rng: random.Random, kinds: frozenset[str] | None = None, *, is_plain: bool = False
) -> Draft:
    """Return a task of the library.

    Args:
        kinds: the files that it may come from; None: all.
        is_plain: whether parameters are called by the usual names.
    """
    return draw(rng.choice(_templates(kinds)), rng, is_plain=is_plain)


@functools.cache
def _templates(kinds: frozenset[str] | None) -> tuple[Template, ...]:
    return tuple(each for each in library() if kinds is None or each.kind in kinds)
