"""Names with a value each, in dictionaries, pairs, lists, lines, files or JSON."""

from __future__ import annotations

import json
import random
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from training.exercises.blocks import HELPERS, fill
from training.exercises.draft import Draft, Parameter
from training.exercises.english import with_article
from training.exercises.extras import extra_parameters, mentioned, names_of_extras
from training.exercises.negation import negated
from training.exercises.read_table import rows, sections
from training.exercises.rename import names_in
from training.exercises.text_files import TextFile

_TABLE, _TASKS = sections("entries"), rows("entry_tasks")
_WIDTH = 84

Entries = list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class _Subject:
    key: str
    keys: str
    value: str
    values: str
    pool: tuple[str, ...]
    """Names to draw."""

    @property
    def example(self) -> str:
        """One of the names."""
        return self.pool[0]


@dataclass(frozen=True, slots=True)
class _Choice:
    """Which entries count."""

    clause: str
    """"whose score is even and whose name …"; empty: all."""
    code: str
    extras: tuple[str, ...]
    helpers: str
    slug: str


@dataclass(frozen=True, slots=True)
class _Container:
    """How the entries are given."""

    parameters: tuple[Parameter, ...]
    over: str
    """What the entries are taken from, behind "for key, value in"."""
    where: str
    """"{scores}"."""
    details: tuple[str, ...] = ()
    setup: str = ""
    """Statements in front."""
    helpers: str = ""
    imports: tuple[str, ...] = ()


def draw_entries(rng: random.Random) -> Draft:
    """Return a task on names with a value each."""
    while True:
        case = rng.choice(("capital", "lower"))
        key, keys, value, values, names = rng.choice(_TABLE[case]).split(" | ")
        subject = _Subject(key, keys, value, values, tuple(names.split()))
        task = rng.choice(_TASKS)
        choice = _choice(case, subject, rng, is_needed=bool(task.get("wants_choice")))
        make = _maker(subject, task)
        container = rng.choice(_CONTAINERS)(subject, make, rng)
        if _is_clear(subject, task, choice, container):
            return _draft(subject, task, choice, container, rng)


def _is_clear(
    subject: _Subject, task: Mapping[str, Any], choice: _Choice, container: _Container
) -> bool:
    """Whether every name means one thing."""
    extras = [*choice.extras, *([task["parameter"]] if "parameter" in task else [])]
    parameters = {each.name for each in container.parameters}
    used = names_in("".join(task["short"]) + task["step"] + task["start"]) | {"line", "entries"}
    own = {subject.key, subject.value}
    is_whole = "{where}" not in task["phrase"] or len(parameters) == 1
    return (
        len(extras) == len(set(extras))
        and not own & (parameters | set(extras) | used)
        and not parameters & (used - {"entries"} | set(extras))
        and is_whole
    )


def _maker(subject: _Subject, task: Mapping[str, Any]) -> Callable[[random.Random], Entries]:
    def make(rng: random.Random) -> Entries:
        low, high = (0, 30) if task.get("is_positive") else rng.choice(((-9, 30), (0, 12), (0, 40)))
        names = rng.sample(subject.pool, rng.randint(0, 5))
        return [(name, rng.randint(low, high)) for name in names]

    return make


def _choice(case: str, subject: _Subject, rng: random.Random, *, is_needed: bool) -> _Choice:
    on_values = rng.sample(_TABLE["values"], rng.choice((0, 1, 1, 1, 2)))
    on_names = rng.sample((*_TABLE["names"], *_TABLE[f"{case}_names"]), rng.choice((0, 0, 1)))
    if is_needed and not on_values and not on_names:
        on_values = [rng.choice(_TABLE["values"])]
    word = rng.choice(("and", "and", "or"))
    parts = [
        [part.strip() for part in fill(line, rng).split(" | ")] for line in on_values + on_names
    ]
    variables = {"k": subject.key, "v": subject.value}
    codes = [_said(code, variables) for _, code, *_ in parts]
    values = f" {word} ".join(clause for clause, *_ in parts[: len(on_values)])
    clauses = [f"whose {subject.value} {values}"] * bool(on_values)
    clauses += [f"whose name {clause}" for clause, *_ in parts[len(on_values) :]]
    helpers = dict.fromkeys(HELPERS[part[3]] for part in parts if len(part) > 3)
    return _Choice(
        f" {word} ".join(clauses),
        f" {word} ".join(codes),
        tuple(names_of_extras(clauses)),
        "\n\n\n".join(helpers),
        parts[0][2] if parts else "",
    )


