"""Values in, some of them chosen, each converted, all put together: the compositional core."""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from training.exercises.aggregations import AGGREGATIONS, Aggregation
from training.exercises.blocks import Condition, Conversion, Type, condition, conversion
from training.exercises.draft import Draft, Parameter
from training.exercises.english import plural_clause
from training.exercises.rename import names_in
from training.exercises.sources import Source, source

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


@dataclass(frozen=True, slots=True)
class _Pipeline:
    source: Source
    conditions: tuple[Condition, ...]
    word: str
    """"and" or "or", between two conditions."""
    conversion: Conversion | None
    aggregation: Aggregation

    @property
    def condition(self) -> str:
        codes = [each.code.replace("{x}", self.source.one) for each in self.conditions]
        if len(codes) < 2:
            return "".join(codes)
        codes = [f"({code})" if " or " in code or " and " in code else code for code in codes]
        return f" {self.word} ".join(codes)

    @property
    def value(self) -> str:
        if self.conversion is None:
            return self.source.one
        return self.conversion.code.replace("{x}", self.source.one)

    @property
    def loops(self) -> str:
        return " for ".join(f"{name} in {over}" for name, over in self.source.loops)

    def generator(self) -> str:
        test = f" if {self.condition}" if self.conditions else ""
        return f"{self.value} for {self.loops}{test}"


def draw_pipeline(rng: random.Random) -> Draft:
    """Return a task that takes values through conditions, a conversion and an aggregation."""
    while True:
        pipeline = _drawn(rng)
        if _is_sensible(pipeline):
            return _draft(pipeline, rng)


def _drawn(rng: random.Random) -> _Pipeline:
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
    return _Pipeline(found, conditions, rng.choice(("and", "and", "or")), convert, rng.choice(fitting))


def _is_sensible(pipeline: _Pipeline) -> bool:
    slugs = [each.slug for each in pipeline.conditions]
    extra = _extra_names(pipeline)
    own = {pipeline.source.parameter.name, *(name for name, _ in pipeline.source.loops)}
    helpers = _helper_names(pipeline)
    is_dull = pipeline.aggregation.slug in ("list", "set") and not pipeline.conditions and not pipeline.conversion
    return (
        len(set(slugs)) == len(slugs)
        and len(extra) == len(set(extra))
        and len(extra) <= 2
        and not own & {*extra, *helpers, "values", "count", "total", "best", "result", "each"}
        and not is_dull
    )


def _extra_names(pipeline: _Pipeline) -> list[str]:
    texts = [each.clause for each in pipeline.conditions]
    texts += [pipeline.conversion.many] if pipeline.conversion else []
    names = [name for text in texts for name in re.findall(r"@(\w+)", text)]
    return names + [pipeline.aggregation.parameter] * bool(pipeline.aggregation.parameter)


def _helper_names(pipeline: _Pipeline) -> set[str]:
    return set(re.findall(r"def (\w+)", _helpers(pipeline)))


def _helpers(pipeline: _Pipeline) -> str:
    blocks = [*pipeline.conditions, *([pipeline.conversion] if pipeline.conversion else [])]
    return "\n\n\n".join(dict.fromkeys(each.helper.strip("\n") for each in blocks if each.helper))


def _draft(pipeline: _Pipeline, rng: random.Random) -> Draft:
    helpers, styles = _helpers(pipeline), _styles(pipeline, rng)
    short = [each for each in styles if max(map(len, each[0].split("\n"))) <= _WIDTH]
    body, helper = rng.choice(short or styles)
    reference = rng.choice([style for style, extra in styles if not extra and style != body] or [body])
    phrase, details = _text(pipeline, rng)
    extra = [Parameter(name, _EXTRA[name][0], "", _EXTRA[name][1]) for name in _extra_names(pipeline)]
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
        helpers="\n\n\n".join(filter(None, (helpers, helper))),
        accepts=None,
    )


