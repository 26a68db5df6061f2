r"""Programs as lines, and the insertions that build them.

A line ends at "\n" and nowhere else: a "\r" before it, a lone "\r" and a form feed are
characters of the line. Lines keep their "\n"; only the last line of a text may lack it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

Lines = tuple[str, ...]


def split_lines(text: str) -> Lines:
    r"""The lines of `text`, each with its "\n"; joining them gives `text` back."""
    *ended, rest = text.split("\n")
    return (*(f"{line}\n" for line in ended), *([rest] if rest else []))


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines to insert behind line `at` of the old text (0 inserts at the top)."""

    at: int
    lines: Lines

    def __post_init__(self) -> None:
        if self.at < 0:
            raise ValueError(f"a hunk inserts behind line 0 or later, got line {self.at}")
        if not self.lines:
            raise ValueError("a hunk inserts at least one line, got none")
        if any(not line or "\n" in line[:-1] for line in self.lines):
            raise ValueError("a line of a hunk is not empty and ends at its first newline")
        if any(not line.endswith("\n") for line in self.lines[:-1]):
            raise ValueError("only the last line of a hunk may lack its newline")


@dataclass(frozen=True, slots=True)
class Edit:
    """Hunks that are applied together; none at all is the empty edit."""

    hunks: tuple[Hunk, ...] = ()

    def __post_init__(self) -> None:
        for upper, lower in zip(self.hunks, self.hunks[1:], strict=False):
            if lower.at <= upper.at:
                raise ValueError(f"hunks ascend, got line {lower.at} after line {upper.at}")
            if not upper.lines[-1].endswith("\n"):
                raise ValueError("only the last line of an edit may lack its newline")

    @property
    def inserted(self) -> int:
        """How many lines the edit inserts."""
        return sum(len(hunk.lines) for hunk in self.hunks)

    def apply(self, lines: Lines) -> Lines:
        """The lines after the edit.

        Raises:
            ValueError: a hunk lies behind the end of `lines`, or a line would follow one
                that has no newline.
        """
        if not self.hunks:
            return lines
        if self.hunks[-1].at > len(lines):
            raise ValueError(
                f"an insertion behind line {self.hunks[-1].at} of a text of {len(lines)} lines"
            )
        result: list[str] = []
        copied = 0
        for hunk in self.hunks:
            result += lines[copied : hunk.at]
            result += hunk.lines
            copied = hunk.at
        result += lines[copied:]
        _check_newlines(lines, self.hunks)
        return tuple(result)


def _check_newlines(lines: Lines, hunks: tuple[Hunk, ...]) -> None:
    last = hunks[-1]
    goes_last = last.at == len(lines)
    if not last.lines[-1].endswith("\n") and not goes_last:
        raise ValueError("a line without newline can only be inserted at the end of the text")
    if goes_last and lines and not lines[-1].endswith("\n"):
        raise ValueError("nothing can be inserted behind a line without newline")


@dataclass(frozen=True, slots=True)
class EditSequence:
    """Edits in the order in which they are applied."""

    edits: tuple[Edit, ...] = ()

    def states(self, start: Lines = ()) -> Iterator[Lines]:
        """The lines after each edit, beginning with the first."""
        lines = start
        for edit in self.edits:
            lines = edit.apply(lines)
            yield lines

    def replay(self, start: Lines = ()) -> Lines:
        """The lines after all edits."""
        lines = start
        for edit in self.edits:
            lines = edit.apply(lines)
        return lines
