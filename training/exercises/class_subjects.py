"""What classes are about: how an object starts, and the methods that it may have.

A subject is a block of text: name, what an object is, how it starts, the constructor's parameters;
then a line for each method: signature, what it does, its code, and how a test calls it, in which
`$` is the object and `#` stands before the values that an argument is drawn from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from training.exercises.read_table import blocks


@dataclass(frozen=True, slots=True)
class Method:
    """One method."""

    name: str
    parameters: tuple[str, ...]
    typed: tuple[str, ...]
    """The parameters with their annotations."""
    returns: str
    sentence: str
    """"put item on top"."""
    code: str
    call: str

    @property
    def changes(self) -> bool:
        """Whether it gives nothing back."""
        return self.returns == "None"


@dataclass(frozen=True, slots=True)
class Subject:
    """One kind of object."""

    name: str
    summary: str
    start: str
    parameters: tuple[tuple[str, str, str], ...]
    """Name, annotation and values of what the constructor takes."""
    methods: tuple[Method, ...]


def _subject(block: str) -> Subject:
    head, *lines = block.split("\n")
    name, summary, start, *parameters = head.split(" | ")
    return Subject(
        name,
        summary,
        start.replace(" ;; ", "\n"),
        tuple(map(_parameter, parameters[0].split("; "))) if parameters else (),
        tuple(read_method(line, name) for line in lines),
    )


def _parameter(text: str) -> tuple[str, str, str]:
    declared, values = text.split(" = ")
    name, annotation = declared.split(": ")
    return name, annotation, values


def read_method(line: str, owner: str) -> Method:
    """Return the method that a line of the table describes, of a class of that name."""
    signature, sentence, code, call = line.split(" | ")
    match = re.fullmatch(r"(\w+)\((.*)\) -> (.*)", signature)
    if match is None:
        raise ValueError(f"wanted name(parameters) -> type, got {signature!r}")
    typed = tuple(part for part in match[2].split(", ") if part)
    # The class is not known yet inside itself.
    typed = tuple(re.sub(rf": {owner}$", f': "{owner}"', each) for each in typed)
    returns = f'"{owner}"' if match[3] == owner else match[3].replace(" or ", " | ")
    names = tuple(each.partition(":")[0] for each in typed)
    return Method(match[1], names, typed, returns, sentence, code.replace(" ;; ", "\n"), call)


SUBJECTS = tuple(map(_subject, blocks("classes")))