_TAKEN: Mapping[str, str] = {"digit": "int"}
_WIDTH = 84
_KINDS = {"digit": "numbers", "int": "numbers", "str": "words", "char": "strings"}


def _gives(pipeline: _Pipeline) -> Type:
    return pipeline.conversion.gives if pipeline.conversion else pipeline.source.gives


def _precise(returns: str, gives: Type) -> str:
    inner = "int" if gives in ("int", "digit") else "str"
    known = {"list": f"list[{inner}]", "set": f"set[{inner}]"}
    return known.get(returns, returns)


def _text(pipeline: _Pipeline, rng: random.Random) -> tuple[str, tuple[str, ...]]:
    items = pipeline.source.many
    details = [pipeline.aggregation.detail] if pipeline.aggregation.detail else []
    clause = f" {pipeline.word} ".join(plural_clause(each.clause) for each in pipeline.conditions)
    clause = clause.replace(" and are ", " and ").replace(" or are ", " or ") if clause.startswith("are ") else clause
    values = pipeline.conversion.many.replace("{}", items) if pipeline.conversion else items
    if clause and (rng.random() < 0.8 or pipeline.aggregation.plain_only):
        filtered = f"{items} that {clause}"
        values = pipeline.conversion.many.replace("{}", filtered) if pipeline.conversion else filtered
    elif clause:
        noun = items.removeprefix("the ").split(" in {")[0].split(" of {")[0]
        details.insert(0, f"Only {noun} that {clause} count." if "{n}" not in noun else f"Only those that {clause} count.")
    phrase = pipeline.aggregation.phrase.replace("{}", values)
    return _mentions(phrase), tuple(map(_mentions, details))


def _mentions(text: str) -> str:
    return re.sub(r"@(\w+)", r"{\1}", text)


def _name(pipeline: _Pipeline, rng: random.Random) -> str:
    condition_slug = pipeline.conditions[0].slug if pipeline.conditions else ""
    what = pipeline.conversion.slug if pipeline.conversion else pipeline.source.slug
    joint = "" if condition_slug.startswith(("with", "from", "in_", "of")) else rng.choice(("", "of"))
    parts = [pipeline.aggregation.slug, joint, condition_slug, what]
    name = "_".join(part for part in parts if part)
    if len(name) > 38:
        name = "_".join(part for part in (pipeline.aggregation.slug, condition_slug or what) if part)
    return name


def _styles(pipeline: _Pipeline, rng: random.Random) -> list[tuple[str, str]]:
    """Bodies, each with the helper that it alone needs."""
    aggregation = pipeline.aggregation
    shorts = [_short(each, pipeline) for each in aggregation.short]
    styles = [(short, "") for short in shorts]
    styles += [(_loop(pipeline, skip=False), "")] * 2
    if pipeline.conditions:
        styles.append((_loop(pipeline, skip=True), ""))
        if not _extra_names(pipeline):
            styles.append(_with_helper(pipeline, rng))
        styles.append((_two_steps(pipeline, rng.choice(aggregation.short)), ""))
    if pipeline.conversion and not pipeline.conditions and pipeline.value.count(pipeline.source.one) == 1:
        styles.append((_two_steps(pipeline, rng.choice(aggregation.short)), ""))
    return styles


def _short(text: str, pipeline: _Pipeline) -> str:
    test = f" if {pipeline.condition}" if pipeline.conditions else ""
    generator = pipeline.generator()
    filled = text.replace("{loops}", f"{pipeline.loops}{test}").replace("{{g}}", f"{{{generator}}}")
    filled = filled.replace("{g}", generator)
    if filled == f"return [{pipeline.source.one} for {pipeline.loops}]":
        return f"return list({pipeline.source.loops[0][1]})"
    return _unwrapped(filled)


def _unwrapped(code: str) -> str:
    """Without a set or list of what already is one."""
    return re.sub(r"\b(\w+)\(\((\w+) for \2 in (\w+)\)\)", r"\1(\3)", code)


