"""Classes that hold values, with methods that choose among them and put them together."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from training.exercises.aggregations import AGGREGATIONS
from training.exercises.blocks import Type, conversion
from training.exercises.choice import choose
from training.exercises.class_subjects import Method, Subject, read_method
from training.exercises.draft import ClassDraft, Parameter
from training.exercises.families.classes import class_draft
from training.exercises.pipeline_code import Pipeline, extra_names, helpers, is_clear, styles
from training.exercises.pipeline_text import pipeline_name, pipeline_text
from training.exercises.read_table import sections
from training.exercises.sources import Source

_TABLE = sections("collections")
_WIDTH = 80
_VALUES = {"int": "-9-30", "str": "anna,tiger,Echo,sun,apple,a,level,stone,Otto,bee"}
_LISTED = {"int": "0-9", "str": "'anna','tiger','sun','bee'"}
_EXTRA = {
    "limit": "0-15",
    "minimum": "-5-15",
    "maximum": "0-25",
    "divisor": "2-6",
    "value": "0-9",
    "low": "-5-6",
    "high": "7-30",
    "factor": "-2-5",
    "target": "0-20",
    "k": "1-4",
    "size": "2-6",
    "prefix": "a,t,un",
    "letter": "a,e,t",
}
"""Values that arguments are drawn from."""


def draw_collection(rng: random.Random) -> ClassDraft:
    """Return a class to write that holds values."""
    name, summary, one, many, kind, verbs = rng.choice(_TABLE["subjects"]).split(" | ")
    subject = Subject(name, summary, f"self.{many} = []", (), ())
    taking = read_method(
        f"{rng.choice(verbs.split(', '))}({one}: {kind}) -> None | add {one} to the {many}"
        f" | self.{many}.append({one}) | $.@(#{_VALUES[kind]})",
        name,
    )
    taking = replace(taking, call=taking.call.replace("@", taking.name))
    usual = [_usual(line, name, one, many, kind) for line in _TABLE["usual"]]
    methods = rng.sample(usual, rng.choice((0, 0, 1, 1, 2)))
    queries = _queries(one, many, kind, rng)
    methods += [query for query, _ in queries]
    rng.shuffle(methods)
    pipelines = [pipeline for _, pipeline in queries]
    return class_draft(
        "collections",
        subject,
        [taking, *methods],
        rng,
        helpers=_helpers(pipelines),
        filling=taking,
        imports=tuple(line for each in pipelines for line in each.aggregation.imports),
    )


def _helpers(pipelines: list[Pipeline]) -> str:
    """Every definition that a method calls, once."""
    definitions = (each for pipeline in pipelines for each in helpers(pipeline).split(_GAP))
    return _GAP.join(dict.fromkeys(filter(None, definitions)))


_GAP = "\n\n\n"


def _usual(line: str, owner: str, one: str, many: str, kind: str) -> Method:
    words = {
        "one": one,
        "many": many,
        "type": kind,
        "values": _VALUES[kind],
        "listed": _LISTED[kind],
    }
    return read_method(re.sub(r"\{(\w+)\}", lambda match: words[match[1]], line), owner)


def _queries(one: str, many: str, kind: str, rng: random.Random) -> list[tuple[Method, Pipeline]]:
    """Methods that say something about the values, each under a name of its own."""
    found: dict[str, tuple[Method, Pipeline]] = {}
    count = rng.choice((1, 2, 2, 3))
    while len(found) < count:
        pipeline = _drawn(one, many, "int" if kind == "int" else "str", rng)
        method = _query(pipeline, rng)
        is_free = method is not None and method.name not in (*found, one, many)
        if method is not None and is_free:
            found[method.name] = method, pipeline
    return list(found.values())


def _drawn(one: str, many: str, kind: Type, rng: random.Random) -> Pipeline:
    choice = choose(kind, rng, (0, 1, 1, 1, 1, 2))
    convert = conversion(kind, rng) if rng.random() < (0.3 if choice.conditions else 0.7) else None
    gives = convert.gives if convert else kind
    fitting = [
        each
        for each in AGGREGATIONS
        if gives in each.takes and not (convert and each.plain_only) and not each.is_lazy
    ]
    parameter = Parameter(many, f"list[{kind}]", "", lambda _: [])
    source = Source(parameter, kind, one, f"the {many}", ((one, f"self.{many}"),), many)
    return Pipeline(source, choice.conditions, choice.word, convert, rng.choice(fitting))


def _query(pipeline: Pipeline, rng: random.Random) -> Method | None:
    """The pipeline as a method; None where it reads badly."""
    extras = extra_names(pipeline)
    bodies = [
        body
        for body, helper in styles(pipeline, rng)
        if not helper and max(map(len, body.split("\n"))) <= _WIDTH
    ]
    is_plain = not pipeline.conditions and not pipeline.conversion
    is_dull = is_plain and pipeline.aggregation.slug in ("list", "set", "count", "text")
    if is_dull or not bodies or not is_clear(pipeline) or not _EXTRA.keys() >= set(extras):
        return None
    phrase, details = pipeline_text(pipeline, rng)
    if details and len(phrase) > 90:
        return None
    sentence = re.sub(r"\{(\w+)\}", r"\1", _with_details(phrase, details))
    verb = "tell" if phrase.startswith("whether ") else "return"
    name = pipeline_name(pipeline, rng)
    kinds = {name: "str" if name in ("prefix", "letter") else "int" for name in extras}
    return Method(
        name,
        tuple(extras),
        tuple(f"{each}: {kinds[each]}" for each in extras),
        pipeline.returns,
        f"{verb} {sentence}",
        rng.choice(bodies),
        f"$.{name}({', '.join(f'#{_EXTRA[each]}' for each in extras)})",
    )


def _with_details(phrase: str, details: tuple[str, ...]) -> str:
    """One sentence, without its full stop; the details stand in parentheses."""
    if not details:
        return phrase
    said = "; ".join(f"{each[:1].lower()}{each[1:].removesuffix('.')}" for each in details)
    return f"{phrase} ({said})"
