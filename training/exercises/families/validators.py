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


def _text(rng: random.Random) -> str:
    base = "".join(rng.choice("abcxyzABC0129_-. !@#") for _ in range(rng.randint(0, 9)))
    return rng.choice((base, word(rng) + str(rng.randint(0, 999)), word(rng).title() + rng.choice("!?_-") + str(rng.randint(1, 99)), word(rng) + rng.choice("_-.") + word(rng), base.lower()))


_TEXT_RULES = tuple(
    line
    for line in """
it has at least $k:4-8 characters | len({x}) >= $k | len({x}) < $k | too short
it has at most $k:8-14 characters | len({x}) <= $k | len({x}) > $k | too long
it has an even number of characters | len({x}) % 2 == 0 | len({x}) % 2 != 0 | odd length
it contains a digit | any(char.isdigit() for char in {x}) | not any(char.isdigit() for char in {x}) | no digit
it contains at least $k:2-3 digits | sum(char.isdigit() for char in {x}) >= $k | sum(char.isdigit() for char in {x}) < $k | too few digits
it contains no digit | not any(char.isdigit() for char in {x}) | any(char.isdigit() for char in {x}) | contains a digit
it contains a capital letter | any(char.isupper() for char in {x}) | not any(char.isupper() for char in {x}) | no capital letter
it contains a lowercase letter | any(char.islower() for char in {x}) | not any(char.islower() for char in {x}) | no lowercase letter
it contains no capital letter | {x} == {x}.lower() | {x} != {x}.lower() | contains a capital letter
it contains no space | " " not in {x} | " " in {x} | contains a space
it starts with a letter | {x}[:1].isalpha() | not {x}[:1].isalpha() | does not start with a letter
it starts with a capital letter | {x}[:1].isupper() | not {x}[:1].isupper() | does not start with a capital letter
it does not start with a digit | not {x}[:1].isdigit() | {x}[:1].isdigit() | starts with a digit
it ends with a digit | {x}[-1:].isdigit() | not {x}[-1:].isdigit() | does not end with a digit
it does not end with a dot | not {x}.endswith(".") | {x}.endswith(".") | ends with a dot
it contains one of the characters !, ?, @ and # | any(char in "!?@#" for char in {x}) | not any(char in "!?@#" for char in {x}) | no special character
it contains exactly one dash | {x}.count("-") == 1 | {x}.count("-") != 1 | wrong number of dashes
it contains at most one underscore | {x}.count("_") <= 1 | {x}.count("_") > 1 | too many underscores
it consists of letters, digits and underscores only | all(char.isalnum() or char == "_" for char in {x}) | not all(char.isalnum() or char == "_" for char in {x}) | forbidden character
it never has the same character twice in a row | all(a != b for a, b in zip({x}, {x}[1:])) | any(a == b for a, b in zip({x}, {x}[1:])) | repeated character
it has at least $k:4-6 different characters | len(set({x})) >= $k | len(set({x})) < $k | too few different characters
it is not empty | {x} != "" | {x} == "" | empty
it contains a vowel | any(char in "aeiou" for char in {x}.lower()) | not any(char in "aeiou" for char in {x}.lower()) | no vowel
it does not contain the word pass | "pass" not in {x}.lower() | "pass" in {x}.lower() | contains the word pass
it has no space at its beginning or end | {x} == {x}.strip() | {x} != {x}.strip() | space at the beginning or end
""".strip().split("\n")
)
_LIST_RULES = tuple(
    line
    for line in """
it has at least $k:2-4 elements | len({x}) >= $k | len({x}) < $k | too few elements
it has at most $k:4-6 elements | len({x}) <= $k | len({x}) > $k | too many elements
it has no repeated element | len(set({x})) == len({x}) | len(set({x})) != len({x}) | repeated element
it contains no negative number | all(n >= 0 for n in {x}) | any(n < 0 for n in {x}) | negative number
all its elements lie between $k:0-3 and $m:20-40 | all($k <= n <= $m for n in {x}) | not all($k <= n <= $m for n in {x}) | element out of range
its sum is even | sum({x}) % 2 == 0 | sum({x}) % 2 != 0 | odd sum
its sum does not exceed $k:40-90 | sum({x}) <= $k | sum({x}) > $k | sum too large
it is in ascending order | {x} == sorted({x}) | {x} != sorted({x}) | not in ascending order
neighbours never differ by more than $k:5-15 | all(abs(a - b) <= $k for a, b in zip({x}, {x}[1:])) | any(abs(a - b) > $k for a, b in zip({x}, {x}[1:])) | jump too large
it contains at least one even number | any(n % 2 == 0 for n in {x}) | all(n % 2 != 0 for n in {x}) | no even number
it contains the number $k:0-9 | $k in {x} | $k not in {x} | $k is missing
it does not contain 0 | 0 not in {x} | 0 in {x} | contains 0
its first and last elements differ | {x}[:1] != {x}[-1:] or not {x} | len({x}) > 0 and {x}[0] == {x}[-1] | same first and last element
""".strip().split("\n")
)
_NUMBER_RULES = tuple(
    line
    for line in """
it is positive | {x} > 0 | {x} <= 0 | not positive
it has exactly $k:2-4 digits | len(str({x})) == $k | len(str({x})) != $k | wrong number of digits
it is not divisible by $k:2-7 | {x} % $k != 0 | {x} % $k == 0 | divisible by $k
it is divisible by $k:2-5 | {x} % $k == 0 | {x} % $k != 0 | not divisible by $k
its digits are all different | len(set(str({x}))) == len(str({x})) | len(set(str({x}))) < len(str({x})) | repeated digit
its digit sum is at least $k:5-12 | sum(int(d) for d in str({x})) >= $k | sum(int(d) for d in str({x})) < $k | digit sum too small
its digit sum is even | sum(int(d) for d in str({x})) % 2 == 0 | sum(int(d) for d in str({x})) % 2 != 0 | odd digit sum
it does not contain the digit $k:0-9 | "$k" not in str({x}) | "$k" in str({x}) | contains the digit $k
its last digit is not 0 | {x} % 10 != 0 | {x} % 10 == 0 | ends in 0
its first digit is larger than its last | str({x})[0] > str({x})[-1] | str({x})[0] <= str({x})[-1] | first digit not larger than last
it is at most $k:300-5000 | {x} <= $k | {x} > $k | too large
its digits never decrease from left to right | list(str({x})) == sorted(str({x})) | list(str({x})) != sorted(str({x})) | decreasing digits
""".strip().split("\n")
)
_NOT_NAMES = {"list": "lists"}


