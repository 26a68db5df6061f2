r"""Places and texts of this package as the editor counts them, and back.

What both sides share is the offset: how many characters (code points) lie in front of a
place. An editor's line ends at "\r\n", "\n" or a lone "\r", and its columns count units of
the negotiated encoding; a line of `lintseq` ends at "\n" only, and its columns count
characters. A form feed or a Unicode line separator ends a line on neither side, which is why
the lines of pygls' own documents (`str.splitlines`) are not used.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lsprotocol import types
from pygls.workspace import PositionCodec

from server.changes import Change

_ANNOTATION = "lintseq"
_HALVES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_EDITOR_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Positions:
    """The editor's positions in one text; made by `positions`."""

    text: str
    starts: tuple[int, ...]
    """Offset at which each of the editor's lines begins."""
    codec: PositionCodec

    def offset(self, position: types.Position) -> int:
        """Characters in front of `position`.

        Behind the end of its line or of the text it means that end, inside a character the
        front of that character.
        """
        if position.line >= len(self.starts):
            return len(self.text)
        start = self.starts[position.line]
        line = self._line(position.line)
        if line.isascii():
            return start + min(position.character, len(line))
        units = 0
        for index, character in enumerate(line):
            units += self.codec.client_num_units(character)
            if units > position.character:
                return start + index
        return start + len(line)

    def position(self, offset: int) -> types.Position:
        """The editor's position behind the first `offset` characters."""
        line = bisect_right(self.starts, offset) - 1
        front = self.text[self.starts[line] : offset]
        return types.Position(line=line, character=self.codec.client_num_units(front))

    def _line(self, number: int) -> str:
        last = number + 1 == len(self.starts)
        end = len(self.text) if last else self.starts[number + 1]
        line = self.text[self.starts[number] : end]
        return line if last else _EDITOR_LINE_END.sub("", line)


def positions(text: str, codec: PositionCodec) -> Positions:
    """The editor's positions in `text` in the encoding that `codec` was negotiated for."""
    starts = (0, *(end.end() for end in _EDITOR_LINE_END.finditer(text)))
    return Positions(text, starts, codec)


def line_and_character(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset as `lintseq` counts them, both from 0.

    Lines end at a newline only, columns are characters.
    """
    start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset), offset - start


def followed(
    text: str, changes: Iterable[types.TextDocumentContentChangeEvent], codec: PositionCodec
) -> Iterator[tuple[Change, str]]:
    """Each of the editor's changes in offsets of the text before it, and the text after it."""
    for change in changes:
        found = Change(0, len(text), change.text)
        if isinstance(change, types.TextDocumentContentChangePartial):
            text, end = _cut(text, change.range.end, codec)
            length = len(text)
            text, start = _cut(text, change.range.start, codec)
            end += len(text) - length
            found = Change(start, max(start, end), change.text)
        end = found.start + len(found.text)
        text = text[: found.start] + found.text + text[found.end :]
        if _HALVES.search(text, max(found.start - 1, 0), end + 1):
            text = _whole(text)
        yield found, text


def _cut(text: str, position: types.Position, codec: PositionCodec) -> tuple[str, int]:
    """The text and the offset of the position; a character that it lies in is taken apart.

    An editor that keeps UTF-16 may delete half a character, and has the other half left.
    """
    places = positions(text, codec)
    offset = places.offset(position)
    character = text[offset : offset + 1]
    if character <= "\uffff" or codec.encoding != types.PositionEncodingKind.Utf16:
        return text, offset
    found = places.position(offset)
    if (found.line, found.character + 1) != (position.line, position.character):
        return text, offset
    halves = character.encode("utf-16-be")
    pair = (chr(int.from_bytes(halves[:2])), chr(int.from_bytes(halves[2:])))
    return f"{text[:offset]}{''.join(pair)}{text[offset + 1 :]}", offset + 1


def _whole(text: str) -> str:
    """The text, the two halves of a character together if they came one after the other."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def changed_text(
    text: str, changes: Iterable[types.TextDocumentContentChangeEvent], codec: PositionCodec
) -> str:
    """The text after the editor's `changes`, each of which refers to the text before it."""
    for _, after in followed(text, changes, codec):
        text = after
    return text


def text_edits(places: Positions, changes: Iterable[Change]) -> list[types.TextEdit]:
    """The changes of `places.text` as the editor's text edits, in the same order."""
    return [
        types.TextEdit(
            range=types.Range(places.position(change.start), places.position(change.end)),
            new_text=change.text,
        )
        for change in changes
    ]


def workspace_edit(
    uri: str,
    version: int | None,
    places: Positions,
    changes: Iterable[Change],
    label: str | None = None,
) -> types.WorkspaceEdit:
    """The changes as one edit of the document `uri` at `version`.

    An editor whose text has moved on refuses it; without a version it applies to any. With a
    `label`, the changes carry an annotation of that name, for a client that knows such.
    """
    document = types.OptionalVersionedTextDocumentIdentifier(uri=uri, version=version)
    edits: list[types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit]
    edits = [*text_edits(places, changes)]
    annotations = None
    if label is not None:
        edits = [
            types.AnnotatedTextEdit(annotation_id=_ANNOTATION, range=e.range, new_text=e.new_text)
            for e in text_edits(places, changes)
        ]
        annotations = {_ANNOTATION: types.ChangeAnnotation(label=label)}
    change = types.TextDocumentEdit(text_document=document, edits=edits)
    return types.WorkspaceEdit(document_changes=[change], change_annotations=annotations)
