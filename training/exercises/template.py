r"""Templates: a task with linked choices, its solutions, and values to try it on.

A library file holds many of them. One looks like this::

    # count_<<what: vowels || digits>>
    (text: text) -> int
    > the number of <<what.say: vowels || digits>> in {text}
    + An empty string has none.
    ! ValueError: {text} is too long
    import math
    try: ("abc1",)
    where: len(text) < 90
    ---
    return sum(1 for char in text if <<what.code: char in "aeiou" || char.isdigit()>>)
    ---
    total = 0
    ...

`<<what: a || b>>` is a choice: every `what` and `what.anything` of a template takes the option at
the same place, and `<<what>>` alone repeats one that was written before. `;;` in an option begins a
new line at the same indentation; a line that a choice leaves empty disappears. The solutions behind
`---` mean the same. A parameter whose kind has contexts gets a natural name in place of its own,
and an element `x` of `xs` the name that goes with it; `{xs.one}` and `{xs.many}` are these in
words. `@self` calls the function itself.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.exercises.draft import Arguments, Draft, Parameter
from training.exercises.english import plural
from training.exercises.kinds import KINDS, Context
from training.exercises.rename import names_in, rename, vary_locals

LIBRARY = Path(__file__).with_name("library")
_CHOICE = re.compile(r"<<(\w+)((?:\.\w+)?)(?::((?:(?!<<).)*?))?>>", re.S)
_EMPTY = "\0"
_PAIRS = (("first", "second"), ("left", "right"), ("a", "b"), ("ours", "theirs"))


@dataclass(frozen=True, slots=True)
class Template:
    """One entry of a library file."""

    kind: str
    """The name of the file: "strings"."""
    text: str
    where: str
    """File and line, for error messages."""


def read_templates(path: Path) -> tuple[Template, ...]:
    """Return the templates of a library file."""
    templates = []
    lines = path.read_text(encoding="utf-8").splitlines()
    starts = [at for at, line in enumerate(lines) if re.match(r"# \S", line) and _heads(lines, at)]
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        text = "\n".join(lines[start:stop]).rstrip()
        templates.append(Template(path.stem, text, f"{path.name}:{start + 1}"))
    return tuple(templates)


def _heads(lines: list[str], at: int) -> bool:
    return at + 1 < len(lines) and lines[at + 1].startswith("(")


def draw(template: Template, rng: random.Random, *, is_plain: bool = False) -> Draft:
    """Return what the template says with every choice made.

    Args:
        is_plain: whether parameters are called by the usual names, "numbers" and not "prices".

    Raises:
        ValueError: the template is not written as it should be.
    """
    try:
        text = _chosen(template.text, rng)
        most = 1 if is_plain else None
        head, *solutions = re.split(r"^---\n", text + "\n", flags=re.M)
        parsed = _Head.of(head)
        bodies = [each.strip("\n") for each in solutions]
        called = _called(parsed, names_in("\n".join(bodies)), rng, most)
        return _draft(template, parsed, bodies, called, rng)
    except (ValueError, KeyError, IndexError, SyntaxError) as error:
        raise ValueError(f"{template.where}: {error!r}") from error


def _chosen(text: str, rng: random.Random) -> str:
    places: dict[str, float] = {}
    written: dict[str, str] = {}

    def choose(match: re.Match[str]) -> str:
        group, part, options = match[1], match[2], match[3]
        if options is None:
            if group + part not in written:
                raise ValueError(f"<<{group}{part}>> stands before its options")
            return _option(written[group + part], places[group])
        written[group + part] = options
        return _option(options, places.setdefault(group, rng.random()))

    while _CHOICE.search(text):
        text = _CHOICE.sub(choose, text)
    lines = (_split(line) for line in text.split("\n"))
    return "\n".join(
        line for line in lines if not (_EMPTY in line and line.strip(" \0") == "")
    ).replace(_EMPTY, "")


def _option(options: str, place: float) -> str:
    parts = [part.strip(" ") for part in options.split("||")]
    return parts[int(place * len(parts))] or _EMPTY


def _split(line: str) -> str:
    """The lines that `;;` stands between."""
    if ";;" not in line:
        return line
    indent = line[: len(line) - len(line.lstrip(" "))]
    first, *rest = line.split(";;")
    return "\n".join([first.rstrip(), *(f"{indent}{each.rstrip()}" for each in rest)])


@dataclass(frozen=True, slots=True)
class _Head:
    names: tuple[str, ...]
    parameters: tuple[tuple[str, str, str], ...]
    returns: str
    phrases: tuple[str, ...]
    rest: Mapping[str, list[str]]

    @classmethod
    def of(cls, text: str) -> _Head:
        lines = [line for line in text.split("\n") if line.strip()]
        inside, _, returns = lines[1].rpartition(") -> ")
        rest: dict[str, list[str]] = {
            "+": [],
            "!": [],
            ">": [],
            "import": [],
            "try": [],
            "where": [],
        }
        for line in lines[2:]:
            mark = re.match(r"[+!>]|import|from|try|where", line)
            if mark is None:
                raise ValueError(
                    f"wanted a line that begins with + ! > import try where, got {line!r}"
                )
            is_import = mark[0] in ("import", "from")
            value = line if is_import else line[mark.end() :].lstrip(": ")
            rest["import" if is_import else mark[0]].append(value)
        parameters = tuple(_parameter(part) for part in inside[1:].split("; ") if part)
        names = tuple(re.split(r"\s*\|\s*", lines[0][2:].replace("-", "_").strip()))
        return cls(names, parameters, returns.strip(), tuple(rest[">"]), rest)


def _parameter(text: str) -> tuple[str, str, str]:
    match = re.fullmatch(r"(\w+): (\w+)(?: = (.*))?", text)
    if match is None:
        raise ValueError(f"wanted name: kind = meaning, got {text!r}")
    return match[1], match[2], match[3] or ""


_Called = tuple[dict[str, Context], dict[str, str]]


def _draft(
    template: Template, head: _Head, solutions: list[str], called: _Called, rng: random.Random
) -> Draft:
    contexts, names = called
    parameters = tuple(_as_parameter(each, contexts) for each in head.parameters)
    name = rng.choice(head.names)
    bodies = [rename(each, names).replace("@self", name) for each in solutions]
    body, reference = bodies[0], bodies[-1]
    if len(bodies) > 1:
        body, reference = rng.sample(bodies, 2)
    taken = {parameter.name for parameter in parameters}
    return Draft(
        kind=template.kind,
        family=template.kind,
        name=name,
        parameters=parameters,
        returns=head.returns,
        phrase=_words(rng.choice(head.phrases), contexts, head),
        body=vary_locals(body, rng, taken),
        reference=reference,
        details=tuple(_words(each, contexts, head) for each in head.rest["+"]),
        raises=tuple(_raises(each, contexts, head) for each in head.rest["!"]),
        imports=tuple(head.rest["import"]),
        tried=tuple(_arguments(each) for each in head.rest["try"]),
        accepts=_accepts(head),
    )


def _called(head: _Head, taken: set[str], rng: random.Random, most: int | None) -> _Called:
    """Contexts, of the first `most` of a kind, and new names that mean nothing else in the code."""
    others = {name for name, _, _ in head.parameters}
    for _ in range(8):
        contexts = _contexts(head, rng, most)
        names = _names(head, contexts)
        new = list(names.values())
        is_free = not set(new) & (taken | others) - set(names)
        if is_free and len(set(new)) == len(new):
            return contexts, names
    return {}, {}


def _contexts(head: _Head, rng: random.Random, most: int | None) -> dict[str, Context]:
    """The context of each parameter whose kind has several; of two alike ones a pair of names."""
    kinds = [kind for _, kind, _ in head.parameters]
    contexts: dict[str, Context] = {}
    pairs = iter(rng.choice(_PAIRS))
    for name, kind, _ in head.parameters:
        context = rng.choice(KINDS[kind].contexts[:most])
        if not context.name:
            continue
        if kinds.count(kind) > 1:
            context = Context(next(pairs), "", KINDS[kind].contexts[0].noun)
        contexts[name] = context
    return contexts


def _names(head: _Head, contexts: Mapping[str, Context]) -> dict[str, str]:
    """What the variables of the template become."""
    names = {}
    for name, _, _ in head.parameters:
        if name in contexts:
            names[name] = contexts[name].name
            if name == "xs" and contexts[name].one:
                names["x"] = contexts[name].one
    return names


def _as_parameter(written: tuple[str, str, str], contexts: Mapping[str, Context]) -> Parameter:
    name, kind, about = written
    context = contexts.get(name)
    noun = KINDS[kind].contexts[0].noun if context is None else context.noun
    return Parameter(
        context.name if context else name,
        KINDS[kind].annotation,
        noun,
        KINDS[kind].make,
        _words(about, contexts, None) if about else "",
    )


def _words(text: str, contexts: Mapping[str, Context], head: _Head | None) -> str:
    """The text with its mentions of parameters as they are called now."""

    def mention(match: re.Match[str]) -> str:
        name, part = match[1], match[2]
        context = contexts.get(name)
        if not part:
            return f"{{{context.name}}}" if context else match[0]
        one = (context.one if context else "") or "value"
        one = one.replace("_", " ")
        return one if part == ".one" else plural(one)

    # A choice loses the space in front of it.
    text = re.sub(r"(?<=[a-z])\.(?=[A-Z])", ". ", text)
    return re.sub(r"\{(\w+)(\.\w+)?\}", mention, text)


def _raises(text: str, contexts: Mapping[str, Context], head: _Head) -> tuple[str, str]:
    name, _, when = text.partition(": ")
    return name, _words(when, contexts, head)


def _arguments(text: str) -> Arguments:
    value: Any = eval(text, {})  # noqa: S307  our own library
    return value if isinstance(value, tuple) else (value,)


def _accepts(head: _Head) -> Any:
    if not head.rest["where"]:
        return None
    names = ", ".join(name for name, _, _ in head.parameters)
    condition = " and ".join(f"({each})" for each in head.rest["where"])
    check = eval(f"lambda {names}: {condition}", {})  # noqa: S307  our own library
    return lambda arguments: bool(check(*arguments))


def library() -> Iterator[Template]:
    """Yield the templates of all library files, in a fixed order."""
    for path in sorted(LIBRARY.glob("*.txt")):
        yield from read_templates(path)
