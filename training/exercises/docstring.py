"""Docstrings: one task in the voices that authors have."""

from __future__ import annotations

import random
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from training.exercises.draft import Draft
from training.exercises.english import capitalized, finding, is_noun, third_person, with_article
from training.exercises.mention import Voice, speak

LAYOUTS = ("plain", "plain", "plain", "google", "google", "numpy", "sphinx", "none")
_BUILDING = ("Return", "Return", "Return", "Build", "Create", "Make")
_VERBS = ("Return", "Return", "Return", "Compute", "Find", "Get")


@dataclass(frozen=True, slots=True)
class Example:
    """A call as it is typed, and what the interpreter shows."""

    call: str
    shown: str


def summary(draft: Draft, rng: random.Random, voice: Voice) -> str:
    """Return the first sentence of a docstring."""
    return f"{capitalized(speak(_clause(draft, rng), draft.parameters, voice))}."


def returned(draft: Draft, voice: Voice) -> str:
    """Return what a `Returns:` section says."""
    phrase = draft.phrase
    if phrase.startswith("whether "):
        text = f"True if {phrase.removeprefix('whether ')}, otherwise False"
    elif is_noun(phrase):
        text = phrase
    else:
        text = _RESULTS.get(draft.returns.split("[")[0], "the result")
    return f"{_begun(text, draft, voice)}."


def _begun(text: str, draft: Draft, voice: Voice) -> str:
    """The text with a capital, unless it begins with a name."""
    spoken = speak(text, draft.parameters, voice)
    return spoken if text.startswith("{") else capitalized(spoken)


_RESULTS = {
    "list": "the resulting list",
    "str": "the resulting string",
    "dict": "the resulting dictionary",
    "set": "the resulting set",
    "tuple": "the resulting tuple",
    "Iterator": "an iterator over the results",
    "None": "nothing",
}


def details(draft: Draft, voice: Voice, *, with_raises: bool) -> list[str]:
    """Return the further sentences of a text; `with_raises`: those about errors too."""
    texts = [*draft.details]
    if with_raises:
        texts += [f"Raise {with_article(name)} if {when}." for name, when in draft.raises]
    return [speak(text, draft.parameters, voice) for text in texts]


def docstring(draft: Draft, examples: Sequence[Example], rng: random.Random, layout: str) -> str:
    """Return the text between the quotes, not indented; nothing for the layout "none"."""
    if layout == "none":
        return ""
    voice: Voice = "quoted" if rng.random() < 0.12 else "names"
    blocks = [_wrap(summary(draft, rng, voice))]
    rest = details(draft, voice, with_raises=layout == "plain")
    if rest:
        together = rng.random() < 0.3
        blocks = [_wrap(" ".join([summary(draft, rng, voice), *rest]))] if together else blocks
        blocks += [] if together else [_wrap(" ".join(rest))]
    if layout != "plain":
        blocks += _SECTIONS[layout](draft, voice)
    if examples:
        blocks.append(_examples(examples, layout, rng))
    return "\n\n".join(blocks)


_CHECKS = (
    "return True if {}, otherwise False",
    "return True if {}",
    "return whether {}",
    "check whether {}",
    "check if {}",
    "determine whether {}",
    "tell whether {}",
    "returns True if {}, False otherwise",
)


def _clause(draft: Draft, rng: random.Random) -> str:
    phrase = draft.phrase
    if phrase.startswith("whether "):
        return rng.choice(_CHECKS).replace("{}", phrase.removeprefix("whether "), 1)
    if not is_noun(phrase):
        return third_person(phrase) if rng.random() < 0.15 else phrase
    if draft.is_generator:
        return f"{rng.choice(('yield', 'yield', 'generate'))} {phrase}"
    return _with_verb(phrase, rng)