def _draft(
    subject: _Subject,
    task: Mapping[str, Any],
    choice: _Choice,
    container: _Container,
    rng: random.Random,
) -> Draft:
    bodies = [_framed(container, each) for each in _bodies(subject, task, choice, container)]
    short = [each for each in bodies if max(map(len, each.split("\n"))) <= _WIDTH] or bodies
    body = rng.choice(short)
    who = f"{subject.keys} in {container.where}"
    words = {
        "who": f"{who} {choice.clause}".rstrip(),
        "who_short": f"{subject.keys} {choice.clause}".rstrip(),
        "k_names": subject.keys,
        "key": subject.key,
        "keys": subject.keys,
        "value": subject.value,
        "values": subject.values,
        "where": container.where,
        "example": subject.example,
    }
    extras = [*choice.extras, *([task["parameter"]] if "parameter" in task else [])]
    slug = _said(task["slug"], words)
    name = "_".join(filter(None, (slug, choice.slug if rng.random() < 0.6 else "")))
    details = (*container.details, *((_said(task["detail"], words),) if "detail" in task else ()))
    return Draft(
        kind=_kind(container),
        family="entries",
        name=name,
        parameters=(*container.parameters, *extra_parameters(extras)),
        returns=task["returns"],
        phrase=mentioned(_said(task["phrase"], words)),
        body=body,
        reference=rng.choice([each for each in bodies if each != body]),
        details=tuple(map(mentioned, details)),
        imports=(*container.imports, *((task["imports"],) if "imports" in task else ())),
        helpers="\n\n\n".join(filter(None, (choice.helpers, container.helpers))),
    )


def _kind(container: _Container) -> str:
    kinds = {"dict[str, int]": "dicts", "TextIO": "files", "str": "strings"}
    if any("json" in line for line in container.imports):
        return "json"
    return kinds.get(container.parameters[0].annotation, "tuples")


def _said(text: str, words: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: words.get(match[1], match[0]), text)


def _framed(container: _Container, body: str) -> str:
    return "\n".join(filter(None, (container.setup, body)))


def _bodies(
    subject: _Subject, task: Mapping[str, Any], choice: _Choice, container: _Container
) -> list[str]:
    """The solutions: expressions, a loop with a condition, a loop with a guard."""
    over = f"{subject.key}, {subject.value} in {container.over}"
    codes = {
        "k": subject.key,
        "v": subject.value,
        "over": over,
        "loop": f"{over} if {choice.code}" if choice.code else over,
        "test": choice.code,
    }
    parts = {name: _said(task.get(name, ""), codes).strip("\n") for name in _PARTS}
    found = [_used(_said(each, codes).strip("\n"), subject) for each in task["short"]]
    return [*found, *_loops(over, choice, parts, subject)]


_PARTS = ("start", "before", "step", "otherwise", "end")


def _loops(
    over: str, choice: _Choice, parts: Mapping[str, str], subject: _Subject
) -> Sequence[str]:
    steps = [parts["step"]]
    if choice.code:
        inside = f"if {choice.code}:\n{textwrap.indent(parts['step'], '    ')}"
        if parts["otherwise"]:
            inside += f"\nelse:\n{textwrap.indent(parts['otherwise'], '    ')}"
        guard = f"if {negated(choice.code)}:\n"
        other = f"{parts['otherwise']}\ncontinue" if parts["otherwise"] else "continue"
        steps = [inside, f"{guard}{textwrap.indent(other, '    ')}\n{parts['step']}"]
    found = []
    for step in steps:
        whole = "\n".join(filter(None, (parts["before"], step)))
        loop = _used(f"for {over}:\n{textwrap.indent(whole, '    ')}", subject)
        found.append("\n".join(filter(None, (parts["start"], loop, parts["end"]))))
    return found


def _used(code: str, subject: _Subject) -> str:
    """The code, with a dash for the value in a loop that does not look at it."""
    pattern = re.compile(rf"\b{subject.key}, {subject.value} in ")
    rest = pattern.sub("", code)
    if not re.search(rf"\b{subject.value}\b", rest):
        return pattern.sub(f"{subject.key}, _ in ", code)
    return code


def _as_dict(subject: _Subject, make: Callable[..., Entries], rng: random.Random) -> _Container:
    noun = f"dictionary mapping {subject.keys} to {subject.values}"
    parameter = Parameter(subject.values, "dict[str, int]", noun, lambda r: dict(make(r)))
    return _Container((parameter,), f"{subject.values}.items()", f"{{{subject.values}}}")


