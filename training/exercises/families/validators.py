"""Texts, numbers and lists that have to keep several rules: passwords, names, codes, tickets."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from training.exercises.blocks import fill
from training.exercises.draft import Draft, Parameter
from training.exercises.english import joined
from training.exercises.kinds import KINDS
from training.exercises.read_table import sections
from training.exercises.words import word


@dataclass(frozen=True, slots=True)
class _Subject:
    name: str
    noun: str
    annotation: str
    rules: tuple[str, ...]
    make: Callable[[random.Random], Any]


@dataclass(frozen=True, slots=True)
class _Rule:
    clause: str
    """"it contains a digit"."""
    code: str
    opposite: str
    message: str


@dataclass(frozen=True, slots=True)
class _Task:
    """What one way to ask about rules comes to."""

    name: str
    returns: str
    phrase: str
    bodies: list[str]
    details: tuple[str, ...]
    raises: tuple[tuple[str, str], ...] = ()


def _text(rng: random.Random) -> str:
    base = "".join(rng.choice("abcxyzABC0129_-. !@#") for _ in range(rng.randint(0, 9)))
    return rng.choice(
        (
            base,
            word(rng) + str(rng.randint(0, 999)),
            word(rng).title() + rng.choice("!?_-") + str(rng.randint(1, 99)),
            word(rng) + rng.choice("_-.") + word(rng),
            base.lower(),
        )
    )


_RULES = sections("rules")


def _number(rng: random.Random) -> int:
    return rng.randint(0, 10 ** rng.randint(1, 4))


_SUBJECTS = (
    *(
        _Subject(name, noun, "str", _RULES["text"], _text)
        for name, noun in (
            ("password", "password"),
            ("username", "user name"),
            ("code", "product code"),
            ("filename", "file name"),
            ("tag", "tag"),
            ("identifier", "identifier"),
            ("nickname", "nickname"),
            ("label", "label"),
            ("key", "access key"),
            ("title", "title"),
            ("plate", "number plate"),
        )
    ),
    *(
        _Subject(name, noun, "list[int]", _RULES["list"], KINDS["ints"].make)
        for name, noun in (
            ("ticket", "lottery ticket"),
            ("scores", "list of scores"),
            ("sequence", "sequence of integers"),
            ("readings", "list of readings"),
            ("moves", "list of moves"),
        )
    ),
    *(
        _Subject(name, noun, "int", _RULES["number"], _number)
        for name, noun in (
            ("number", "number"),
            ("pin", "PIN"),
            ("code", "door code"),
            ("ticket", "ticket number"),
        )
    ),
)


def draw_validator(rng: random.Random) -> Draft:
    """Return a task that checks something against some rules."""
    subject = rng.choice(_SUBJECTS)
    lines = rng.sample(subject.rules, rng.choice((2, 2, 3, 3, 4)))
    rules = [_rule(line, subject.name, rng) for line in lines]
    mode = rng.choice((_all, _all, _broken, _broken, _first, _raising, _count))
    task = mode(subject, rules, rng)
    bodies = task.bodies if len(task.bodies) > 1 else task.bodies * 2
    body, reference = rng.sample(bodies, 2)
    return Draft(
        kind="validation",
        family="validators",
        name=task.name,
        parameters=(Parameter(subject.name, subject.annotation, subject.noun, subject.make),),
        returns=task.returns,
        phrase=task.phrase,
        body=body,
        reference=reference,
        details=task.details,
        raises=task.raises,
    )


def _rule(line: str, name: str, rng: random.Random) -> _Rule:
    clause, code, opposite, message = (part.strip() for part in fill(line, rng).split(" | "))
    return _Rule(clause, code.replace("{x}", name), opposite.replace("{x}", name), message)


def _told(rules: list[_Rule], subject: _Subject, rng: random.Random) -> str:
    rest = joined([rule.clause for rule in rules])
    noun = (
        subject.noun.split()[-1]
        if subject.noun.startswith(("user", "file", "door"))
        else subject.noun
    )
    return rng.choice(
        (
            f"The {noun} is valid if {rest}.",
            f"It is valid only if {rest}.",
            f"The rules: {rest}.",
            f"To be valid, the following must hold: {rest}.",
        )
    )


def _bound(code: str) -> str:
    return f"({code})" if " or " in code else code


def _all(subject: _Subject, rules: list[_Rule], rng: random.Random) -> _Task:
    chain = "\n".join(f"if {rule.opposite}:\n    return False" for rule in rules)
    listed = "\n".join(f"    {rule.code}," for rule in rules)
    flat = " and ".join(_bound(rule.code) for rule in rules)
    bodies = [f"{chain}\nreturn True", f"rules = [\n{listed}\n]\nreturn all(rules)"]
    bodies.append(f"{chain.rpartition('if ')[0]}return {rules[-1].code}")
    if len(flat) < 70:
        bodies.append(f"return {flat}")
    name = rng.choice(
        (
            f"is_valid_{subject.name}",
            f"validate_{subject.name}",
            f"check_{subject.name}",
            f"is_{subject.name}_valid",
        )
    )
    return _Task(
        name,
        "bool",
        f"whether {{{subject.name}}} is valid",
        bodies,
        (_told(rules, subject, rng),),
    )


def _broken(subject: _Subject, rules: list[_Rule], rng: random.Random) -> _Task:
    found = rng.choice(("problems", "errors", "messages"))
    steps = "\n".join(
        f'if {rule.opposite}:\n    {found}.append("{rule.message}")' for rule in rules
    )
    pairs = "\n".join(f'    ("{rule.message}", {rule.opposite}),' for rule in rules)
    table = "\n".join(f'    "{rule.message}": {rule.code},' for rule in rules)
    bodies = [
        f"{found} = []\n{steps}\nreturn {found}",
        f"checks = [\n{pairs}\n]\nreturn [message for message, is_broken in checks if is_broken]",
        f"rules = {{\n{table}\n}}\n"
        "return [message for message, holds in rules.items() if not holds]",
    ]
    messages = joined([f'"{rule.message}" unless {rule.clause}' for rule in rules])
    name = rng.choice(
        (
            f"{subject.name}_problems",
            f"find_{subject.name}_errors",
            f"explain_{subject.name}",
            f"{subject.name}_errors",
        )
    )
    phrase = f"a list of messages that say what is wrong with {{{subject.name}}}"
    return _Task(
        name,
        "list[str]",
        phrase,
        bodies,
        (f"In this order: {messages}.", "The list is empty if nothing is wrong."),
    )


def _first(subject: _Subject, rules: list[_Rule], rng: random.Random) -> _Task:
    good = rng.choice(("ok", "valid", "fine"))
    chain = "\n".join(f'if {rule.opposite}:\n    return "{rule.message}"' for rule in rules)
    first, *others = [f'if {rule.opposite}:\n    verdict = "{rule.message}"' for rule in rules]
    ladder = "\n".join([first, *(f"el{each}" for each in others)])
    bodies = [
        f'{chain}\nreturn "{good}"',
        f'{ladder}\nelse:\n    verdict = "{good}"\nreturn verdict',
    ]
    messages = joined([f'"{rule.message}" unless {rule.clause}' for rule in rules])
    phrase = f'the first problem with {{{subject.name}}}, or "{good}" if there is none'
    name = rng.choice(
        (f"first_{subject.name}_problem", f"judge_{subject.name}", f"{subject.name}_status")
    )
    return _Task(name, "str", phrase, bodies, (f"Check in this order: {messages}.",))


def _raising(subject: _Subject, rules: list[_Rule], rng: random.Random) -> _Task:
    steps = "\n".join(
        f'if {rule.opposite}:\n    raise ValueError("{rule.message}")' for rule in rules
    )
    flat = " or ".join(
        f"({rule.opposite})"
        if " or " in rule.opposite or " and " in rule.opposite
        else rule.opposite
        for rule in rules
    )
    bodies = [f"{steps}\nreturn {subject.name}"]
    if len(flat) < 72:
        bodies.append(
            f'if {flat}:\n    raise ValueError("invalid {subject.name}")\nreturn {subject.name}'
        )
    rest = joined([rule.clause for rule in rules])
    name = rng.choice(
        (f"checked_{subject.name}", f"require_valid_{subject.name}", f"ensure_{subject.name}")
    )
    return _Task(
        name,
        subject.annotation,
        f"{{{subject.name}}} unchanged if it is valid",
        bodies,
        (f"It is valid if {rest}.",),
        (("ValueError", f"{{{subject.name}}} breaks a rule"),),
    )


def _count(subject: _Subject, rules: list[_Rule], rng: random.Random) -> _Task:
    steps = "\n".join(f"if {rule.code}:\n    score += 1" for rule in rules)
    listed = "\n".join(f"    {rule.code}," for rule in rules)
    terms = "\n".join(
        f"score += {'bool' if not re.search('[=<>]| in ', rule.code) else 'int'}({rule.code})"
        for rule in rules
    )
    bodies = [
        f"score = 0\n{steps}\nreturn score",
        f"rules = [\n{listed}\n]\nreturn sum(rules)",
        f"score = 0\n{terms}\nreturn score",
    ]
    rest = joined([f"({number}) {rule.clause}" for number, rule in enumerate(rules, 1)])
    name = rng.choice((f"{subject.name}_score", f"rate_{subject.name}", f"{subject.name}_strength"))
    return _Task(
        name,
        "int",
        f"how many of the rules {{{subject.name}}} keeps",
        bodies,
        (f"The rules are: {rest}.",),
    )
