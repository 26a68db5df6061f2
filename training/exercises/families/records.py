"""Lists of dictionaries: choose, group, add up, sort, format."""

from __future__ import annotations

import random
import textwrap
from dataclasses import dataclass
from functools import partial

from training.exercises.draft import Draft, Parameter
from training.exercises.english import joined, plural, with_article
from training.exercises.record_schemas import SCHEMAS, Field, Schema
from training.exercises.record_tasks import TASKS, RecordTask


@dataclass(frozen=True, slots=True)
class _Choice:
    """Which records are meant."""

    words: str
    """"that are paid", "with a price above 20"; empty: all."""
    code: str
    keys: frozenset[str]
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class _Value:
    spoken: str
    slug: str
    code: str
    keys: frozenset[str]


def draw_records(rng: random.Random) -> Draft:
    """Return a task on a list of records."""
    schema, task = rng.choice(SCHEMAS), rng.choice(TASKS)
    needs_choice = any("@C" in body for body in task.bodies)
    choice = _choice(schema, rng, at_least=1 if needs_choice else 0)
    value, label = (
        _value(schema, rng, single="<Vkey>" in "".join((task.slug, *task.bodies))),
        rng.choice(schema.labels),
    )
    reference, body = rng.sample(task.bodies, 2) if len(task.bodies) > 1 else task.bodies * 2
    record = rng.choice((schema.one, schema.one, schema.one[0], "entry", "row"))
    texts = (task.phrase, task.detail, body, reference)
    keys = {schema.name.key} | choice.keys
    keys |= value.keys if any("<V" in text or "@V" in text for text in texts) else set()
    keys |= {label.key} if any("<L" in text or "@L" in text for text in texts) else set()
    write = partial(_code, choice=choice, value=value, label=label, schema=schema, record=record)
    speak = partial(_words, choice=choice, value=value, label=label, schema=schema)
    extra = (
        [Parameter("amount", "int", "", lambda r: r.randint(0, 100))] if "amount" in body else []
    )
    noun = rng.choice(
        ("list of dictionaries", f"list of {schema.many}", f"list of {schema.one} records")
    )
    described = joined([f'"{each.key}"' for each in schema.fields if each.key in keys])
    return Draft(
        kind="records",
        family="records",
        name=_name(task, schema, value, label, rng),
        parameters=(
            Parameter(
                schema.many,
                rng.choice(("list[dict]", "list[dict]", "list[dict[str, Any]]")),
                noun,
                lambda r: schema.draw(r, frozenset(keys)),
                f"a {noun}, each with the keys {described}",
            ),
            *choice.parameters,
            *extra,
        ),
        returns=task.returns,
        phrase=speak(task.phrase),
        body=write(body),
        reference=write(reference),
        details=tuple(
            [speak(task.detail)] * bool(task.detail) + _keys_told(schema, described, rng)
        ),
        imports=("from collections import Counter, defaultdict",),
    )


def _keys_told(schema: Schema, described: str, rng: random.Random) -> list[str]:
    if rng.random() < 0.25:
        return []
    return [
        rng.choice(
            (
                f"Each {schema.one} is a dictionary with the keys {described}.",
                f"Every {schema.one} has the keys {described}.",
                f"The keys of each {schema.one} are {described}.",
            )
        )
    ]


def _name(task: RecordTask, schema: Schema, value: _Value, label: Field, rng: random.Random) -> str:
    slug = task.slug.replace("<Vkey>", value.slug).replace("<V>", value.slug)
    slug = (
        slug.replace("<Lkey>", label.key).replace("<L>", label.key).replace("<N>", schema.name.key)
    )
    slug = slug.replace("<Ls>", plural(label.key)).replace("<Ns>", plural(schema.name.key))
    slug = slug.replace("<many>", schema.many)
    return (
        slug
        if rng.random() < 0.6 or schema.many in slug
        else f"{rng.choice(('get', 'find', 'compute'))}_{slug}"
    )


def _choice(schema: Schema, rng: random.Random, at_least: int) -> _Choice:
    count = max(at_least, rng.choices((0, 1, 2), (3, 5, 2))[0])
    makers = rng.sample((_by_flag, _by_number, _by_label, _by_limit, _by_labels, _by_range), count)
    choices = [make(schema, rng) for make in makers]
    if (
        len(frozenset().union(*(each.keys for each in choices))) < count
        or sum(bool(each.parameters) for each in choices) > 1
        or len({each.words.split()[0] for each in choices}) < count
    ):
        choices = choices[:1]
    codes = [
        f"({each.code})" if " or " in each.code and count > 1 else each.code for each in choices
    ]
    return _Choice(
        " and ".join(each.words for each in choices),
        " and ".join(codes),
        frozenset().union(*(each.keys for each in choices)),
        tuple(parameter for each in choices for parameter in each.parameters),
    )


def _by_flag(schema: Schema, rng: random.Random) -> _Choice:
    flag = rng.choice(schema.flags)
    if rng.random() < 0.5:
        return _Choice(flag.yes, f'@r["{flag.key}"]', frozenset({flag.key}))
    return _Choice(flag.no, f'not @r["{flag.key}"]', frozenset({flag.key}))


