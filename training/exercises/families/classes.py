"""Classes: any choice of a subject's methods is a task of its own."""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Callable
from typing import Any

from training.exercises.class_subjects import SUBJECTS, Method, Subject
from training.exercises.draft import ClassDraft
from training.exercises.english import capitalized, joined, third_person
from training.exercises.kinds import KINDS
from training.exercises.oracle import literal

_SCRIPTS = 16
_MAKERS: dict[str, Callable[[random.Random], Any]] = {
    "words": lambda rng: rng.sample(("echo", "sky", "rain", "blue", "moon"), rng.randint(0, 4)),
    "numbers": lambda rng: [rng.randint(1, 20) for _ in range(rng.randint(0, 5))],
    "grid": KINDS["grid"].make,
}


def draw_class(rng: random.Random) -> ClassDraft:
    """Return a class to write."""
    subject = rng.choice(SUBJECTS)
    showing = [each for each in subject.methods if not each.changes]
    changing = [each for each in subject.methods if each.changes]
    # A test needs something to look at, and where there is any, something to look for.
    chosen = [rng.choice(showing), *changing[:1]]
    others = [each for each in subject.methods if each not in chosen]
    methods = [*chosen, *rng.sample(others, rng.choice((1, 1, 2, 2, 3)))]
    rng.shuffle(methods)
    needed = [each for each in subject.methods if each not in methods and _calls(methods, each)]
    methods += needed
    return class_draft("classes", subject, methods, rng)


def class_draft(  # noqa: PLR0913  what a class is made of
    family: str,
    subject: Subject,
    methods: list[Method],
    rng: random.Random,
    *,
    helpers: str = "",
    filling: Method | None = None,
    imports: tuple[str, ...] = (),
) -> ClassDraft:
    """Return the class with those methods, in their order.

    Args:
        helpers: definitions above the class.
        filling: a method that most tests call a few times before they look at anything.
        imports: lines; those that it does not need are left out.
    """
    is_typed = rng.random() < 0.6
    code = _class(subject, methods, is_typed=is_typed)
    return ClassDraft(
        kind="classes",
        family=family,
        name=subject.name,
        summary=subject.summary,
        members=(*_constructor_told(subject), *map(_told, methods)),
        code=f"{helpers}\n\n\n{code}" if helpers else code,
        scripts=tuple(_script(subject, methods, filling, rng) for _ in range(_SCRIPTS)),
        silent=frozenset(each.name for each in methods if each.changes),
        imports=(*imports, *("from collections.abc import Iterator",) * is_typed),
    )


def _calls(methods: list[Method], other: Method) -> bool:
    """Whether a test of one of the methods needs the other."""
    return any(f".{other.name}(" in each.call for each in methods)


def _constructor_told(subject: Subject) -> list[str]:
    if not subject.parameters:
        return []
    names = [f"`{name}`" for name, _, _ in subject.parameters]
    return [f"a constructor that takes {joined(names)}"]


def _told(method: Method) -> str:
    sentence = third_person(method.sentence)
    for name in method.parameters:
        sentence = re.sub(rf"(?<![`\w]){name}(?!\w)", f"`{name}`", sentence)
    arguments = ", ".join(method.parameters)
    if method.name.startswith("__"):
        return f"the special method `{method.name}` that {sentence}"
    return f"a method `{method.name}({arguments})` that {sentence}"


def _class(subject: Subject, methods: list[Method], *, is_typed: bool) -> str:
    typed = ", ".join(f"{name}: {annotation}" for name, annotation, _ in subject.parameters)
    plain = ", ".join(name for name, _, _ in subject.parameters)
    inside = ", ".join(filter(None, ("self", typed if is_typed else plain)))
    head = f"def __init__({inside}){' -> None' * is_typed}:"
    blocks = [f"{head}\n{textwrap.indent(subject.start, '    ')}"]
    blocks += [_method(each, is_typed=is_typed) for each in methods]
    body = textwrap.indent("\n\n".join(blocks), "    ")
    return f"class {subject.name}:\n    #doc {capitalized(subject.summary)}.\n\n{body}\n"


def _method(method: Method, *, is_typed: bool) -> str:
    inside = ", ".join(("self", *(method.typed if is_typed else method.parameters)))
    returns = f" -> {method.returns}" if is_typed else ""
    doc = f"    #doc {capitalized(method.sentence)}."
    return f"def {method.name}({inside}){returns}:\n{doc}\n{textwrap.indent(method.code, '    ')}"


def _script(
    subject: Subject, methods: list[Method], filling: Method | None, rng: random.Random
) -> tuple[str, ...]:
    variable = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", subject.name).lower()
    arguments = ", ".join(literal(_value(values, rng)) for _, _, values in subject.parameters)
    lines = [f"{variable} = {subject.name}({arguments})"]
    showing = [each for each in methods if not each.changes]
    if filling is not None and rng.random() < 0.9:
        lines += [_called(filling, variable, rng) for _ in range(rng.randint(2, 5))]
    for _ in range(rng.randint(1, 5) if filling is None else rng.randint(0, 2)):
        lines.append(_called(rng.choice(methods), variable, rng))
    lines.append(_called(rng.choice(showing), variable, rng))
    return tuple(lines)


def _called(method: Method, variable: str, rng: random.Random) -> str:
    def draw(match: re.Match[str]) -> str:
        return (
            literal(_value(match[1], rng))
            if "'" not in match[1]
            else rng.choice(match[1].split(","))
        )

    call = method.call.replace("$", variable)
    return re.sub(r"#(-?\d+--?\d+|['\w]+(?:,['\w]+)*)", draw, call)


def _value(values: str, rng: random.Random) -> object:
    """What a table calls "0-9", "a,b" or "words"."""
    if values in _MAKERS:
        return _MAKERS[values](rng)
    if span := re.fullmatch(r"(-?\d+)-(-?\d+)", values):
        return rng.randint(int(span[1]), int(span[2]))
    return rng.choice(values.split(","))
