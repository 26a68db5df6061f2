"""Small machines that obey commands: what they keep, and what each command does to it.

A machine is a block of text: name, what it is, state with its start, what is returned; then a line
for each command: its form, what it does, its code, and how the tests draw its argument.
"""

from __future__ import annotations

from dataclasses import dataclass

from training.exercises.read_table import blocks


@dataclass(frozen=True, slots=True)
class Command:
    """One command: "push 3"."""

    verb: str
    argument: str
    """The name of its argument; empty: it has none."""
    meaning: str
    """"puts n on the stack"."""
    code: tuple[str, ...]
    values: str
    """Where the tests take arguments from: "0-9" or words parted by commas."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What obeys commands."""

    name: str
    verbs: tuple[str, ...]
    """For names of functions: "run", "replay"."""
    summary: str
    start: tuple[str, ...]
    beginning: str
    """"It begins at position 0."."""
    result: str
    outcome: str
    """"the final position"."""
    returns: str
    commands: tuple[Command, ...]


def _machine(block: str) -> Machine:
    head, summary, start, beginning, result, *lines = block.strip("\n").split("\n")
    name, *verbs = head.split(" | ")
    value, outcome, returns = result.split(" | ")
    return Machine(
        name,
        tuple(verbs),
        summary,
        tuple(start.split(" ;; ")),
        beginning,
        value,
        outcome,
        returns,
        tuple(map(_command, lines)),
    )


def _command(line: str) -> Command:
    form, meaning, code, *values = line.split(" | ")
    verb, _, argument = form.partition(" ")
    return Command(verb, argument, meaning, tuple(code.split(" ;; ")), values[0] if values else "")


MACHINES = tuple(map(_machine, blocks("machines")))
