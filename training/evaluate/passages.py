"""Passages of held-out files that are typed again, key by key, in the file around them."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from training.corpus.document import Document
from training.evaluate.statements import statement_lines


@dataclass(frozen=True, slots=True)
class State:
    """What is on screen."""

    text: str
    line: int
    """The cursor's line, from 0."""
    character: int

    @property
    def offset(self) -> int:
        """The cursor, in characters from the beginning."""
        lines = self.text.split("\n")
        return sum(len(line) + 1 for line in lines[: self.line]) + self.character


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines that are missing in a file and are typed again.

    Places in it are offsets in `written`. What the editor writes by itself is no place: the
    indentation of a line, which is also not counted among the characters.
    """

    document: str
    """The hash of the document."""
    before: str
    """Whole lines."""
    written: str
    """What is typed; without space at the end of its lines, and without the last newline."""
    after: str

    def places(self) -> list[int]:
        """Where the cursor stands while the passage is typed, from the first place to the last."""
        places: list[int] = []
        start = 0
        for line in self.written.split("\n"):
            indentation = len(line) - len(line.lstrip())
            places += range(start + indentation, start + len(line) + 1)
            start += len(line) + 1
        return places

    def state(self, place: int) -> State:
        """The file when everything in front of the place is typed.

        In a line that stays empty the cursor stands where the line above is indented.
        """
        text = self.before + self.written[:place]
        if self._is_empty_line(place):
            text += _last_indentation(text)
        line = text.count("\n")
        character = len(text) - text.rfind("\n") - 1
        return State(text + f"\n{self.after}" if self.after else text, line, character)

    def characters(self, start: int | None = None, stop: int | None = None) -> int:
        """How many characters lie between two places, without newlines and indentation."""
        begin = self.places()[0] if start is None else start
        first, *others = self.written[begin:stop].split("\n")
        return len(first) + sum(len(line.lstrip()) for line in others)

    def _is_empty_line(self, place: int) -> bool:
        around = f"\n{self.written}\n"
        return around[place : place + 2] == "\n\n"


def passages(
    documents: Iterable[Document], count: int, length: int, seed: int, *, alone: bool = False
) -> list[Passage]:
    """`count` passages of `length` lines each, in random order; none shares a line with another.

    Each begins with a statement, and may end before one or within one. The documents give
    passages in proportion to their lengths.

    Args:
        alone: nothing follows the passage, as when a file is written from top to bottom.
    """
    found = [
        (document, start) for document in documents for start in _starts(document.text, length)
    ]
    random.Random(seed).shuffle(found)
    return [_passage(document, start, length, alone) for document, start in found[:count]]


def _starts(text: str, length: int) -> Iterator[int]:
    behind = 0
    # A carriage return would be typed as part of its line.
    for line in statement_lines(text) if "\r" not in text else ():
        if line >= behind:
            yield line
            behind = line + length


def _passage(document: Document, start: int, length: int, alone: bool) -> Passage:
    lines = document.text.split("\n")
    stop = min(start + length, len(lines))
    # Empty lines at the end are not typed; the statement at the beginning is none.
    while not lines[stop - 1].strip():
        stop -= 1
    typed = "\n".join(line.rstrip() for line in lines[start:stop])
    before = "".join(f"{line}\n" for line in lines[:start])
    return Passage(document.sha256, before, typed, "" if alone else "\n".join(lines[stop:]))


def _last_indentation(text: str) -> str:
    last = next((line for line in reversed(text.split("\n")) if line.strip()), "")
    return last[: len(last) - len(last.lstrip())]
