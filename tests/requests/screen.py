"""A text as an editor has it: lines, columns in units of an encoding, and edits applied to it.

Written from the specification of LSP 3.17, with none of the server's code.
"""

import itertools
import re
from typing import Any

Position = dict[str, int]

_LINE_END = re.compile("\r\n|\n|\r")
_UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


class BrokenEditError(Exception):
    """An edit that no editor could apply, or that lies in the middle of a character."""


def position_of(text: str, offset: int, encoding: str) -> Position:
    """The position behind the first `offset` characters."""
    codec, size = _UNITS[encoding]
    ends = [match.end() for match in _LINE_END.finditer(text) if match.end() <= offset]
    start = ends[-1] if ends else 0
    return {
        "line": len(ends),
        "character": len(text[start:offset].encode(codec, "surrogatepass")) // size,
    }


def offset_of(text: str, position: Position, encoding: str) -> int:
    """How many characters lie in front of the position, which has to be one of the text."""
    codec, size = _UNITS[encoding]
    matches = [*_LINE_END.finditer(text)]
    starts = [0, *(match.end() for match in matches)]
    stops = [*(match.start() for match in matches), len(text)]
    number = position["line"]
    if number >= len(starts):
        raise BrokenEditError(f"line {number} of {len(starts)}")
    line = text[starts[number] : stops[number]].encode(codec, "surrogatepass")
    front = line[: position["character"] * size]
    if len(front) < position["character"] * size:
        raise BrokenEditError(f"character {position['character']} behind the end of its line")
    try:
        return starts[number] + len(front.decode(codec))
    except UnicodeDecodeError as error:
        raise BrokenEditError(f"in the middle of a character: {position}") from error


def applied(text: str, edits: list[Any], encoding: str) -> str:
    """The text after edits that all refer to it and do not overlap."""
    places = [
        (
            offset_of(text, edit["range"]["start"], encoding),
            offset_of(text, edit["range"]["end"], encoding),
            edit["newText"],
        )
        for edit in edits
    ]
    # The sort is stable: of insertions at one place the first comes first.
    places.sort(key=lambda place: place[:2])
    for (_, end, _), (start, _, _) in itertools.pairwise(places):
        if start < end:
            raise BrokenEditError("edits overlap")
    pieces, copied = [], 0
    for start, end, new in places:
        pieces += [text[copied:start], new]
        copied = end
    return "".join([*pieces, text[copied:]])


def edits_of(workspace_edit: Any, uri: str, version: int) -> list[Any]:  # noqa: ANN401
    """The edits of the one text, which have to be for this version of it."""
    changes = workspace_edit["documentChanges"]
    if len(changes) != 1 or changes[0]["textDocument"] != {"uri": uri, "version": version}:
        raise BrokenEditError(f"for another text or version: {changes}")
    return list(changes[0]["edits"])
