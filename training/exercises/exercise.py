"""One exercise as it lies in the data set, and why one did not get there."""

from __future__ import annotations

from dataclasses import dataclass

KNOWN_FORM = "normal form of an earlier round"
"""Why an attempt is over before its solution was run."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """An instruction, a program that follows it, and tests."""

    kind: str
    """What it is about, "strings"."""
    family: str
    """The file that it comes from."""
    form: str
    """How the instruction is put, one of `instruction.FORMS`, or "class"."""
    layout: str
    """How the docstring is laid out, one of `docstring.LAYOUTS`."""
    entry: str
    """The name of the function or class."""
    instruction: str
    code: str
    tests: str
    """Statements behind the program; they raise where it is wrong."""
    stub: str
    """The program without the body of `entry`, its docstring kept or supplied."""
    normal: str
    """Hash of the tree with names and constants erased, those of built-ins and methods kept."""
    skeleton: str
    """Hash of the tree with every name and constant erased."""
    mutants: int
    """How many wrong solutions were tried on the tests."""
    caught: int
    """How many of them fail the tests."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """An attempt that gave nothing."""

    reason: str
    family: str
    detail: str = ""
