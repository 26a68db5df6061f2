"""A pipeline in words: what comes back, and what its function is called."""

from __future__ import annotations

import random
import re

from training.exercises.english import plural_clause
from training.exercises.extras import mentioned
from training.exercises.pipeline_code import Pipeline

_CLOSING = "\0"


def pipeline_text(pipeline: Pipeline, rng: random.Random) -> tuple[str, tuple[str, ...]]:
    """Return the phrase for what comes back, and further sentences."""
    items = pipeline.source.many
    details = [pipeline.aggregation.detail] if pipeline.aggregation.detail else []
    clause = f" {pipeline.word} ".join(plural_clause(each.clause) for each in pipeline.conditions)
    clause = (
        clause.replace(" and are ", " and ").replace(" or are ", " or ")
        if clause.startswith("are ")
        else clause
    )
    values = pipeline.conversion.many.replace("{}", items) if pipeline.conversion else items
    if clause and (rng.random() < 0.8 or pipeline.aggregation.plain_only):
        filtered = f"{items} that {clause}"
        values = (
            pipeline.conversion.many.replace("{}", filtered) if pipeline.conversion else filtered
        )
    elif clause:
        noun = items.removeprefix("the ").split(" in {")[0].split(" of {")[0]
        details.insert(
            0,
            f"Only {noun} that {clause} are taken into account."
            if "{n}" not in noun
            else f"Only those that {clause} are taken into account.",
        )
    if pipeline.conversion and ", each" in pipeline.conversion.many:
        values += _CLOSING
    phrase = pipeline.aggregation.phrase.replace("{}", values)
    # A comma closes what ", each reversed" has opened.
    phrase = re.sub(f"{_CLOSING}(?=[ ])", ",", phrase).replace(_CLOSING, "")
    return mentioned(phrase), tuple(map(mentioned, details))


def pipeline_name(pipeline: Pipeline, rng: random.Random) -> str:
    """Return a name for the function."""
    condition_slug = pipeline.conditions[0].slug if pipeline.conditions else ""
    what = pipeline.conversion.slug if pipeline.conversion else pipeline.source.slug
    joint = (
        "" if condition_slug.startswith(("with", "from", "in_", "of")) else rng.choice(("", "of"))
    )
    parts = [pipeline.aggregation.slug, joint, condition_slug, what]
    name = "_".join(part for part in parts if part)
    if len(name) > 38:
        name = "_".join(
            part for part in (pipeline.aggregation.slug, condition_slug or what) if part
        )
    return name
