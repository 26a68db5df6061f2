"""Passages of held-out files that are typed again, key by key, in the file around them."""

import ast
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lintseq.program import Lines, split_lines
from lintseq.syntax import counts_lines_alike, first_line, parse_module
from training.corpus.document import Document
from training.evaluate.statements import begins_its_line


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
    """`count` passages in random order; none shares a line with another.

    Each is a run of whole statements in one block, of half to twice `length` lines: without it
    the file around it still parses, or does with a placeholder. The documents give passages in
    proportion to their lengths.

    Args:
        alone: nothing follows the passage, as when a file is written from top to bottom.
    """
    found = [(document, *span) for document in documents for span in _spans(document.text, length)]
    random.Random(seed).shuffle(found)
    return [_passage(*each, alone=alone) for each in found[:count]]


def _spans(text: str, length: int) -> Iterator[tuple[int, int]]:
    # A carriage return would be typed as part of its line.
    is_plain = counts_lines_alike(text) and "\r" not in text
    tree = parse_module(text) if is_plain else None
    if tree is not None:
        yield from _runs(tree.body, split_lines(text), length)


def _runs(block: list[ast.stmt], lines: Lines, length: int) -> Iterator[tuple[int, int]]:
    """The runs in a block, and in the blocks of those of its statements that are too long."""
    start = stop = 0
    for statement in block:
        first, last = first_line(statement), statement.end_lineno or 0
        is_fitting = begins_its_line(statement, lines) and last - first <= 2 * length
        if not is_fitting or last - start > 2 * length or stop - start >= length:
            yield from _worth_typing(start, stop, length)
            start = stop
        if not is_fitting:
            for inner in _blocks(statement):
                yield from _runs(inner, lines, length)
            continue
        if start == stop:
            start = first
        stop = last
    yield from _worth_typing(start, stop, length)


def _worth_typing(start: int, stop: int, length: int) -> Iterator[tuple[int, int]]:
    if 2 * (stop - start) >= length:
        yield start, stop


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The blocks directly within a statement, and those of its clauses."""
    for _, value in ast.iter_fields(node):
        if not isinstance(value, list):
            continue
        if value and isinstance(value[0], ast.stmt):
            yield value
        for clause in value:
            if isinstance(clause, ast.ExceptHandler | ast.match_case):
                yield from _blocks(clause)


def _passage(document: Document, start: int, stop: int, *, alone: bool) -> Passage:
    lines = document.text.split("\n")
    typed = "\n".join(line.rstrip() for line in lines[start:stop])
    before = "".join(f"{line}\n" for line in lines[:start])
    return Passage(document.sha256, before, typed, "" if alone else "\n".join(lines[stop:]))


def _last_indentation(text: str) -> str:
    last = next((line for line in reversed(text.split("\n")) if line.strip()), "")
    return last[: len(last) - len(last.lstrip())]
