"""What a candidate writes at the cursor: in the file's style, and without what follows there."""

from collections.abc import Iterator

from lintseq.format import Segment
from lintseq.generated import read_generated
from lintseq.indentation import indented_like
from lintseq.infer.request import Candidate
from lintseq.program import Lines
from lintseq.tasks import CursorTask


def written_at_cursor(task: CursorTask, candidate: Candidate) -> str | None:
    """What the candidate writes at the cursor, whether it may be shown or not.

    None if it did not finish the line, or wrote something else in front of the cursor.
    """
    written = _written_lines(task, candidate)
    if not written or not written[0].startswith(task.prefix):
        return None
    return _shown(task, written)


def without_following_lines(task: CursorTask, shown: str) -> str:
    """The text without its last lines as far as they stand behind the cursor already."""
    if task.suffix.strip():
        return shown
    following = [line.strip() for line in task.snapshot.after if line.strip()]
    lines = shown.split("\n")
    stripped = [line.strip() for line in (task.prefix + shown).split("\n")]
    for count in range(min(len(lines), len(following)), 0, -1):
        # Of a shorter piece, such as one bracket, that it is the same says nothing.
        is_told = count > 1 or len(lines) == 1 or len(stripped[-1]) > len("return")
        if is_told and stripped[-count:] == following[:count]:
            return "\n".join(lines[:-count]).rstrip("\r")
    return shown


def without_overlap(task: CursorTask, shown: str) -> Iterator[str]:
    """The text without its end, where what follows on the line begins with it; the longest first.

    A bracket may be meant although another one follows: whoever asks tries the whole first.
    """
    following = task.suffix.rstrip()
    for count in range(min(len(following), len(shown)), 0, -1):
        if shown.endswith(following[:count]) and shown[:-count].strip():
            yield shown[:-count]


LONE_RETURNS = "the lines of the file end with a carriage return and nothing else"


def has_lone_returns(text: str) -> bool:
    """Whether its lines end as they did on the first Macs: to this package it is one line."""
    return "\r" in text and "\n" not in text


def newline_of(text: str) -> str:
    """What the text's lines end with."""
    return "\r\n" if "\r\n" in text else "\n"


def _written_lines(task: CursorTask, candidate: Candidate) -> Lines:
    """The lines the candidate writes at the cursor, its first one with the typed prefix."""
    segments: tuple[Segment, ...] = (task.forced(), *candidate.segments)
    lines: list[str] = []
    for edit in read_generated(segments).edits:
        expected = task.line_number() - 1 + len(lines)
        if len(edit.hunks) != 1 or edit.hunks[0].at != expected:
            break
        lines += edit.hunks[0].lines
    return tuple(lines)


def _shown(task: CursorTask, written: Lines) -> str:
    first, *more = [line.rstrip("\r\n") for line in written]
    begun = first if task.prefix else indented_like(task.text, first)
    shown = begun[len(task.prefix) :]
    if task.suffix.strip():
        # What follows on the line is glued back on: only this line is written.
        return shown.removesuffix(task.suffix.rstrip("\r\n"))
    while more and not more[-1].strip():
        more.pop()
    return newline_of(task.text).join([shown, *(indented_like(task.text, line) for line in more)])