def _number(rng: random.Random) -> int:
    return rng.randint(0, 10 ** rng.randint(1, 4))


_SUBJECTS = (
    *(
        _Subject(name, noun, "str", _TEXT_RULES, _text)
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
        _Subject(name, noun, "list[int]", _LIST_RULES, KINDS["ints"].make)
        for name, noun in (
            ("ticket", "lottery ticket"),
            ("scores", "list of scores"),
            ("sequence", "sequence of integers"),
            ("readings", "list of readings"),
            ("moves", "list of moves"),
        )
    ),
    *(
        _Subject(name, noun, "int", _NUMBER_RULES, _number)
        for name, noun in (("number", "number"), ("pin", "PIN"), ("code", "door code"), ("ticket", "ticket number"))
    ),
)


def draw_validator(rng: random.Random) -> Draft:
    """Return a task that checks something against some rules."""
    subject = rng.choice(_SUBJECTS)
    lines = rng.sample(subject.rules, rng.choice((2, 2, 3, 3, 4)))
    rules = [_rule(line, subject.name, rng) for line in lines]
    mode = rng.choice((_all, _all, _broken, _broken, _first, _raising, _count))
    return mode(subject, rules, rng)


def _rule(line: str, name: str, rng: random.Random) -> _Rule:
    clause, code, opposite, message = (part.strip() for part in fill(line, rng).split(" | "))
    return _Rule(clause, code.replace("{x}", name), opposite.replace("{x}", name), message)


def _draft(subject: _Subject, name: str, returns: str, phrase: str, bodies: list[str], rng: random.Random, *, details: tuple[str, ...] = (), raises: tuple[tuple[str, str], ...] = ()) -> Draft:
    body, reference = rng.sample(bodies, 2) if len(bodies) > 1 else bodies * 2
    return Draft(
        kind="validation",
        family="validators",
        name=name,
        parameters=(Parameter(subject.name, subject.annotation, subject.noun, subject.make),),
        returns=returns,
        phrase=phrase,
        body=body,
        reference=reference,
        details=details,
        raises=raises,
    )


def _told(rules: list[_Rule], subject: _Subject, rng: random.Random) -> str:
    rest = joined([rule.clause for rule in rules])
    noun = subject.noun.split()[-1] if subject.noun.startswith(("user", "file", "door")) else subject.noun
    return rng.choice((f"The {noun} is valid if {rest}.", f"It is valid only if {rest}.", f"The rules: {rest}.", f"To be valid, the following must hold: {rest}."))


def _bound(code: str) -> str:
    return f"({code})" if " or " in code else code


