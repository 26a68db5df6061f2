"""Programs for small machines: any choice of a machine's commands is a task of its own."""

from __future__ import annotations

import random
import textwrap
from collections.abc import Callable

from training.exercises.draft import Draft, Parameter
from training.exercises.english import joined
from training.exercises.machines import MACHINES, Command, Machine


def draw_simulation(rng: random.Random) -> Draft:
    """Return a task that obeys a list of commands."""
    machine = rng.choice(MACHINES)
    makers = [each for each in machine.commands if each.argument] or list(machine.commands)
    first = rng.choice(makers)
    others = [each for each in machine.commands if each is not first]
    commands = [first, *rng.sample(others, rng.choice((2, 2, 3, 3, 4)))]
    rng.shuffle(commands)
    given = rng.choice(("commands", "commands", "instructions", "operations", "log"))
    style = rng.choice((_ladder, _ladder, _matched, _skipping))
    is_counting = rng.random() < 0.15
    forms = joined(
        [
            f'"{each.verb} {each.argument}"'.replace(' "', '"') + f" {each.meaning}"
            for each in commands
        ]
    )
    details = [machine.beginning, f"The command {forms}."]
    if rng.random() < 0.3:
        details.append("Other commands are ignored.")
    phrase = f"{machine.outcome} when {machine.summary} obeys {{{given}}}"
    if is_counting:
        details.append("If the list is empty, the start is returned.")
    return Draft(
        kind="simulation",
        family="simulations",
        name=rng.choice(machine.verbs),
        parameters=(Parameter(given, "list[str]", "list of commands", _drawer(commands)),),
        returns=machine.returns,
        phrase=phrase,
        body=style(machine, commands, given),
        reference=_ladder(machine, commands[::-1], given),
        details=tuple(details),
    )


def _drawer(commands: list[Command]) -> Callable[[random.Random], list[str]]:
    def make(rng: random.Random) -> list[str]:
        return [_written(rng.choice(commands), rng) for _ in range(rng.randint(0, 8))]

    return make


def _written(command: Command, rng: random.Random) -> str:
    if not command.argument:
        return command.verb
    low, dash, high = command.values.partition("-")
    value = str(rng.randint(int(low), int(high))) if dash else rng.choice(command.values.split(","))
    return f"{command.verb} {value}"


def _code(command: Command, argument: str) -> str:
    return textwrap.indent("\n".join(command.code).replace("argument", argument), "    ")


def _framed(machine: Machine, given: str, step: str) -> str:
    start = "\n".join(machine.start)
    loop = f"for command in {given}:\n{textwrap.indent(step, '    ')}"
    return f"{start}\n{loop}\nreturn {machine.result}"


def _ladder(machine: Machine, commands: list[Command], given: str) -> str:
    has_arguments = any(each.argument for each in commands)
    split = 'verb, _, argument = command.partition(" ")' if has_arguments else "verb = command"
    branches = [
        f'{"el" * (number > 0)}if verb == "{each.verb}":\n{_code(each, "argument")}'
        for number, each in enumerate(commands)
    ]
    return _framed(machine, given, "\n".join([split, *branches]))


def _matched(machine: Machine, commands: list[Command], given: str) -> str:
    cases = []
    for each in commands:
        parts = f'["{each.verb}", {each.argument}]' if each.argument else f'["{each.verb}"]'
        code = _code(each, each.argument) if each.argument else _code(each, "argument")
        cases.append(f"case {parts}:\n{code}")
    body = textwrap.indent("\n".join(cases), "    ")
    return _framed(machine, given, f"match command.split():\n{body}")


def _skipping(machine: Machine, commands: list[Command], given: str) -> str:
    """Every case ends with `continue`; the argument is cut out where it is needed."""
    has_arguments = any(each.argument for each in commands)
    split = "parts = command.split()" if has_arguments else ""
    verb = "parts[0]" if has_arguments else "command"
    cases = [f'if {verb} == "{each.verb}":\n{_code(each, "parts[1]")}' for each in commands]
    cases[:-1] = [f"{case}\n    continue" for case in cases[:-1]]
    return _framed(machine, given, "\n".join(filter(None, [split, *cases])))