def _as_pairs(subject: _Subject, make: Callable[..., Entries], rng: random.Random) -> _Container:
    name = rng.choice(("entries", "pairs", "records", "rows"))
    noun = f"list of ({subject.key}, {subject.value}) pairs"
    parameter = Parameter(name, "list[tuple[str, int]]", noun, make)
    return _Container((parameter,), name, f"{{{name}}}")


def _as_lists(subject: _Subject, make: Callable[..., Entries], rng: random.Random) -> _Container:
    def numbers(rng: random.Random) -> list[int]:
        return [rng.randint(-5, 30) for _ in range(5)]

    parameters = (
        Parameter(
            subject.keys, "list[str]", f"list of {subject.keys}", lambda r: [k for k, _ in make(r)]
        ),
        Parameter(subject.values, "list[int]", f"parallel list of {subject.values}", numbers),
    )
    return _Container(
        parameters,
        f"zip({subject.keys}, {subject.values})",
        f"{{{subject.keys}}}",
        (
            f"The {subject.values} are in {{{subject.values}}}, in the same order; further numbers"
            " there are ignored.",
        ),
    )


def _parsed(subject: _Subject, loop: str, split: str) -> str:
    key, value = subject.key, subject.value
    return (
        f"entries = []\nfor line in {loop}:\n"
        f"    {key}, {value} = {split}\n    entries.append(({key}, int({value})))"
    )


def _line_told(subject: _Subject, where: str, mark: str) -> str:
    pair = f"{with_article(subject.key)} and {with_article(subject.value)}"
    return f'Every line of {where} holds {pair}, as in "{subject.example}{mark}12".'


def _as_lines(subject: _Subject, make: Callable[..., Entries], rng: random.Random) -> _Container:
    mark = rng.choice((": ", " = ", ",", ";", " - "))
    name = rng.choice(("text", "report", "listing"))

    def lines(rng: random.Random) -> str:
        return "\n".join(f"{key}{mark}{value}" for key, value in make(rng))

    parameter = Parameter(name, "str", "text of several lines", lines)
    detail = _line_told(subject, f"{{{name}}}", mark)
    code = _parsed(subject, f"{name}.splitlines()", f'line.split("{mark}")')
    return _read(subject, parameter, detail, code, rng)


def _as_file(subject: _Subject, make: Callable[..., Entries], rng: random.Random) -> _Container:
    mark = rng.choice((",", ";", ":"))

    def file(rng: random.Random) -> TextFile:
        return TextFile("".join(f"{key}{mark}{value}\n" for key, value in make(rng)))

    parameter = Parameter("file", "TextIO", "open text file", file)
    detail = _line_told(subject, "{file}", mark)
    code = _parsed(subject, "file", f'line.strip().split("{mark}")')
    return _read(subject, parameter, detail, code, rng)


def _read(
    subject: _Subject, parameter: Parameter, detail: str, code: str, rng: random.Random
) -> _Container:
    """Entries that are read first, on the spot or by a function of their own."""
    where = f"{{{parameter.name}}}"
    if rng.random() < 0.5:
        return _Container((parameter,), "entries", where, (detail,), setup=code)
    name = rng.choice(("read_entries", "parse", f"parse_{subject.keys}", "load_entries"))
    body = textwrap.indent(f"{code}\nreturn entries", "    ")
    helper = f"def {name}({parameter.name}):\n{body}"
    over = f"{name}({parameter.name})"
    return _Container((parameter,), over, where, (detail,), helpers=helper)


def _as_json(subject: _Subject, make: Callable[..., Entries], rng: random.Random) -> _Container:
    name = rng.choice(("text", "document", "source"))
    noun = f"JSON object that maps {subject.keys} to {subject.values}, as a string"
    parameter = Parameter(name, "str", noun, lambda r: json.dumps(dict(make(r))))
    imports = ("import json",)
    if rng.random() < 0.5:
        over = f"json.loads({name}).items()"
        return _Container((parameter,), over, f"{{{name}}}", imports=imports)
    setup = f"{subject.values} = json.loads({name})"
    return _Container(
        (parameter,), f"{subject.values}.items()", f"{{{name}}}", setup=setup, imports=imports
    )


_CONTAINERS = (*(_as_dict,) * 3, *(_as_pairs,) * 2, _as_lists, _as_lines, _as_file, _as_json)
