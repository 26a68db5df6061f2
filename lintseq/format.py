"""The edit transcript: the text in which a model reads and writes edits.

    {instruction}
    <|diff|>@@ -0,0 +1 @@
    +from math import pi
    <|diff|>@@ -1,0 +2,3 @@
    +def area(r):
    +    return pi * r * r
    +
    <|diff|>
    <|diff|><|endoftext|>

Each edit is a zero-context unified diff that only inserts, as in Piterbarg, Pinto and Fergus,
"Training Language Models on Synthetic Edit Sequences Improves Code Synthesis" (ICLR 2025). Two
empty edits end a sequence. `render` gives segments, control tokens apart from text, so that
"<|diff|>" inside a program stays text. `read_generated` in `lintseq.generated` is the lenient
counterpart of the strict `parse` here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from lintseq.errors import FormatError
from lintseq.program import Edit, EditSequence, Hunk

FORMAT_VERSION = 1


class Special(StrEnum):
    """The control tokens; a segment that is one of these is never tokenized as text."""

    END = "<|endoftext|>"
    DIFF = "<|diff|>"


Segment = str | Special

SEPARATOR = f"\n{Special.DIFF}"
CLOSING = f"{SEPARATOR}{SEPARATOR}{Special.END}"
NO_NEWLINE = "\\ No newline at end of file\n"
HEADER = re.compile(r"@@ -(0|[1-9]\d{0,8}),0 \+([1-9]\d{0,8})(?:,(0|[1-9]\d{0,8}))? @@\n", re.ASCII)


@dataclass(frozen=True, slots=True)
class Transcript:
    """An instruction and the edits that answer it."""

    instruction: str
    edits: EditSequence

    def __post_init__(self) -> None:
        if SEPARATOR in self.instruction:
            raise ValueError(f"an instruction must not contain {SEPARATOR!r}")
        if not all(edit.hunks for edit in self.edits.edits):
            raise ValueError("an empty edit ends a sequence and cannot stand inside it")


def header(at: int, first: int, count: int) -> str:
    """The header of a hunk: insert `count` lines behind old line `at`, as new line `first`."""
    length = "" if count == 1 else f",{count}"
    return f"@@ -{at},0 +{first}{length} @@\n"


def render_edit(edit: Edit) -> str:
    """The hunks of an edit as text, each line ended; nothing for the empty edit."""
    parts: list[str] = []
    inserted = 0
    for hunk in edit.hunks:
        parts.append(header(hunk.at, hunk.at + 1 + inserted, len(hunk.lines)))
        parts += [_render_line(line) for line in hunk.lines]
        inserted += len(hunk.lines)
    return "".join(parts)


def render(transcript: Transcript) -> tuple[Segment, ...]:
    """The transcript as segments, from the instruction to the end-of-text token."""
    segments: list[Segment] = [f"{transcript.instruction}\n"]
    for edit in transcript.edits.edits:
        segments += [Special.DIFF, render_edit(edit) or "\n"]
    segments += [Special.DIFF, "\n", Special.DIFF, Special.END]
    return tuple(segments)


def text_of(segments: Iterable[Segment]) -> str:
    """The segments as one text."""
    return "".join(segments)


def parse(text: str) -> Transcript:
    """The transcript that `text` is, to the letter: `parse(text_of(render(x))) == x`.

    Raises:
        FormatError: `text` is anything else; the message says what and where.
    """
    if not text.endswith(CLOSING):
        raise FormatError(f"a transcript ends with {CLOSING!r}, got {text[-40:]!r}")
    body = text[: -len(CLOSING)]
    # A line of an edit begins with "+", "@@" or a backslash, so this split cuts only at edits.
    instruction, *edits = body.split(SEPARATOR)
    sequence = EditSequence(
        tuple(_parse_edit(edit and f"{edit}\n", number) for number, edit in enumerate(edits, 1))
    )
    return Transcript(instruction, sequence)


def _render_line(line: str) -> str:
    return f"+{line}" if line.endswith("\n") else f"+{line}\n{NO_NEWLINE}"


def _parse_edit(text: str, number: int) -> Edit:
    hunks: list[Hunk] = []
    rest = text
    inserted = 0
    while rest:
        hunk, rest = _parse_hunk(rest, inserted, number)
        hunks.append(hunk)
        inserted += len(hunk.lines)
    if not hunks:
        raise FormatError(f"edit {number}: an empty edit cannot stand inside a sequence")
    try:
        return Edit(tuple(hunks))
    except ValueError as error:
        raise FormatError(f"edit {number}: {error}") from error


def _parse_hunk(text: str, inserted: int, number: int) -> tuple[Hunk, str]:
    match = HEADER.match(text)
    if match is None:
        raise FormatError(f"edit {number}: expected a hunk header, got {text[:60]!r}")
    at, first, count = (int(group or 1) for group in match.groups())
    if match[0] != header(at, first, count) or first != at + 1 + inserted:
        wanted = header(at, at + 1 + inserted, count)
        raise FormatError(f"edit {number}: expected the header {wanted!r}, got {match[0]!r}")
    lines, rest = _parse_lines(text[match.end() :], count, number)
    try:
        return Hunk(at, lines), rest
    except ValueError as error:
        raise FormatError(f"edit {number}: {error}") from error


def _parse_lines(text: str, count: int, number: int) -> tuple[tuple[str, ...], str]:
    lines: list[str] = []
    position = 0
    for _ in range(count):
        end = text.find("\n", position) + 1
        if not text.startswith("+", position) or not end:
            raise FormatError(
                f"edit {number}: expected {count} lines with '+', got {len(lines)} and then "
                f"{text[position : position + 60]!r}"
            )
        line = text[position + 1 : end]
        position = end
        if text.startswith(NO_NEWLINE, position):
            position += len(NO_NEWLINE)
            line = line[:-1]
            if not line:
                raise FormatError(f"edit {number}: an empty line without newline is no line")
        lines.append(line)
    return tuple(lines), text[position:]
