"""Values in, some of them chosen, each converted, all put together: the compositional core."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from typing import Any

from training.exercises.aggregations import AGGREGATIONS
from training.exercises.blocks import Type, condition, conversion
from training.exercises.draft import Draft, Parameter
from training.exercises.english import plural_clause
from training.exercises.pipeline_code import (
    Pipeline,
    extra_names,
    helper_names,
    helpers,
    styles,
)
from training.exercises.sources import source

_EXTRA: Mapping[str, tuple[str, Callable[[random.Random], Any]]] = {
    "limit": ("int", lambda r: r.randint(0, 15)),
    "minimum": ("int", lambda r: r.randint(-5, 15)),
    "maximum": ("int", lambda r: r.randint(0, 25)),
    "divisor": ("int", lambda r: r.randint(2, 6)),
    "value": ("int", lambda r: r.randint(0, 9)),
    "low": ("int", lambda r: r.randint(-5, 6)),
    "high": ("int", lambda r: r.randint(7, 30)),
    "factor": ("int", lambda r: r.randint(-2, 5)),
    "target": ("int", lambda r: r.randint(0, 20)),
    "k": ("int", lambda r: r.randint(1, 4)),
    "size": ("int", lambda r: r.randint(2, 6)),
    "prefix": ("str", lambda r: r.choice(("a", "re", "un", "s", "co", "ta"))),
    "letter": ("str", lambda r: r.choice("aeiortn")),
    "letters": ("str", lambda r: r.choice(("aeiou", "xyz", "abc", "0123456789", ".,!?", "rst"))),
    "separator": ("str", lambda r: r.choice((",", "-", " / ", "; "))),
}


def draw_pipeline(rng: random.Random) -> Draft:
    """Return a task that takes values through conditions, a conversion and an aggregation."""
    while True:
        pipeline = _drawn(rng)
        if _is_sensible(pipeline):
            return _draft(pipeline, rng)


def _drawn(rng: random.Random) -> Pipeline:
    found = source(rng)
    count = rng.choices((0, 1, 2), (2, 6, 2))[0]
    conditions = tuple(condition(found.gives, rng) for _ in range(count))
    convert = conversion(found.gives, rng) if rng.random() < 0.5 or count == 0 else None
    gives: Type = convert.gives if convert else found.gives
    fitting = [
        each
        for each in AGGREGATIONS
        if _TAKEN.get(gives, gives) in each.takes and not (convert and each.plain_only)
    ]
    return Pipeline(
        found, conditions, rng.choice(("and", "and", "or")), convert, rng.choice(fitting)
    )


def _is_sensible(pipeline: Pipeline) -> bool:
    slugs = [each.slug for each in pipeline.conditions]
    extra = extra_names(pipeline)
    own = {pipeline.source.parameter.name, *(name for name, _ in pipeline.source.loops)}
    functions = helper_names(pipeline)
    is_dull = (
        pipeline.aggregation.slug in ("list", "set")
        and not pipeline.conditions
        and not pipeline.conversion
    )
    return (
        len(set(slugs)) == len(slugs)
        and len(extra) == len(set(extra))
        and len(extra) <= 2
        and not own & {*extra, *functions, "values", "count", "total", "best", "result", "each"}
        and not is_dull
    )


def _draft(pipeline: Pipeline, rng: random.Random) -> Draft:
    definitions, bodies = helpers(pipeline), styles(pipeline, rng)
    short = [each for each in bodies if max(map(len, each[0].split("\n"))) <= _WIDTH]
    body, helper = rng.choice(short or bodies)
    reference = rng.choice(
        [style for style, extra in bodies if not extra and style != body] or [body]
    )
    phrase, details = _text(pipeline, rng)
    extra = [
        Parameter(name, _EXTRA[name][0], "", _EXTRA[name][1]) for name in extra_names(pipeline)
    ]
    returns = pipeline.aggregation.returns
    if _gives(pipeline) not in ("int", "digit"):
        returns = returns.replace("int | None", "str | None")
    return Draft(
        kind=_KINDS[pipeline.source.gives],
        family="pipelines",
        name=_name(pipeline, rng),
        parameters=(pipeline.source.parameter, *extra),
        returns=_precise(returns, _gives(pipeline)),
        phrase=phrase,
        body=body,
        reference=reference,
        details=details,
        imports=pipeline.aggregation.imports,
        helpers="\n\n\n".join(filter(None, (definitions, helper))),
        accepts=None,
    )


_TAKEN: Mapping[str, str] = {"digit": "int"}
_WIDTH = 84
_KINDS = {"digit": "numbers", "int": "numbers", "str": "words", "char": "strings"}


def _gives(pipeline: Pipeline) -> Type:
    return pipeline.conversion.gives if pipeline.conversion else pipeline.source.gives


def _precise(returns: str, gives: Type) -> str:
    inner = "int" if gives in ("int", "digit") else "str"
    known = {"list": f"list[{inner}]", "set": f"set[{inner}]"}
    return known.get(returns, returns)


def _text(pipeline: Pipeline, rng: random.Random) -> tuple[str, tuple[str, ...]]:
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
            f"Only {noun} that {clause} count."
            if "{n}" not in noun
            else f"Only those that {clause} count.",
        )
    phrase = pipeline.aggregation.phrase.replace("{}", values)
    return _mentions(phrase), tuple(map(_mentions, details))


def _mentions(text: str) -> str:
    return re.sub(r"@(\w+)", r"{\1}", text)


def _name(pipeline: Pipeline, rng: random.Random) -> str:
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
