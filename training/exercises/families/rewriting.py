"""Texts rewritten character by character or word by word, by rules for each kind."""

from __future__ import annotations

import random
import textwrap

from training.exercises.blocks import fill
from training.exercises.draft import Draft, Parameter
from training.exercises.english import joined
from training.exercises.kinds import KINDS

# What a character is, its test; what becomes of it, the code. `$` as in blocks.
_KINDS = """
vowel | char in "aeiouAEIOU"
digit | char.isdigit()
capital letter | char.isupper()
lowercase letter | char.islower()
space | char == " "
punctuation mark | char in ".,!?"
letter $c:aeotr | char == "$c"
consonant | char.isalpha() and char.lower() not in "aeiou"
even digit | char in "02468"
odd digit | char in "13579"
""".strip().split("\n")
_ACTIONS = """
written in upper case | char.upper()
written in lower case | char.lower()
doubled | char * 2
replaced by a star | "*"
replaced by an underscore | "_"
replaced by a dash | "-"
put into brackets | "[" + char + "]"
put into parentheses | f"({char})"
replaced by a number sign | "#"
followed by a dot | char + "."
""".strip().split("\n")
_DIGIT_ACTIONS = """
replaced by the next digit, 9 by 0 | str((int(char) + 1) % 10)
replaced by its difference from 9 | str(9 - int(char))
repeated as often as it says | char * int(char)
""".strip().split("\n")
_LETTER_ACTIONS = """
replaced by its position in the alphabet | str(ord(char.lower()) - ord("a") + 1)
swapped in case | char.swapcase()
""".strip().split("\n")
_WORD_KINDS = """
longer than $k:4-6 letters | len(word) > $k
shorter than $k:3-5 letters | len(word) < $k
starting with a vowel | word[0].lower() in "aeiou"
starting with a capital letter | word[0].isupper()
consisting of digits | word.isdigit()
containing the letter $c:aeo | "$c" in word
ending with a punctuation mark | word[-1] in ".,!?"
of even length | len(word) % 2 == 0
""".strip().split("\n")
_WORD_ACTIONS = """
reversed | word[::-1]
written in capitals | word.upper()
shortened to its first letter | word[0]
replaced by its length | str(len(word))
repeated | word + word
put in quotes | f"'{word}'"
capitalized | word.capitalize()
replaced by dots, one for each letter | "." * len(word)
given the ending -ish | word + "ish"
stripped of its last letter | word[:-1]
moved one letter to the left, so that its first letter becomes its last | word[1:] + word[0]
""".strip().split("\n")


def draw_rewriting(rng: random.Random) -> Draft:
    """Return a task that rewrites a text by some rules."""
    return _characters(rng) if rng.random() < 0.55 else _words(rng)


def _split(line: str, rng: random.Random) -> tuple[str, str]:
    text, code = fill(line, rng).split(" | ")
    return text.strip(), code.strip()


def _characters(rng: random.Random) -> Draft:
    rules = []
    for line in rng.sample(_KINDS, rng.choice((1, 2, 2, 3))):
        kind, test = _split(line, rng)
        actions = _ACTIONS + _DIGIT_ACTIONS * ("digit" in kind) * 2
        actions += _LETTER_ACTIONS * ("letter" in kind or "vowel" in kind or "consonant" in kind)
        action, code = _split(rng.choice(actions), rng)
        if (kind in ("space", "punctuation mark") or "digit" in kind) and "case" in action:
            action, code = "left out", '""'
        if rng.random() < 0.2:
            action, code = "left out", '""'
        rules.append((kind, test, action, code))
    rest, rest_code = rng.choice((("stays as it is", "char"), ("stays as it is", "char"), ("is left out", '""'), ("becomes a dot", '"."')))
    told = joined([f"every {kind} is {action}" for kind, _, action, _ in rules])
    context = rng.choice(KINDS["text"].contexts)
    name = context.name
    bodies = _bodies([(test, code) for _, test, _, code in rules], rest_code, "char", name, '""')
    return _draft(rng, bodies, name, context.noun, f"a copy of {{{name}}} in which {told}", f"Any other character {rest}.", len(rules))


def _words(rng: random.Random) -> Draft:
    rules = []
    for line in rng.sample(_WORD_KINDS, rng.choice((1, 1, 2, 2, 3))):
        kind, test = _split(line, rng)
        action, code = _split(rng.choice(_WORD_ACTIONS), rng)
        if rng.random() < 0.12:
            action, code = "left out", ""
        rules.append((kind, test, action, code))
    told = joined([f"every word {kind} is {action}" for kind, _, action, _ in rules])
    context = rng.choice(KINDS["text"].contexts)
    name = context.name
    bodies = _bodies([(test, code) for _, test, _, code in rules], "word", "word", f"{name}.split()", "[]")
    return _draft(rng, bodies, name, context.noun, f"a copy of {{{name}}} in which {told}", "The other words stay as they are, and single spaces part all words.", len(rules))


def _bodies(rules: list[tuple[str, str]], rest: str, unit: str, over: str, empty: str) -> list[tuple[str, str]]:
    """Bodies, each with its helper."""
    is_text = empty == '""'

    def keep(code: str) -> str:
        if code in ('""', ""):
            return "continue"
        return f"result += {code}" if is_text else f"result.append({code})"

    end = "return result" if is_text else 'return " ".join(result)'
    branches = [f"{'el' * (number > 0)}if {test}:\n    {keep(code)}" for number, (test, code) in enumerate(rules)]
    has_rest = rest != '""'
    ladder = "\n".join(branches) + (f"\nelse:\n    {keep(rest)}" if has_rest else "")
    loop = f"result = {empty}\nfor {unit} in {over}:\n{textwrap.indent(ladder, '    ')}\n{end}"
    collected = loop.replace("result += ", "parts.append(").replace('result = ""', "parts = []").replace("return result", 'return "".join(parts)')
    if is_text:
        collected = "\n".join(line + ")" * ("parts.append(" in line) for line in collected.split("\n"))
    returns = "\n".join(f"if {test}:\n    return {code or chr(34) * 2}" for test, code in rules)
    helper = f"def convert({unit}):\n" + textwrap.indent(f"{returns}\nreturn {rest}", "    ")
    if is_text:
        called = f'return "".join(convert({unit}) for {unit} in {over})'
    else:
        called = f'converted = [convert({unit}) for {unit} in {over}]\nreturn " ".join({unit} for {unit} in converted if {unit})'
    return [(loop, ""), (called, helper), (collected, "")]


def _draft(rng: random.Random, bodies: list[tuple[str, str]], name: str, noun: str, phrase: str, rest: str, count: int) -> Draft:
    (body, helper), (reference, other) = rng.sample(bodies, 2)
    titles = ("rewrite", "transform", "encode", "convert", "edit", "decorate", "disguise", "translate")
    details = (rest, "If several rules fit, the first one counts.") if count > 1 else (rest,)
    return Draft(
        kind="strings",
        family="rewriting",
        name=f"{rng.choice(titles)}_{rng.choice((name, 'text', 'words' if 'word' in phrase else 'characters'))}",
        parameters=(Parameter(name, "str", noun, KINDS["text"].make),),
        returns="str",
        phrase=phrase,
        body=body,
        reference=reference,
        details=details,
        helpers=helper or other,
    )
