"""Values in, some of them chosen, each converted, all put together: the compositional core."""

from __future__ import annotations

import random

from training.exercises.aggregations import AGGREGATIONS, DATE_IMPORTS, fits
from training.exercises.blocks import Type, conversion
from training.exercises.choice import choose
from training.exercises.draft import Draft
from training.exercises.extras import extra_parameters
from training.exercises.pipeline_code import (
    Pipeline,
    extra_names,
    helpers,
    is_clear,
    styles,
)
from training.exercises.pipeline_text import pipeline_name, pipeline_text
from training.exercises.sources import source


def draw_pipeline(rng: random.Random) -> Draft:
    """Return a task that takes values through conditions, a conversion and an aggregation."""
    while True:
        pipeline = _drawn(rng)
        if _is_sensible(pipeline):
            return _draft(pipeline, rng)


def _drawn(rng: random.Random) -> Pipeline:
    found = source(rng)
    choice = choose(found.gives, rng, (0, 1, 1, 1, 1, 1, 2, 2, 2))
    is_converted = rng.random() < 0.5 or not choice.conditions
    convert = conversion(found.gives, rng) if is_converted else None
    gives: Type = convert.gives if convert else found.gives
    fitting = [
        each for each in AGGREGATIONS if fits(each, gives) and not (convert and each.plain_only)
    ]
    return Pipeline(found, choice.conditions, choice.word, convert, rng.choice(fitting))


def _is_sensible(pipeline: Pipeline) -> bool:
    slugs = [each.slug for each in pipeline.conditions]
    extra = extra_names(pipeline)
    is_dull = (
        pipeline.aggregation.slug in ("list", "set")
        and not pipeline.conditions
        and not pipeline.conversion
    )
    return len(set(slugs)) == len(slugs) and len(extra) <= 2 and is_clear(pipeline) and not is_dull


def _draft(pipeline: Pipeline, rng: random.Random) -> Draft:
    definitions, bodies = helpers(pipeline), styles(pipeline, rng)
    short = [each for each in bodies if max(map(len, each[0].split("\n"))) <= _WIDTH]
    body, helper = rng.choice(short or bodies)
    reference = rng.choice(
        [style for style, extra in bodies if not extra and style != body] or [body]
    )
    phrase, details = pipeline_text(pipeline, rng)
    extra = extra_parameters(extra_names(pipeline))
    return Draft(
        kind=_KINDS[pipeline.source.gives],
        family="pipelines",
        name=pipeline_name(pipeline, rng),
        parameters=(pipeline.source.parameter, *extra),
        returns=pipeline.returns,
        phrase=phrase,
        body=body,
        reference=reference,
        details=details,
        imports=(*pipeline.aggregation.imports, *DATE_IMPORTS),
        helpers="\n\n\n".join(filter(None, (definitions, helper))),
        accepts=None,
    )


_WIDTH = 84
_KINDS = {"date": "dates", "digit": "numbers", "int": "numbers", "str": "words", "char": "strings"}
