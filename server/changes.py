"""What an edit sequence changes in a text, in offsets; no editor types here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from lintseq.infer.propose import Proposal
from lintseq.infer.walk import BASE, Walk
from lintseq.program import Edit, EditSequence, Hunk, Lines, split_lines


@dataclass(frozen=True, slots=True)
class Change:
    """The characters from `start` to `end` of the old text become `text`."""

    start: int
    end: int
    text: str

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"need 0 <= start <= end, got start={self.start} end={self.end}")


def proposed_changes(text: str, proposal: Proposal, offset: int) -> tuple[Change, ...]:
    """The changes of `text` that lead to the proposal's text.

    Args:
        offset: the cursor that the proposal was made for, in characters.
    """
    if proposal.shown:
        imports = _one_change(text, proposal.steps[0]) if proposal.imports else ()
        # Of two insertions at one place the first one comes first.
        found = sorted([*imports, Change(offset, offset, proposal.shown)], key=lambda c: c.start)
        return tuple(found)
    return changes(text, proposal.edits, proposal.text)


def moved_changes(before: Walk, after: Walk) -> tuple[Change, ...]:
    """The changes that lead from where one stands in a walk to another place of the same walk."""
    old, new = {BASE, *before.taken}, {BASE, *after.taken}
    found: list[Change] = []
    offset = 0
    for part in before.parts:
        end = offset + (len(part.text) if part.owner in old else 0)
        text = part.text if part.owner in new else ""
        if (part.owner in old) != (part.owner in new):
            found.append(Change(offset, end, text))
        offset = end
    joined = tuple(_joined(found))
    if applied(before.text, joined) != after.text:
        return _one_change(before.text, after.text)
    return joined


def applied(text: str, found: Iterable[Change]) -> str:
    """The text after changes that are in the order of their places."""
    pieces: list[str] = []
    copied = 0
    for change in found:
        pieces += [text[copied : change.start], change.text]
        copied = change.end
    return "".join([*pieces, text[copied:]])


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


def _joined(found: Iterable[Change]) -> Iterator[Change]:
    """The changes, those in one that follow each other without a gap."""
    last: Change | None = None
    for change in found:
        if last is not None and last.end == change.start:
            last = Change(last.start, change.end, last.text + change.text)
            continue
        if last is not None:
            yield last
        last = change
    if last is not None:
        yield last


def _one_change(before: str, after: str) -> tuple[Change, ...]:
    """The lines that differ; an editor's line never begins inside one of these."""
    old, new = split_lines(before), split_lines(after)
    head = _common(old, new, min(len(old), len(new)))
    tail = _common(old[::-1], new[::-1], min(len(old), len(new)) - head)
    start = sum(map(len, old[:head]))
    stop = len(before) - sum(map(len, old[len(old) - tail :]))
    text = "".join(new[head : len(new) - tail])
    return (Change(start, stop, text),) if before != after else ()


def _common(one: Lines, other: Lines, limit: int) -> int:
    return next((number for number in range(limit) if one[number] != other[number]), limit)