def _by_number(schema: Schema, rng: random.Random) -> _Choice:
    field = rng.choice(schema.numbers)
    bound = rng.randint(field.values[0] + 1, max(field.values[0] + 1, (field.values[1] * 2) // 3))
    word, sign = rng.choice(
        (("above", ">"), ("below", "<"), ("of at least", ">="), ("of at most", "<="))
    )
    return _Choice(
        f"with {with_article(field.spoken)} {word} {bound}",
        f'@r["{field.key}"] {sign} {bound}',
        frozenset({field.key}),
    )


def _by_limit(schema: Schema, rng: random.Random) -> _Choice:
    field = rng.choice(schema.numbers)
    low, high = field.values[0], field.values[1]
    word, sign, name = rng.choice(
        (("above", ">", "limit"), ("of at least", ">=", "minimum"), ("of at most", "<=", "maximum"))
    )
    parameter = Parameter(name, "int", "", lambda r: r.randint(low, high))
    return _Choice(
        f"with {with_article(field.spoken)} {word} {{{name}}}",
        f'@r["{field.key}"] {sign} {name}',
        frozenset({field.key}),
        (parameter,),
    )


def _by_label(schema: Schema, rng: random.Random) -> _Choice:
    field = rng.choice(schema.labels)
    parameter = Parameter(field.key, "str", "", lambda r: r.choice(field.values[:3]))
    return _Choice(
        f"with the given {field.spoken} {{{field.key}}}",
        f'@r["{field.key}"] == {field.key}',
        frozenset({field.key}),
        (parameter,),
    )


def _by_labels(schema: Schema, rng: random.Random) -> _Choice:
    field = rng.choice(schema.labels)
    value = rng.choice(field.values)
    if rng.random() < 0.4:
        return _Choice(
            f'whose {field.spoken} is not "{value}"',
            f'@r["{field.key}"] != "{value}"',
            frozenset({field.key}),
        )
    other = rng.choice([each for each in field.values if each != value])
    return _Choice(
        f'whose {field.spoken} is "{value}" or "{other}"',
        rng.choice(
            (
                f'@r["{field.key}"] in ("{value}", "{other}")',
                f'@r["{field.key}"] == "{value}" or @r["{field.key}"] == "{other}"',
            )
        ),
        frozenset({field.key}),
    )


def _by_range(schema: Schema, rng: random.Random) -> _Choice:
    field = rng.choice(schema.numbers)
    low, high = field.values[0], field.values[1]
    first = rng.randint(low, (low + high) // 2)
    last = rng.randint(first + 1, max(first + 1, high))
    return _Choice(
        f"with {with_article(field.spoken)} from {first} to {last}",
        f'{first} <= @r["{field.key}"] <= {last}',
        frozenset({field.key}),
    )


def _value(schema: Schema, rng: random.Random, *, single: bool) -> _Value:
    first, second = schema.numbers
    chosen = rng.choice(schema.numbers)
    if single or rng.random() < 0.85:
        return _Value(chosen.spoken, chosen.key, f'@r["{chosen.key}"]', frozenset({chosen.key}))
    word, sign = rng.choice((("product", "*"), ("sum", "+"), ("difference", "-")))
    return _Value(
        f"{word} of {first.spoken} and {second.spoken}",
        f"{word}",
        f'@r["{first.key}"] {sign} @r["{second.key}"]',
        frozenset({first.key, second.key}),
    )


def _words(text: str, *, choice: _Choice, value: _Value, label: Field, schema: Schema) -> str:
    items = f"the {schema.many} in {{{schema.many}}} {choice.words}".rstrip()
    text = text.replace("{items}", items).replace("{many}", f"{{{schema.many}}}")
    text = text.replace("<Ls>", plural(label.spoken)).replace("<Ns>", plural(schema.name.spoken))
    text = text.replace("<Vkey>", next(iter(value.keys))).replace("<V>", value.spoken)
    text = (
        text.replace("<Lkey>", label.key)
        .replace("<L>", label.spoken)
        .replace("<N>", schema.name.spoken)
    )
    return text.replace("<many>", schema.many).replace("<one>", schema.one)


def _code(
    text: str, *, choice: _Choice, value: _Value, label: Field, schema: Schema, record: str
) -> str:
    lines: list[str] = []
    guarded: list[str] = []

    def close() -> None:
        if guarded:
            block = textwrap.dedent("\n".join(guarded))
            if choice.code:
                block = f"if {choice.code}:\n" + textwrap.indent(block, "    ")
            lines.append(textwrap.indent(block, "    "))
            guarded.clear()

    for line in text.split("\n"):
        if line.startswith("?"):
            guarded.append(line[1:])
        else:
            close()
            lines.append(line)
    close()
    code = "\n".join(lines).replace("@if", f" if {choice.code}" if choice.code else "")
    name, tag = f'@r["{schema.name.key}"]', f'@r["{label.key}"]'
    code = code.replace("[@Nkey]", f'["{schema.name.key}"]').replace(
        "<Vkey>", next(iter(value.keys))
    )
    code = code.replace("@V:best", value.code.replace("@r", "best")).replace(
        "@N:best", name.replace("@r", "best")
    )
    for mark, inner in (
        ("@N", name),
        ("@L", tag),
        ("@V", value.code),
        ("@C", choice.code or "True"),
    ):
        inner_quoted = inner.replace('"', "'")
        if " " in inner and mark == "@V":
            code = code.replace("-@V", f"-({inner})")
        code = code.replace(f"{mark}'", inner_quoted).replace(mark, inner)
    return code.replace("@many", schema.many).replace("@r", record)
