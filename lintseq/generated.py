"""Edits read from what a model wrote: lenient about counts, never about positions."""

from collections.abc import Sequence
from dataclasses import dataclass

from lintseq.format import HEADER, NO_NEWLINE, Segment, Special
from lintseq.program import Edit, Hunk


@dataclass(frozen=True, slots=True)
class Generated:
    """The whole edits at the beginning of a generation."""

    edits: tuple[Edit, ...]
    ended: bool
    """Whether the model closed the sequence itself, by an empty edit or the end token."""


def read_generated(segments: Sequence[Segment]) -> Generated:
    """The edits that `segments` begin with.

    The first segment follows the `<|diff|>` of the prompt. A hunk has the lines with "+" up to
    the next header, whatever its count says; a last line without its newline is cut, since a
    model that hits its limit leaves half a line. Reading stops at the first edit whose position
    is not certain: a header out of form, or whose two line numbers contradict each other.
    """
    edits: list[Edit] = []
    for text, is_closed in _texts_between_markers(segments):
        if is_closed and not text.strip("\n"):
            return Generated(tuple(edits), ended=True)
        edit, is_whole = _read_edit(text)
        if edit.hunks:
            edits.append(edit)
        if not is_whole:
            break
    return Generated(tuple(edits), ended=False)


def _texts_between_markers(segments: Sequence[Segment]) -> list[tuple[str, bool]]:
    texts: list[tuple[str, bool]] = []
    current = ""
    for segment in segments:
        if not isinstance(segment, Special):
            current += segment
            continue
        texts.append((current, True))
        current = ""
        if segment is Special.END:
            return texts
    return [*texts, (current, False)]


def _read_edit(text: str) -> tuple[Edit, bool]:
    hunks: list[Hunk] = []
    inserted = 0
    rest = text
    while rest:
        match = HEADER.match(rest)
        if match is None or int(match[2]) != int(match[1]) + 1 + inserted:
            return Edit(tuple(hunks)), False
        at = int(match[1])
        lines, rest, is_whole = _read_lines(rest[match.end() :])
        if not lines or (hunks and at <= hunks[-1].at):
            return Edit(tuple(hunks)), False
        hunks.append(Hunk(at, lines))
        inserted += len(lines)
        if not is_whole:
            return Edit(tuple(hunks)), False
    return Edit(tuple(hunks)), True


def _read_lines(text: str) -> tuple[tuple[str, ...], str, bool]:
    lines: list[str] = []
    position = 0
    while text.startswith("+", position):
        end = text.find("\n", position) + 1
        if not end:
            return tuple(lines), "", False
        lines.append(text[position + 1 : end])
        position = end
    if lines and text.startswith(NO_NEWLINE, position):
        return tuple(lines), text[position + len(NO_NEWLINE) :], True
    return tuple(lines), text[position:], True
