"""A pipeline's code: values in, some of them chosen, each converted, all put together."""

from __future__ import annotations

import random
import re
import textwrap
from dataclasses import dataclass

from training.exercises.aggregations import Aggregation
from training.exercises.blocks import Condition, Conversion, Type
from training.exercises.extras import names_of_extras
from training.exercises.negation import negated
from training.exercises.rename import names_in, rename
from training.exercises.sources import Source


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What a pipeline is made of."""

    source: Source
    conditions: tuple[Condition, ...]
    word: str
    """"and" or "or", between two conditions."""
    conversion: Conversion | None
    aggregation: Aggregation

    @property
    def gives(self) -> Type:
        """The type of a converted value."""
        return self.conversion.gives if self.conversion else self.source.gives

    @property
    def returns(self) -> str:
        """The annotation of what comes back."""
        returns, is_number = self.aggregation.returns, self.gives in ("int", "digit")
        inner = "int" if is_number else "str"
        known = {
            "list": f"list[{inner}]",
            "set": f"set[{inner}]",
            "Iterator": f"Iterator[{inner}]",
            "int | None": f"{inner} | None",
            "list[list]": f"list[list[{inner}]]",
            "Iterator[tuple]": f"Iterator[tuple[int, {inner}]]",
        }
        return known.get(returns, returns)

    @property
    def condition(self) -> str:
        """All conditions as one expression; empty without any."""
        codes = [each.code.replace("{x}", self.source.one) for each in self.conditions]
        if len(codes) < 2:
            return "".join(codes)
        codes = [f"({code})" if " or " in code or " and " in code else code for code in codes]
        return f" {self.word} ".join(codes)

    @property
    def value(self) -> str:
        """The expression for a converted value."""
        if self.conversion is None:
            return self.source.one
        return self.conversion.code.replace("{x}", self.source.one)

    @property
    def loops(self) -> str:
        """The part of a comprehension behind its first "for"."""
        return " for ".join(f"{name} in {over}" for name, over in self.source.loops)

    def generator(self) -> str:
        """Return "value for x in xs if …"."""
        test = f" if {self.condition}" if self.conditions else ""
        return f"{self.value} for {self.loops}{test}"


def extra_names(pipeline: Pipeline) -> list[str]:
    """Return the names of the parameters beside the values."""
    texts = [each.clause for each in pipeline.conditions]
    texts += [pipeline.conversion.many] if pipeline.conversion else []
    own = pipeline.aggregation.parameter
    return names_of_extras(texts) + [own] * bool(own)


def helper_names(pipeline: Pipeline) -> set[str]:
    """Return the names of the functions that the blocks call."""
    return set(re.findall(r"def (\w+)", helpers(pipeline)))


def is_clear(pipeline: Pipeline) -> bool:
    """Whether every name in the code means one thing."""
    aggregation, extra = pipeline.aggregation, extra_names(pipeline)
    used = names_in(" ".join((aggregation.start, aggregation.end, *aggregation.short)))
    used = used - {"g", "v", "loops"} | {"chosen", "converted"}
    source = {pipeline.source.parameter.name, *(name for name, _ in pipeline.source.loops)}
    own = used - {aggregation.parameter}
    return len(extra) == len(set(extra)) and not (
        source & {*extra, *helper_names(pipeline), *own} or own & set(extra)
    )


def helpers(pipeline: Pipeline) -> str:
    """Return the definitions that the blocks call."""
    blocks: list[Condition | Conversion] = [*pipeline.conditions]
    blocks += [pipeline.conversion] if pipeline.conversion else []
    return "\n\n\n".join(dict.fromkeys(each.helper.strip("\n") for each in blocks if each.helper))


def styles(pipeline: Pipeline, rng: random.Random) -> list[tuple[str, str]]:
    """Return bodies, each with the helper that it alone needs."""
    aggregation = pipeline.aggregation
    shorts = [_short(each, pipeline) for each in aggregation.short]
    found = [(short, "") for short in shorts]
    found += [(_loop(pipeline, skip=False), "")] * 2
    if pipeline.conditions:
        found.append((_loop(pipeline, skip=True), ""))
        if not extra_names(pipeline):
            found.append(_with_helper(pipeline, rng))
        found.append((_two_steps(pipeline, rng.choice(aggregation.short)), ""))
    if (
        pipeline.conversion
        and not pipeline.conditions
        and pipeline.value.count(pipeline.source.one) == 1
    ):
        found.append((_two_steps(pipeline, rng.choice(aggregation.short)), ""))
    return found


def _short(text: str, pipeline: Pipeline) -> str:
    test = f" if {pipeline.condition}" if pipeline.conditions else ""
    generator = pipeline.generator()
    filled = text.replace("{loops}", f"{pipeline.loops}{test}").replace("{{g}}", f"{{{generator}}}")
    filled = filled.replace("{g}", generator)
    if filled == f"return [{pipeline.source.one} for {pipeline.loops}]":
        return f"return list({pipeline.source.loops[0][1]})"
    return _unwrapped(filled)


def _unwrapped(code: str) -> str:
    """Without a set or list of what already is one."""
    code = re.sub(r"\b(\w+)\(\((\w+) for \2 in (\w+)\)\)", r"\1(\3)", code)
    return re.sub(r"yield from \(?\((\w+) for \1 in ((?:(?! if ).)+)\)$", r"yield from \2", code)


def _two_steps(pipeline: Pipeline, short: str) -> str:
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
    name = first.partition(" = ")[0]
    if values := re.match(rf"(\w+) = {name}\n", rest):
        # One name for them is enough.
        first, rest = first.replace(name, values[1], 1), rest[values.end() :]
        if name in names_in(rest):
            rest = rename(rest, {name: values[1]})
    return f"{first}\n{rest}"


def _loop(pipeline: Pipeline, *, skip: bool) -> str:
    aggregation, value = pipeline.aggregation, pipeline.value
    step = aggregation.step
    if step.count("{v}") > 1 and value != pipeline.source.one:
        name = "item" if "item" not in names_in(value) else "entry"
        step = f"{name} = {value}\n" + step.replace("{v}", name)
    step = step.replace("{v}", value)
    if pipeline.conditions and skip:
        step = f"if {negated(pipeline.condition)}:\n    continue\n{step}"
    elif pipeline.conditions:
        step = f"if {pipeline.condition}:\n" + textwrap.indent(step, "    ")
    for name, over in reversed(pipeline.source.loops):
        step = f"for {name} in {over}:\n" + textwrap.indent(step, "    ")
    return "\n".join(filter(None, (aggregation.start, step, aggregation.end)))


def _with_helper(pipeline: Pipeline, rng: random.Random) -> tuple[str, str]:
    """The condition as a function of its own."""
    one = pipeline.source.one
    slug = (
        pipeline.conditions[0].slug
        if len(pipeline.conditions) == 1
        else rng.choice(("wanted", "relevant"))
    )
    name = f"is_{slug}" if not slug.startswith(("with", "non")) else "is_wanted"
    if name in helper_names(pipeline):
        name = "is_wanted"
    definition = f"def {name}({one}):\n    return {_truth(pipeline.condition)}"
    called = Condition("", f"{name}({{x}})", "")
    simple = Pipeline(pipeline.source, (called,), "and", pipeline.conversion, pipeline.aggregation)
    body = rng.choice(
        (_loop(simple, skip=False), _short(rng.choice(pipeline.aggregation.short), simple))
    )
    return body, definition


def _truth(code: str) -> str:
    return code if re.search(r"[=<>(]| in ", code) else f'{code} != ""'