def _with_verb(phrase: str, rng: random.Random) -> str:
    if phrase.startswith(("how ", "in how ", "by how ", "for ")):
        return f"return {phrase}"
    if phrase.startswith("the number of ") and rng.random() < 0.2:
        return f"count the {phrase.removeprefix('the number of ')}"
    if rng.random() < 0.1 and not phrase.startswith("{"):
        return phrase
    verb = rng.choice(_VERBS if finding(phrase) == "find" else _BUILDING)
    if phrase.startswith(("{", "`")):
        verb = "Return"
    return f"{third_person(verb) if rng.random() < 0.12 else verb} {phrase}"


def _about(draft: Draft, name: str, voice: Voice) -> str:
    parameter = next(each for each in draft.parameters if each.name == name)
    about = parameter.about or with_article(
        parameter.noun or TYPES.get(parameter.annotation, "value")
    )
    return f"{capitalized(speak(about, draft.parameters, voice))}."


TYPES = {
    "int": "integer",
    "float": "number",
    "str": "string",
    "bool": "flag",
    "tuple[int, int]": "pair of integers",
    "dict": "dictionary",
    "TextIO": "text file",
    "dict[str, str]": "dictionary of strings",
    "list[str]": "list of strings",
}


def _google(draft: Draft, voice: Voice) -> list[str]:
    blocks = [
        "Args:\n"
        + "\n".join(
            _hang(f"{each.name}: {_about(draft, each.name, voice)}") for each in draft.parameters
        )
    ] * bool(draft.parameters)
    word = "Yields" if draft.is_generator else "Returns"
    blocks.append(f"{word}:\n{_indented(returned(draft, voice))}")
    if draft.raises:
        lines = [
            _hang(f"{name}: If {speak(when, draft.parameters, voice)}.")
            for name, when in draft.raises
        ]
        blocks.append("Raises:\n" + "\n".join(lines))
    return blocks


def _numpy(draft: Draft, voice: Voice) -> list[str]:
    blocks = []
    if draft.parameters:
        lines = [
            f"{each.name} : {each.annotation}\n{_indented(_about(draft, each.name, voice))}"
            for each in draft.parameters
        ]
        blocks.append("Parameters\n----------\n" + "\n".join(lines))
    blocks.append(f"Returns\n-------\n{draft.returns}\n{_indented(returned(draft, voice))}")
    if draft.raises:
        lines = [
            f"{name}\n{_indented(f'If {speak(when, draft.parameters, voice)}.')}"
            for name, when in draft.raises
        ]
        blocks.append("Raises\n------\n" + "\n".join(lines))
    return blocks


def _sphinx(draft: Draft, voice: Voice) -> list[str]:
    lines = [
        f":param {each.name}: {_about(draft, each.name, voice).rstrip('.')}"
        for each in draft.parameters
    ]
    lines.append(f":return: {returned(draft, voice).rstrip('.')}")
    lines += [
        f":raises {name}: if {speak(when, draft.parameters, voice)}" for name, when in draft.raises
    ]
    return ["\n".join(textwrap.fill(line, 76, subsequent_indent="    ") for line in lines)]


_SECTIONS = {"google": _google, "numpy": _numpy, "sphinx": _sphinx}


def _examples(examples: Sequence[Example], layout: str, rng: random.Random) -> str:
    lines = "\n".join(f">>> {each.call}\n{each.shown}" for each in examples)
    if layout == "google":
        return "Examples:\n" + textwrap.indent(lines, "    ")
    if layout == "numpy":
        return f"Examples\n--------\n{lines}"
    if rng.random() < 0.25:
        return ("Example" if len(examples) == 1 else "Examples") + ":\n" + lines
    return lines


def _wrap(text: str) -> str:
    return textwrap.fill(text, 76, break_long_words=False, break_on_hyphens=False)


def _hang(text: str) -> str:
    return textwrap.fill(
        text,
        76,
        initial_indent="    ",
        subsequent_indent="        ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _indented(text: str) -> str:
    return textwrap.indent(textwrap.fill(text, 72, break_on_hyphens=False), "    ")
