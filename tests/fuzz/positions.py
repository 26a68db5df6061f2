"""Changes of an editor that keeps UTF-16, followed by the server in each encoding it can agree on.

The model is a list of numbers: what an editor has that counts in units of 16 bits.
"""

import re
from typing import Any

from lsprotocol import types
from pygls.workspace import PositionCodec

from server.convert import changed_text, positions
from tests.fuzz.bits import Bits

_CODEC = PositionCodec(types.PositionEncodingKind.Utf16)
_LINE_END = re.compile("\r\n|\n|\r")
_MOST_CHANGES = 12
_STARTS = 40


def follow_changes(data: bytes) -> None:
    """The server's text after any changes is the editor's."""
    bits = Bits(data)
    units = _units(bits.some_text())
    text = _text(units)
    for _ in range(_MOST_CHANGES):
        if not bits.data:
            break
        start, end = sorted((bits.number(len(units) + 1), bits.number(len(units) + 1)))
        new = _units(bits.some_text())
        start, end = _outside(units, start), _outside(units, end)
        area = types.Range(_position(units, start), _position(units, end))
        change = types.TextDocumentContentChangePartial(range=area, text=_text(new))
        changes: list[Any] = [change]
        text = changed_text(text, changes, _CODEC)
        units = [*units[:start], *new, *units[end:]]
        assert text == _text(units), f"{area}: {text!r} for {_text(units)!r}"
    places = positions(text, _CODEC)
    for offset in range(min(len(text), _STARTS)):
        if text[offset - 1 : offset + 1] != "\r\n" or not offset:
            assert places.offset(places.position(offset)) == offset, "not the place it came from"


def _units(text: str) -> list[int]:
    data = text.encode("utf-16-le", "surrogatepass")
    return [int.from_bytes(data[n : n + 2], "little") for n in range(0, len(data), 2)]


def _text(units: list[int]) -> str:
    data = b"".join(unit.to_bytes(2, "little") for unit in units)
    return data.decode("utf-16-le", "surrogatepass")


def _outside(units: list[int], index: int) -> int:
    r"""The place, in front of "\r\n" if it lies in one: there no editor's cursor is."""
    inside = 0 < index < len(units) and units[index - 1 : index + 1] == [13, 10]
    return index - 1 if inside else index


def _position(units: list[int], index: int) -> types.Position:
    plain = "".join(map(chr, units))
    ends = [match.end() for match in _LINE_END.finditer(plain) if match.end() <= index]
    return types.Position(len(ends), index - (ends[-1] if ends else 0))