def _two_steps(pipeline: _Pipeline, short: str) -> str:
    """The chosen or converted values under a name, then the rest."""
    one = pipeline.source.one
    if pipeline.conditions:
        first = f"chosen = [{one} for {pipeline.loops} if {pipeline.condition}]"
        second = f"{pipeline.value} for {one} in chosen"
        loops = f"{one} in chosen"
    else:
        first = f"converted = [{pipeline.generator()}]"
        second, loops = "each for each in converted", "each in converted"
    if "_" in pipeline.source.loops[0][0] and len(pipeline.source.loops) == 1:
        loops = loops.replace("_, ", "")
    rest = short.replace("{loops}", loops).replace("{{g}}", f"{{{second}}}").replace("{g}", second)
    rest = re.sub(r"\[(\w+) for \1 in (chosen|converted)\]", r"\2", rest)
    rest = re.sub(r"\((\w+) for \1 in (chosen|converted)\)", r"(\2)", rest)
    rest = re.sub(r"next\(\(?(chosen|converted)\)?, None\)", r"next(iter(\1), None)", rest)
    rest = re.sub(r"\(\((chosen|converted)\)", r"(\1", rest)
    return f"{first}\n{rest}"


def _loop(pipeline: _Pipeline, *, skip: bool) -> str:
    aggregation, value = pipeline.aggregation, pipeline.value
    step = aggregation.step
    if step.count("{v}") > 1 and value != pipeline.source.one:
        name = "item" if "item" not in names_in(value) else "entry"
        step = f"{name} = {value}\n" + step.replace("{v}", name)
    step = step.replace("{v}", value)
    if pipeline.conditions and skip:
        step = f"if {_negated(pipeline)}:\n    continue\n{step}"
    elif pipeline.conditions:
        step = f"if {pipeline.condition}:\n" + textwrap.indent(step, "    ")
    for name, over in reversed(pipeline.source.loops):
        step = f"for {name} in {over}:\n" + textwrap.indent(step, "    ")
    return "\n".join(filter(None, (aggregation.start, step, aggregation.end)))


_OPPOSITES = {" == ": " != ", " != ": " == ", " > ": " <= ", " < ": " >= ", " >= ": " < ", " <= ": " > "}


def _negated(pipeline: _Pipeline) -> str:
    """The opposite of the condition."""
    code = pipeline.condition
    signs = re.findall(r" (?:==|!=|>=|<=|>|<) ", code)
    if len(signs) == 1 and not re.search(r"\b(and|or|not|in|for|if)\b", code):
        return code.replace(signs[0], _OPPOSITES[signs[0]])
    if re.search(r"\b(and|or|if|for)\b| [=!<>]", code):
        return f"not ({code})"
    if code.startswith("not "):
        return code.removeprefix("not ")
    is_call = " in " not in code
    return f"not {code}" if is_call else f"not ({code})"


def _with_helper(pipeline: _Pipeline, rng: random.Random) -> tuple[str, str]:
    """The condition as a function of its own."""
    one = pipeline.source.one
    slug = pipeline.conditions[0].slug if len(pipeline.conditions) == 1 else rng.choice(("wanted", "relevant"))
    name = f"is_{slug}" if not slug.startswith(("with", "non")) else "is_wanted"
    if name in _helper_names(pipeline):
        name = "is_wanted"
    definition = f"def {name}({one}):\n    return {_truth(pipeline.condition)}"
    called = Condition("", f"{name}({{x}})", "")
    simple = _Pipeline(pipeline.source, (called,), "and", pipeline.conversion, pipeline.aggregation)
    body = rng.choice((_loop(simple, skip=False), _short(rng.choice(pipeline.aggregation.short), simple)))
    return body, definition


def _truth(code: str) -> str:
    return code if re.search(r"[=<>(]| in ", code) else f'{code} != ""'
