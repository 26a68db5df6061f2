"""Texts rewritten character by character or word by word, by rules for each kind."""

from __future__ import annotations

import random
import textwrap

from training.exercises.blocks import fill
from training.exercises.draft import Draft, Parameter
from training.exercises.english import joined
from training.exercises.kinds import KINDS, Context
from training.exercises.read_table import sections

# What a character is, its test; what becomes of it, the code. `$` as in blocks.
_TABLE = sections("rewriting")


_FIRST = ("If several rules fit, the first one counts.",)
_OTHER_WORDS = "The other words stay as they are, and single spaces part all words."


_WIDE = ("digit", "capital letter", "lowercase letter", "vowel", "consonant")


def draw_rewriting(rng: random.Random) -> Draft:
    """Return a task that rewrites a text by some rules."""
    return _characters(rng) if rng.random() < 0.55 else _words(rng)


def _split(line: str, rng: random.Random) -> tuple[str, str]:
    text, code = fill(line, rng).split(" | ")
    return text.strip(), code.strip()


def _characters(rng: random.Random) -> Draft:
    rules = []
    lines = rng.sample(_TABLE["kinds"], rng.choice((1, 2, 2, 3)))
    # A rule behind one for all digits would never be reached by an even digit.
    for line in sorted(lines, key=lambda each: each.startswith(_WIDE)):
        kind, test = _split(line, rng)
        actions = _TABLE["actions"] + _TABLE["digit_actions"] * ("digit" in kind) * 2
        actions += _TABLE["letter_actions"] * (
            "letter" in kind or "vowel" in kind or "consonant" in kind
        )
        action, code = _split(rng.choice(actions), rng)
        if (kind in ("space", "punctuation mark") or "digit" in kind) and "case" in action:
            action, code = "left out", '""'
        if rng.random() < 0.2:
            action, code = "left out", '""'
        rules.append((kind, test, action, code))
    rest, rest_code = rng.choice(
        (
            ("stays as it is", "char"),
            ("stays as it is", "char"),
            ("is left out", '""'),
            ("becomes a dot", '"."'),
        )
    )
    told = joined([f"every {kind} is {action}" for kind, _, action, _ in rules])
    context = rng.choice(KINDS["text"].contexts)
    name = context.name
    bodies = _bodies([(test, code) for _, test, _, code in rules], rest_code, "char", name, '""')
    details = (f"Any other character {rest}.", *_FIRST[: len(rules) - 1])
    return _draft(bodies, context, f"a copy of {{{name}}} in which {told}", details, rng)


def _words(rng: random.Random) -> Draft:
    rules = []
    for line in rng.sample(_TABLE["word_kinds"], rng.choice((1, 1, 2, 2, 3))):
        kind, test = _split(line, rng)
        action, code = _split(rng.choice(_TABLE["word_actions"]), rng)
        if rng.random() < 0.12:
            action, code = "left out", ""
        rules.append((kind, test, action, code))
    told = joined([f"every word {kind} is {action}" for kind, _, action, _ in rules])
    context = rng.choice(KINDS["text"].contexts)
    name = context.name
    bodies = _bodies(
        [(test, code) for _, test, _, code in rules], "word", "word", f"{name}.split()", "[]"
    )
    details = (_OTHER_WORDS, *_FIRST[: len(rules) - 1])
    return _draft(bodies, context, f"a copy of {{{name}}} in which {told}", details, rng)


def _bodies(
    rules: list[tuple[str, str]], rest: str, unit: str, over: str, empty: str
) -> list[tuple[str, str]]:
    """Bodies, each with its helper."""
    is_text = empty == '""'

    def keep(code: str) -> str:
        if code in ('""', ""):
            return "continue"
        return f"result += {code}" if is_text else f"result.append({code})"

    end = "return result" if is_text else 'return " ".join(result)'
    branches = [
        f"{'el' * (number > 0)}if {test}:\n    {keep(code)}"
        for number, (test, code) in enumerate(rules)
    ]
    has_rest = rest != '""'
    ladder = "\n".join(branches) + (f"\nelse:\n    {keep(rest)}" if has_rest else "")
    loop = f"result = {empty}\nfor {unit} in {over}:\n{textwrap.indent(ladder, '    ')}\n{end}"
    collected = (
        loop.replace("result += ", "parts.append(")
        .replace('result = ""', "parts = []")
        .replace("return result", 'return "".join(parts)')
    )
    if is_text:
        collected = "\n".join(
            line + ")" * ("parts.append(" in line) for line in collected.split("\n")
        )
    returns = "\n".join(f"if {test}:\n    return {code or chr(34) * 2}" for test, code in rules)
    helper = f"def convert({unit}):\n" + textwrap.indent(f"{returns}\nreturn {rest}", "    ")
    if is_text:
        called = f'return "".join(convert({unit}) for {unit} in {over})'
    else:
        kept = f"{unit} for {unit} in converted if {unit}"
        called = f'converted = [convert({unit}) for {unit} in {over}]\nreturn " ".join({kept})'
    return [(loop, ""), (called, helper), (collected, "")]


def _draft(
    bodies: list[tuple[str, str]],
    context: Context,
    phrase: str,
    details: tuple[str, ...],
    rng: random.Random,
) -> Draft:
    (body, helper), (reference, other) = rng.sample(bodies, 2)
    name = context.name
    titles = (
        "rewrite",
        "transform",
        "encode",
        "convert",
        "edit",
        "decorate",
        "disguise",
        "translate",
    )
    objects = (name, "text", "words" if "word" in phrase else "characters")
    return Draft(
        kind="strings",
        family="rewriting",
        name=f"{rng.choice(titles)}_{rng.choice(objects)}",
        parameters=(Parameter(name, "str", context.noun, KINDS["text"].make),),
        returns="str",
        phrase=phrase,
        body=body,
        reference=reference,
        details=details,
        helpers=helper or other,
    )
