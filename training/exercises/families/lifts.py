"""A task of the library, done for every element of a list by a function of its own."""

from __future__ import annotations

import random
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from training.exercises.draft import Arguments, Draft, Parameter
from training.exercises.english import plural
from training.exercises.families.library import draw_from_library
from training.exercises.module_text import module, signature
from training.exercises.read_table import rows

_LIFTED = {"str": "strings", "int": "numbers"}


def draw_lift(rng: random.Random) -> Draft:
    """Return a task on a list, made from a task on one value."""
    while True:
        inner = draw_from_library(rng)
        if _can_be_lifted(inner):
            return _lifted(inner, rng)


def _can_be_lifted(draft: Draft) -> bool:
    return (
        len(draft.parameters) == 1
        and draft.parameters[0].annotation in _LIFTED
        and draft.returns in _OVER
        and not draft.raises
        and not draft.helpers
        and draft.phrase.startswith(("the ", "whether ", "how "))
        and draft.phrase.count("{") == 1
        and len(draft.phrase) < 70
    )


def _lifted(inner: Draft, rng: random.Random) -> Draft:
    parameter = inner.parameters[0]
    noun = {"str": "string", "int": "number"}[parameter.annotation]
    if parameter.noun and " " not in parameter.noun:
        noun = parameter.noun
    many = plural(noun) if noun.isidentifier() else _LIFTED[parameter.annotation]
    one = noun if noun.isidentifier() and noun != parameter.name else "item"
    said = inner.phrase.replace(
        f"{{{parameter.name}}}", f"that {noun}" if rng.random() < 0.5 else "it"
    )
    lift = rng.choice([each for each in _LIFTS if each.over in _OVER[inner.returns]])
    call = f"{inner.name}({one})"
    said = said.removeprefix("whether ")
    filled = [
        _fill(each, many, one, call).replace(f"lambda {one}: {call}", inner.name)
        for each in lift.bodies
    ]
    body, reference = rng.sample(filled, 2)
    head = signature(inner, annotated=rng.random() < 0.3)
    bare = replace(inner, imports=())
    helper = module(bare, head, "", inner.body)
    if helper.startswith(("from", "import")):
        helper = helper.partition("\n\n\n")[2]
    return Draft(
        kind=inner.kind,
        family="lifts",
        name=lift.slug.replace("@", inner.name),
        parameters=(
            Parameter(
                many, f"list[{parameter.annotation}]", f"list of {plural(noun)}", _several(inner)
            ),
        ),
        returns=lift.returns.replace("@", inner.returns).replace("#", parameter.annotation),
        phrase=_fill(lift.phrase, f"{{{many}}}", noun, said).replace("$many", plural(noun)),
        body=body,
        reference=reference,
        details=tuple(_about_one(each, parameter.name, noun) for each in inner.details),
        imports=(*inner.imports, "from collections import defaultdict"),
        helpers=helper,
    )


def _about_one(text: str, name: str, noun: str) -> str:
    return text.replace(f"{{{name}}}", f"the {noun}")


def _several(inner: Draft) -> Callable[[random.Random], list[Any]]:
    def fits(arguments: Arguments) -> bool:
        return inner.accepts is None or inner.accepts(arguments)

    def make(rng: random.Random) -> list[Any]:
        drawn = [inner.parameters[0].make(rng) for _ in range(rng.randint(0, 6))]
        drawn += [each[0] for each in inner.tried if rng.random() < 0.4]
        rng.shuffle(drawn)
        return [each for each in drawn if fits((each,))][:6]

    return make


def _fill(text: str, many: str, one: str, call: str) -> str:
    return textwrap.dedent(
        text.replace("$list", many).replace("$one", one).replace("$call", call)
    ).strip("\n")


@dataclass(frozen=True, slots=True)
class _Lift:
    """One thing to do with the results of a task on one value; `$call` stands for a result."""

    over: str
    """For which results: "any", "number", "text" or "truth"."""
    slug: str
    returns: str
    phrase: str
    bodies: list[str]


_LIFTS = tuple(_Lift(**row) for row in rows("lifts"))
_OVER = {
    "bool": ("truth",),
    "str": ("any", "text"),
    "int": ("any", "number"),
    "float": ("any", "number"),
}
