"""What an edit sequence changes in a text, in offsets; no editor types here."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from lintseq.program import Edit, EditSequence, Hunk, split_lines


@dataclass(frozen=True, slots=True)
class Change:
    """The characters from `start` to `end` of the old text become `text`."""

    start: int
    end: int
    text: str

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"need 0 <= start <= end, got start={self.start} end={self.end}")


def changes(before: str, edits: EditSequence, after: str) -> tuple[Change, ...]:
    """Changes that turn `before` into `after`.

    They are the insertions of `edits` where these lead there, else one change of what differs:
    as when a stub's body makes room.
    """
    lines = split_lines(before)
    try:
        replayed = "".join(edits.replay(lines))
    except ValueError:
        replayed = None
    if replayed != after:
        return _one_change(before, after)
    offsets = (0, *accumulate(len(line) for line in lines))
    hunks = combined(edits, len(lines)).hunks
    return tuple(Change(offsets[h.at], offsets[h.at], "".join(h.lines)) for h in hunks)


def apply(text: str, wanted: tuple[Change, ...]) -> str:
    """The text after all changes; their offsets refer to `text`, ascending."""
    parts, copied = [], 0
    for change in wanted:
        parts += [text[copied : change.start], change.text]
        copied = change.end
    return "".join([*parts, text[copied:]])


def combined(edits: EditSequence, count: int) -> Edit:
    """One edit of a text of `count` lines that inserts what all of `edits` insert."""
    entries: list[str | None] = [None] * count  # None stands for a line of the old text
    for edit in edits.edits:
        for hunk in reversed(edit.hunks):
            entries[hunk.at : hunk.at] = hunk.lines
    return Edit(tuple(_runs(entries)))


def _runs(entries: list[str | None]) -> Iterator[Hunk]:
    at = 0
    run: list[str] = []
    for entry in [*entries, None]:
        if entry is not None:
            run.append(entry)
            continue
        if run:
            yield Hunk(at, tuple(run))
            run = []
        at += 1


def _one_change(before: str, after: str) -> tuple[Change, ...]:
    if before == after:
        return ()
    shortest = min(len(before), len(after))
    start = _common(before, after, shortest)
    tail = _common(before[::-1], after[::-1], shortest - start)
    # "\r\n" is one line end to an editor: no change begins or ends inside it.
    if start and before[start - 1] == "\r":
        start -= 1
    if tail and any(t[len(t) - tail - 1 : len(t) - tail + 1] == "\r\n" for t in (before, after)):
        tail -= 1
    return (Change(start, len(before) - tail, after[start : len(after) - tail]),)


def _common(one: str, other: str, limit: int) -> int:
    for index in range(limit):
        if one[index] != other[index]:
            return index
    return limit
