"""The opposite of a condition: what a loop skips."""

from __future__ import annotations

import re

_OPPOSITES = {
    " == ": " != ",
    " != ": " == ",
    " > ": " <= ",
    " < ": " >= ",
    " >= ": " < ",
    " <= ": " > ",
}


def negated(code: str) -> str:
    """Return the opposite of a condition, as people would write it."""
    signs = re.findall(r" (?:==|!=|>=|<=|>|<) ", code)
    if len(signs) == 1 and not re.search(r"\b(and|or|not|in|for|if)\b", code):
        return code.replace(signs[0], _OPPOSITES[signs[0]])
    if re.search(r"\b(and|or|if|for)\b| [=!<>]", code):
        return f"not ({code})"
    if code.startswith("not "):
        return code.removeprefix("not ")
    is_call = " in " not in code
    return f"not {code}" if is_call else f"not ({code})"
