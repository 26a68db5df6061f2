"""Two tasks of the library in a row: the second is about what the first gives."""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import replace

from training.exercises.draft import Arguments, Draft
from training.exercises.families.library import draw_from_library
from training.exercises.module_text import module, signature
from training.exercises.rename import names_in, rename

_BETWEEN: Mapping[str, tuple[str, ...]] = {
    "list[int]": ("values", "found", "numbers", "selected"),
    "list[str]": ("parts", "found", "pieces", "chosen"),
    "str": ("changed", "text", "rewritten"),
    "int": ("number", "n", "amount"),
    "dict[str, int]": ("counts", "table", "totals"),
    "list[tuple[int, int]]": ("pairs", "places"),
    "list[list[int]]": ("groups", "rows"),
}
"""What the value between the two may be called, by its type."""
_LONGEST_PHRASE = 110
_PLAIN = frozenset({"strings", "lists", "numbers", "dicts", "sets", "tuples"})
_LEADING = _PLAIN | {"algorithms", "recursion"}


def draw_chain(rng: random.Random) -> Draft:
    """Return a task of two steps."""
    while True:
        first = draw_from_library(rng, _LEADING)
        if not _can_lead(first):
            continue
        for _ in range(6):
            second = draw_from_library(rng, _PLAIN, is_plain=True)
            names = [name for name in _BETWEEN[first.returns] if name not in _taken(first, second)]
            if _can_follow(second, first) and names:
                return _chain(first, second, rng.choice(names), rng)


def _can_lead(draft: Draft) -> bool:
    return (
        draft.returns in _BETWEEN
        and not draft.raises
        and draft.phrase.startswith(("the ", "all ", "a ", "{"))
        and len(draft.phrase) < _LONGEST_PHRASE
    )


def _can_follow(draft: Draft, first: Draft) -> bool:
    names = {each.name for each in first.parameters}
    return (
        bool(draft.parameters)
        and draft.parameters[0].annotation == first.returns
        and draft.name != first.name
        and draft.accepts is None
        and not draft.raises
        and f"{draft.name}(" not in draft.body + draft.reference
        and not names & {each.name for each in draft.parameters[1:]}
        and "," not in draft.phrase
        and len(draft.phrase) < _LONGEST_PHRASE
    )


def _taken(first: Draft, second: Draft) -> set[str]:
    """Names that mean something already; the second task's parameter may keep its own."""
    others = {each.name for each in (*first.parameters, *second.parameters[1:])}
    own = {second.parameters[0].name} if second.parameters else set()
    return (others | names_in(second.body + second.reference) | {first.name}) - (own - others)


def _chain(first: Draft, second: Draft, between: str, rng: random.Random) -> Draft:
    old = second.parameters[0].name
    name = second.name
    if name in names_in(first.body) or rng.random() < 0.3:
        name = f"{second.name}_after_{first.name}"[:40].rstrip("_")
    bodies = [
        _joined(first, text, between, {old: between}) for text in (second.body, second.reference)
    ]
    body, helper = bodies[0]
    reference, other = bodies[1]
    details = [*first.details, *(_about(each, old, between) for each in second.details)]
    return replace(
        second,
        family="chains",
        name=name,
        parameters=(*first.parameters, *second.parameters[1:]),
        phrase=f"{_about(second.phrase, old, between)}, {_joint(between, rng)} {first.phrase}",
        body=body,
        reference=reference,
        details=tuple(dict.fromkeys(details)),
        imports=tuple(dict.fromkeys((*first.imports, *second.imports))),
        helpers=helper or other,
        tried=(),
        accepts=_accepts(first, len(first.parameters)),
    )


def _joint(between: str, rng: random.Random) -> str:
    return rng.choice((f"where `{between}` stands for", f"with `{between}` being"))


def _accepts(first: Draft, count: int) -> Callable[[Arguments], bool] | None:
    check = first.accepts
    return None if check is None else lambda arguments: check(arguments[:count])


def _about(text: str, old: str, between: str) -> str:
    return text.replace(f"{{{old}}}", f"`{between}`")


def _joined(first: Draft, rest: str, between: str, names: Mapping[str, str]) -> tuple[str, str]:
    """The body, and the function that it calls if the first step is more than an expression."""
    following = rename(rest, names)
    expression = re.fullmatch(r"return (.+)", first.body)
    if expression and not first.helpers:
        return f"{between} = {expression[1]}\n{following}", ""
    arguments = ", ".join(each.name for each in first.parameters)
    bare = replace(first, imports=())
    definition = module(bare, signature(first, annotated=False), "", first.body)
    return f"{between} = {first.name}({arguments})\n{following}", textwrap.dedent(definition)
