"""The import that an insertion needs, put in front of it: both are verified as a pair."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from lintseq.infer.written import has_lone_returns
from lintseq.lint import Finding
from lintseq.program import Edit, EditSequence, Hunk, Lines, split_lines
from lintseq.repair import import_place
from lintseq.syntax import BOM

# Each name may come from several places; the first few ways are tried.
_MOST_NAMES, _MOST_WAYS = 2, 4


@dataclass(frozen=True, slots=True)
class Brought:
    """A text with import lines inserted."""

    text: str
    at: int
    """Behind how many lines of the old text."""
    offset: int
    """The same in characters."""
    lines: Lines
    """What is inserted there, with newlines."""

    @property
    def length(self) -> int:
        """How many characters were inserted."""
        return sum(map(len, self.lines))


def bring(text: str, imports: Sequence[str]) -> Brought | None:
    """The text with the import lines where imports go; None where no line can go."""
    lines = split_lines(text)
    at = import_place(lines) or _behind_head(lines)
    if has_lone_returns(text):
        return None
    if at and not lines[at - 1].endswith("\n"):
        return None
    newline = "\r\n" if "\r\n" in text else "\n"
    added = tuple(f"{line}{newline}" for line in imports)
    if text.startswith(BOM) and at == 0:
        return None
    offset = sum(map(len, lines[:at]))
    return Brought("".join([*lines[:at], *added, *lines[at:]]), at, offset, added)


def undefined_names(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The names that have to be brought; none, if something else is wrong too, or too many."""
    names = dict.fromkeys(finding.name for finding in findings)
    if any(finding.kind != "UndefinedName" for finding in findings) or len(names) > _MOST_NAMES:
        return ()
    return tuple(names)


def ways(known: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """One import line for each name, in the few likeliest combinations."""
    return list(product(*known))[:_MOST_WAYS]


def behind_import(edits: EditSequence, brought: Brought) -> EditSequence:
    """The edits of the old text as those of the new one, with the import as the first."""
    at, count = brought.at, len(brought.lines)
    moved = [Edit((Hunk(at, brought.lines),))]
    for edit in edits.edits:
        moved.append(
            Edit(tuple(Hunk(h.at + (count if h.at >= at else 0), h.lines) for h in edit.hunks))
        )
        at += sum(len(hunk.lines) for hunk in edit.hunks if hunk.at < at)
    return EditSequence(tuple(moved))


def _behind_head(lines: Lines) -> int:
    """The line behind the comments that a file begins with: an encoding, a licence."""
    for number, line in enumerate(lines):
        if not line.startswith("#"):
            return number
    return len(lines)
