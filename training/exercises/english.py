"""The little grammar that templates need: verbs, articles, plurals."""

from __future__ import annotations

import re

_IRREGULAR = {
    "child": "children",
    "person": "people",
    "index": "indices",
    "leaf": "leaves",
    "vertex": "vertices",
    "entry": "entries",
    "series": "series",
    "species": "species",
    "half": "halves",
}
_VOWEL_SOUND = ("hour", "honest", "heir")
_CONSONANT_SOUND = ("uni", "use", "user", "one", "euro", "url")


def third_person(phrase: str) -> str:
    """Return "removes all …" for "remove all …"."""
    verb, space, rest = phrase.partition(" ")
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        verb += "es"
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        verb = verb[:-1] + "ies"
    else:
        verb += "s"
    return f"{verb}{space}{_third_person_of_the_rest(rest)}"


def _third_person_of_the_rest(rest: str) -> str:
    """The rest, with the verb behind an "and" in the same person."""
    return _SECOND_VERB.sub(lambda match: f"{match[1]} {third_person(match[2])}", rest)


_SECOND_VERB = re.compile(r"\b(and|or) (return|raise|tell|stop|forget)\b")


def plural(noun: str) -> str:
    """Return "boxes" for "box", "cities" for "city"."""
    head, space, last = noun.rpartition(" ")
    if " of " in noun or " in " in noun:
        first, space, rest = noun.partition(" ")
        return f"{plural(first)}{space}{rest}"
    if last in _IRREGULAR:
        many = _IRREGULAR[last]
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        many = last[:-1] + "ies"
    elif last.endswith(("s", "sh", "ch", "x", "z")):
        many = last + "es"
    else:
        many = last + "s"
    return f"{head}{space}{many}"


def with_article(noun: str) -> str:
    """Return "an apple", "a pear"."""
    if noun.startswith(_VOWEL_SOUND):
        return f"an {noun}"
    sounds_open = noun[:1].lower() in "aeiou" and not noun.startswith(_CONSONANT_SOUND)
    return f"an {noun}" if sounds_open else f"a {noun}"


def plural_clause(clause: str) -> str:
    """Return "are even", "have …" or "are digits" for "is even", "has …" or "is a digit"."""
    verbs = {"is": "are", "has": "have", "does": "do", "was": "were", "ends": "end"}
    verb, _, rest = clause.partition(" ")
    verb = verbs.get(verb) or verb.removesuffix("s")
    if verb == "are":
        rest = _ARTICLE.sub(lambda match: plural(match[1]), rest)
    many = f"{verb} {rest}"
    for one, more in verbs.items():
        many = re.sub(rf"\b(and|or|but) {one}\b", rf"\1 {more}", many)
    many = re.sub(r"\bits\b", "their", many)
    return many


def around(frame: str, values: str) -> str:
    """Return "the squares of the numbers" or "the words, each reversed,": a comma closes "each"."""
    return frame.replace("{}", values) + "," * (", each" in frame)


_ARTICLE = re.compile(r"(?<!of )\ban? ((?:perfect |capital |lowercase )?\w+)")


_DETERMINERS = (
    *("the ", "a ", "an ", "all ", "every ", "each ", "how ", "one ", "two ", "three "),
    *("for each ", "for every ", "in how many ", "{", '"', "`"),
)


def is_noun(phrase: str) -> bool:
    """Return whether a phrase names a result, "the sum of …", and needs a verb in front."""
    return phrase.startswith(_DETERMINERS)


def finding(phrase: str) -> str:
    """Return the verb for a result that is computed: "find", or "return" where that reads odd."""
    is_found = phrase.startswith(("the ", "all ", "how ", "every ", "each "))
    return "find" if is_found else "return"


def capitalized(text: str) -> str:
    """Return the text with its first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


def joined(parts: list[str], word: str = "and") -> str:
    """Return "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"
