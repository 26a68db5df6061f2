"""Instructions: one task as people, and benchmarks of several kinds, would put it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from training.exercises.docstring import TYPES
from training.exercises.draft import Draft
from training.exercises.english import (
    capitalized,
    finding,
    is_noun,
    joined,
    third_person,
    with_article,
)
from training.exercises.mention import Voice, speak

FORMS = (
    *("sentence",) * 8,
    *("plain",) * 3,
    *("given",) * 2,
    *("asserts",) * 2,
    *("problem",) * 3,
    *("stub",) * 3,
    *("todo",) * 1,
)
"""The forms of an instruction, each as often as it should come."""


@dataclass(frozen=True, slots=True)
class Material:
    """What an instruction may quote."""

    signature: str
    """"def f(x: int) -> int:"."""
    docstring: str
    """Its text, not indented; empty if there is none."""
    stub: str
    """The program with `pass` for the body."""
    asserts: Sequence[str]


def instruction(draft: Draft, material: Material, form: str, rng: random.Random) -> str:
    """Return the instruction in one of `FORMS`."""
    return _WRITERS[form](draft, material, rng)


def _sentence(draft: Draft, material: Material, rng: random.Random) -> str:
    """Return "Write a function `f(x)` that returns …"."""
    shown = rng.choice(("name", "call", "called"))
    voice: Voice = "quoted" if shown == "call" else rng.choice(("nouns", "given"))
    call = f"{draft.name}({', '.join(each.name for each in draft.parameters)})"
    subject = {
        "name": f"`{draft.name}`",
        "call": f"`{call}`",
        "called": rng.choice((f"called `{draft.name}`", f"named `{draft.name}`")),
    }[shown]
    thing = "generator function" if draft.is_generator else "function"
    thing = rng.choice((thing, thing, f"Python {thing}"))
    verb = rng.choice(("Write", "Write", "Write", "Implement", "Create", "Define"))
    takes = ""
    if shown != "call" and draft.parameters and rng.random() < 0.4:
        takes = f" takes {_taken(draft)} and"
        voice = "quoted"
    head = f"{verb} a {thing} {subject} that{takes} {_third(draft, voice)}."
    return " ".join([head, *_rest(draft, voice)])


def _taken(draft: Draft) -> str:
    parts = [
        f"{with_article(each.noun)} `{each.name}`"
        if each.noun
        else _scalar(each.annotation, each.name)
        for each in draft.parameters
    ]
    return joined(parts)


def _scalar(annotation: str, name: str) -> str:
    return f"{with_article(TYPES.get(annotation, 'value'))} `{name}`"


def _plain(draft: Draft, material: Material, rng: random.Random) -> str:
    """Return "Write a function to find …", as in MBPP."""
    voice: Voice = rng.choice(("nouns", "given"))
    subject = rng.choice(("a function", "a function", "a python function", "a Python function"))
    return " ".join([f"Write {subject} to {_infinitive(draft, voice)}.", *_rest(draft, voice)])


def _given(draft: Draft, material: Material, rng: random.Random) -> str:
    """Return "Given a list of scores `scores`, return …"."""
    taken = f"Given {_taken(draft)}, " if draft.parameters else ""
    head = f"{capitalized(taken + _infinitive(draft, 'quoted', 'return'))}."
    tail = rng.choice(
        (f"Name the function `{draft.name}`.", f"Write it as a function `{draft.name}`.")
    )
    return " ".join([head, *_rest(draft, "quoted"), tail])


def _asserts(draft: Draft, material: Material, rng: random.Random) -> str:
    """The plain sentence, and tests that the answer should pass."""
    head = rng.choice(("Your code should pass these tests:", "It should satisfy:", "Tests:"))
    count = rng.choice((1, 2, 3))
    return "\n".join([_plain(draft, material, rng), head, *material.asserts[:count]])


def _problem(draft: Draft, material: Material, rng: random.Random) -> str:
    """The signature, then the docstring as the statement of a problem."""
    signature = material.signature.removeprefix("def ").removesuffix(":")
    head = rng.choice(
        (
            f"Write a Python function `{signature}` to solve the following problem:",
            f"Write a function `{signature}` that does the following.",
            f"Implement `{signature}`.",
        )
    )
    statement = material.docstring or " ".join(
        [f"{capitalized(_infinitive(draft, 'names', 'return'))}.", *_rest(draft, "names")]
    )
    return f"{head}\n{statement}"


def _stub(draft: Draft, material: Material, rng: random.Random) -> str:
    """The program without its body."""
    head = rng.choice(
        (
            "",
            "Complete the function below.\n\n",
            "Fill in the body of this function.\n\n",
            f"Implement `{draft.name}`.\n\n",
        )
    )
    return f"{head}{material.stub}".rstrip()


def _todo(draft: Draft, material: Material, rng: random.Random) -> str:
    """A comment that says what is to be done, above an empty function."""
    text = " ".join([f"{_infinitive(draft, 'names', 'return')}.", *_rest(draft, "names")])
    return f"{material.signature}\n    # TODO: {text}"


def _rest(draft: Draft, voice: Voice) -> list[str]:
    """The further sentences, as if the first had introduced every parameter."""
    marks = "".join(f"{{{each.name}}}" for each in draft.parameters)
    prefix = speak(marks, draft.parameters, voice)
    texts = [*draft.details]
    texts += [f"Raise {with_article(name)} if {when}." for name, when in draft.raises]
    return [
        capitalized(speak(marks + text, draft.parameters, voice).removeprefix(prefix))
        for text in texts
    ]


def _third(draft: Draft, voice: Voice) -> str:
    """Return "returns the number of …"."""
    clause = _infinitive(draft, voice, "yield" if draft.is_generator else "return")
    return third_person(clause)


def _infinitive(draft: Draft, voice: Voice, verb: str = "find") -> str:
    """Return "find the number of …" or the like."""
    phrase = speak(draft.phrase, draft.parameters, voice)
    if phrase.startswith("whether "):
        return f"check {phrase}" if verb == "find" else f"{verb} {phrase}"
    if is_noun(phrase):
        if draft.is_generator and verb in ("find", "return"):
            verb = "yield"
        return f"{finding(phrase) if verb == 'find' else verb} {phrase}"
    return phrase


_WRITERS = {
    "sentence": _sentence,
    "plain": _plain,
    "given": _given,
    "asserts": _asserts,
    "problem": _problem,
    "stub": _stub,
    "todo": _todo,
}