def _all(subject: _Subject, rules: list[_Rule], rng: random.Random) -> Draft:
    chain = "\n".join(f"if {rule.opposite}:\n    return False" for rule in rules)
    listed = "\n".join(f"    {rule.code}," for rule in rules)
    flat = " and ".join(_bound(rule.code) for rule in rules)
    bodies = [f"{chain}\nreturn True", f"rules = [\n{listed}\n]\nreturn all(rules)"]
    bodies.append(f"{chain.rpartition('if ')[0]}return {rules[-1].code}")
    if len(flat) < 70:
        bodies.append(f"return {flat}")
    name = rng.choice((f"is_valid_{subject.name}", f"validate_{subject.name}", f"check_{subject.name}", f"is_{subject.name}_valid"))
    return _draft(subject, name, "bool", f"whether {{{subject.name}}} is valid", bodies, rng, details=(_told(rules, subject, rng),))


def _broken(subject: _Subject, rules: list[_Rule], rng: random.Random) -> Draft:
    found = rng.choice(("problems", "errors", "messages"))
    steps = "\n".join(f'if {rule.opposite}:\n    {found}.append("{rule.message}")' for rule in rules)
    pairs = "\n".join(f'    ("{rule.message}", {rule.opposite}),' for rule in rules)
    table = "\n".join(f'    "{rule.message}": {rule.code},' for rule in rules)
    bodies = [
        f"{found} = []\n{steps}\nreturn {found}",
        f"checks = [\n{pairs}\n]\nreturn [message for message, is_broken in checks if is_broken]",
        f"rules = {{\n{table}\n}}\nreturn [message for message, holds in rules.items() if not holds]",
    ]
    messages = joined([f'"{rule.message}" unless {rule.clause}' for rule in rules])
    name = rng.choice((f"{subject.name}_problems", f"find_{subject.name}_errors", f"explain_{subject.name}", f"{subject.name}_errors"))
    phrase = f"a list of messages that say what is wrong with {{{subject.name}}}"
    return _draft(subject, name, "list[str]", phrase, bodies, rng, details=(f"In this order: {messages}.", "The list is empty if nothing is wrong."))


def _first(subject: _Subject, rules: list[_Rule], rng: random.Random) -> Draft:
    good = rng.choice(("ok", "valid", "fine"))
    chain = "\n".join(f'if {rule.opposite}:\n    return "{rule.message}"' for rule in rules)
    first, *others = [f'if {rule.opposite}:\n    verdict = "{rule.message}"' for rule in rules]
    ladder = "\n".join([first, *(f"el{each}" for each in others)])
    bodies = [f'{chain}\nreturn "{good}"', f'{ladder}\nelse:\n    verdict = "{good}"\nreturn verdict']
    messages = joined([f'"{rule.message}" unless {rule.clause}' for rule in rules])
    phrase = f'the first problem with {{{subject.name}}}, or "{good}" if there is none'
    name = rng.choice((f"first_{subject.name}_problem", f"judge_{subject.name}", f"{subject.name}_status"))
    return _draft(subject, name, "str", phrase, bodies, rng, details=(f"Check in this order: {messages}.",))


def _raising(subject: _Subject, rules: list[_Rule], rng: random.Random) -> Draft:
    steps = "\n".join(f'if {rule.opposite}:\n    raise ValueError("{rule.message}")' for rule in rules)
    flat = " or ".join(f"({rule.opposite})" if " or " in rule.opposite or " and " in rule.opposite else rule.opposite for rule in rules)
    bodies = [f"{steps}\nreturn {subject.name}"]
    if len(flat) < 72:
        bodies.append(f'if {flat}:\n    raise ValueError("invalid {subject.name}")\nreturn {subject.name}')
    rest = joined([rule.clause for rule in rules])
    name = rng.choice((f"checked_{subject.name}", f"require_valid_{subject.name}", f"ensure_{subject.name}"))
    return _draft(subject, name, subject.annotation, f"{{{subject.name}}} unchanged if it is valid".replace("{", "the value of {", 1), bodies, rng, details=(f"It is valid if {rest}.",), raises=(("ValueError", f"{{{subject.name}}} breaks a rule"),))


def _count(subject: _Subject, rules: list[_Rule], rng: random.Random) -> Draft:
    steps = "\n".join(f"if {rule.code}:\n    score += 1" for rule in rules)
    listed = "\n".join(f"    {rule.code}," for rule in rules)
    terms = "\n".join(f"score += {'bool' if not re.search('[=<>]| in ', rule.code) else 'int'}({rule.code})" for rule in rules)
    bodies = [f"score = 0\n{steps}\nreturn score", f"rules = [\n{listed}\n]\nreturn sum(rules)", f"score = 0\n{terms}\nreturn score"]
    rest = joined([f"({number}) {rule.clause}" for number, rule in enumerate(rules, 1)])
    name = rng.choice((f"{subject.name}_score", f"rate_{subject.name}", f"{subject.name}_strength"))
    return _draft(subject, name, "int", f"how many of the rules {{{subject.name}}} keeps", bodies, rng, details=(f"The rules are: {rest}.",))
