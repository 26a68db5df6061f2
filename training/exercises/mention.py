"""How a text speaks of parameters: by their names, or as "the given list"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from training.exercises.draft import Parameter
from training.exercises.english import with_article

Voice = Literal["names", "quoted", "nouns", "given"]
"""names: text. quoted: `text`. nouns: a string, later the string. given: a given string."""

_TWICE = re.compile(r"\b([a-z]+) \1\b")
_MENTION = re.compile(r"\{(\w+)\}")


def speak(text: str, parameters: Sequence[Parameter], voice: Voice) -> str:
    """Return a text with its mentions of parameters put into words."""
    nouns = [parameter.noun for parameter in parameters]
    known = {parameter.name: parameter for parameter in parameters}
    said: set[str] = set()

    def words(match: re.Match[str]) -> str:
        parameter = known[match[1]]
        name = parameter.name
        if voice == "names":
            return name
        if voice == "quoted" or not parameter.noun:
            return f"`{name}`"
        if nouns.count(parameter.noun) > 1:
            return f"the {_short(parameter.noun)} `{name}`"
        if name in said:
            return f"the {_short(parameter.noun)}"
        said.add(name)
        return f"a given {parameter.noun}" if voice == "given" else with_article(parameter.noun)

    spoken = _MENTION.sub(words, text)
    # "The text file file", where a parameter is called by its noun.
    return _TWICE.sub(r"\1", spoken) if voice == "names" else spoken


def _short(noun: str) -> str:
    """Return "list" for "list of scores"."""
    return noun.split(" of ", maxsplit=1)[0].split(" mapping ", maxsplit=1)[0]
