"""Undefined names in the diagnostics of any linter or type checker.

Known are the words of pyflakes, flake8, ruff, pylint, pyright, mypy and ty. Whatever says it, the
name has to stand in the text where the diagnostic says.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lsprotocol import types

from server.convert import Positions

_MESSAGES = (
    # pyflakes, flake8, ruff; pylint
    re.compile(r"undefined (?:name|variable) [`'\"](\w+)[`'\"]", re.IGNORECASE),
    # pyright; mypy, with "Name" in front; ty
    re.compile(r"[`'\"](\w+)[`'\"] (?:is not defined|used when not defined)", re.IGNORECASE),
)
_CODES = frozenset(
    {
        *("F821", "E0602", "undefined-variable", "undefined-name", "reportUndefinedVariable"),
        *("name-defined", "unresolved-reference", "UndefinedName"),
    }
)


@dataclass(frozen=True, slots=True)
class Undefined:
    """An undefined name, where it is used."""

    name: str
    offset: int
    """In characters."""
    diagnostic: types.Diagnostic | None = None
    """What said so."""


def undefined_names(
    diagnostics: Iterable[types.Diagnostic], places: Positions
) -> Iterator[Undefined]:
    """Those that the diagnostics name and that stand in the text there, each name once."""
    seen: set[str] = set()
    for diagnostic in diagnostics:
        found = _found(diagnostic, places)
        if found and found.name not in seen:
            seen.add(found.name)
            yield found


def _found(diagnostic: types.Diagnostic, places: Positions) -> Undefined | None:
    start, end = (places.offset(each) for each in (diagnostic.range.start, diagnostic.range.end))
    said = next((match[1] for each in _MESSAGES if (match := each.search(diagnostic.message))), "")
    if not said and str(diagnostic.code) in _CODES:
        said = places.text[start:end]
    if not said.isidentifier():
        return None
    line_start = places.text.rfind("\n", 0, start) + 1
    line_end = places.text.find("\n", start)
    line = places.text[line_start : line_end if line_end >= 0 else len(places.text)]
    uses = [line_start + use.start() for use in re.finditer(rf"\b{said}\b", line)]
    if not uses:
        return None
    return Undefined(said, min(uses, key=lambda use: abs(use - start)), diagnostic)
