"""Which lines must leave a program together, so that what remains lints as clean as before.

With a line leave the lines of its string, those indented deeper, its block, and the comments and
blank lines directly above it. Then everything that cannot stand without them, by the program's
own structure: what is left of a statement that no longer parses, a header whose block is empty, a
clause without its head, a `try` without handlers. Then every line with a new finding, in the same
way, until there is none (Piterbarg et al. 2025, algorithm 1; that followers leave is the released
code's choice. It leaves syntax to the linter; a parser blames lines that are innocent).
"""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from lintseq.program import Lines
from lintseq.structure import NONE, Piece, Structure, is_open
from lintseq.syntax import parse_module


@dataclass(frozen=True, slots=True)
class Departure:
    """Lines that left together."""

    lines: Sequence[int]
    torn: Sequence[int]
    """The pieces of which some lines are left, but for those that are as they were
    (`Structure.loose`)."""


class Watch(Protocol):
    """Knows what a linter finds in the lines that are left."""

    def after(self, departure: Departure) -> Sequence[int]:
        """The lines with findings beyond those of the whole program, now that these have left.

        They are told once, in the order in which they left; those told are expected to leave.
        """


class TornPieces:
    """Remembers, for all samples of a program, what is left of which piece is a statement."""

    def __init__(self, lines: Lines, structure: Structure) -> None:
        self._lines, self._pieces = lines, structure.pieces
        self._known: dict[tuple[int, bytes], bool] = {}

    def stand(self, number: int, present: bytearray) -> bool:
        """Whether what is left of the piece is still the statement that it was."""
        piece = self._pieces[number]
        key = (number, bytes(present[piece.first : piece.last + 1]))
        if key not in self._known:
            self._known[key] = stands(self._lines, piece, present)
        return self._known[key]


class Remainder:
    """What is left of a program as line after line leaves."""

    def __init__(self, structure: Structure, torn: "TornPieces") -> None:
        self.present = bytearray(b"\x01") * len(structure.piece)
        """For each line of the program, whether it is left."""
        self._structure, self._torn = structure, torn
        self._left = [each.last + 1 - each.first for each in structure.pieces]
        self._is_torn = bytearray(len(structure.pieces))
        self._in_block = [len(each.blocks) for each in structure.pieces]

    def close(self, seed: int, watch: Watch) -> list[int]:
        """The lines that leave with the line `seed`, itself included. They have left by then."""
        gone: list[int] = []
        leaving: Iterable[int] = (seed,)
        while leaving:
            departure = self._leave(leaving)
            gone += departure.lines
            leaving = watch.after(departure)
        return gone

    def _leave(self, seeds: Iterable[int]) -> Departure:
        gone: list[int] = []
        torn: set[int] = set()
        waiting = list(seeds)
        while waiting:
            touched = self._take(waiting, gone)
            waiting = []
            for number in touched:
                torn.discard(number)
                if not self._left[number]:
                    waiting += self._dependents(number)
                elif not self._is_torn[number]:
                    pass
                elif self._torn.stand(number, self.present):
                    torn.add(number)
                else:
                    waiting += self._rest(number)
        return Departure(gone, sorted(torn))

    def _take(self, waiting: list[int], gone: list[int]) -> list[int]:
        """Remove these lines with their followers; the pieces that lose lines."""
        structure, present = self._structure, self.present
        touched: dict[int, None] = {}
        while waiting:
            line = waiting.pop()
            if not present[line]:
                continue
            present[line] = 0
            gone.append(line)
            number = structure.piece[line]
            if number != NONE:
                self._left[number] -= 1
                touched[number] = None
                if line not in structure.loose:
                    self._is_torn[number] = 1
            waiting += range(structure.description[line], line)
            waiting += range(line + 1, structure.followers[line])
            waiting += range(*structure.unit[line])
        return list(touched)

    def _dependents(self, number: int) -> list[int]:
        """The lines that cannot stay without the piece, which has left."""
        pieces = self._structure.pieces
        piece = pieces[number]
        result: list[int] = []
        if piece.suite != NONE:
            self._in_block[piece.suite] -= 1
            if not self._in_block[piece.suite]:
                result += self._rest(piece.suite)
        for clause in piece.clauses:
            result += self._rest(clause)
        if piece.head != NONE and isinstance(pieces[piece.head].node, ast.Try | ast.TryStar):
            result += self._unhandled(pieces[piece.head])
        return result

    def _unhandled(self, head: Piece) -> list[int]:
        """The lines of a `try` that lacks its handlers, or of an `else` that does."""
        left = [each for each in head.clauses if self._left[each]]
        keywords = {self._structure.pieces[each].keyword for each in left}
        if keywords <= {"else"}:
            return [line for line in range(head.first, head.last + 1) if self.present[line]]
        if "except" in keywords:
            return []
        return [
            line
            for each in left
            if self._structure.pieces[each].keyword == "else"
            for line in self._rest(each)
        ]

    def _rest(self, number: int) -> list[int]:
        piece = self._structure.pieces[number]
        return [line for line in range(piece.first, piece.last + 1) if self.present[line]]


def stands(lines: Lines, piece: Piece, present: Sequence[int]) -> bool:
    """Whether what is left of the piece is still the statement that it was.

    It is not without the line of its keyword, or if it does not parse or would swallow the next.
    """
    if not present[piece.keyword_line]:
        return False
    left = alone(lines, piece, present)
    return not is_open(lines[left.kept[-1]]) and parse_module(left.text) is not None


@dataclass(frozen=True, slots=True)
class Alone:
    """What is left of a piece, as a text that parses if it still is a statement."""

    text: str
    above: int
    """How many lines of the text stand above the first that is left."""
    kept: Sequence[int]
    """The lines that are left."""


def alone(lines: Lines, piece: Piece, present: Sequence[int]) -> Alone:
    """The lines of the piece that are left, between what they need around them to parse."""
    kept = [line for line in range(piece.first, piece.last + 1) if present[line]]
    start = lines[piece.first]
    margin = start[: len(start) - len(start.lstrip())]
    above = "".join(f"{margin}{line}\n" for line in (LANDMARK, *_ABOVE.get(piece.keyword, ())))
    if piece.keyword == "case":
        above = f"match {LANDMARK}:\n"
    elif margin:
        # A function, in which every statement may stand.
        above = f"async def {LANDMARK}():\n{above}"
    text = "".join([lines[line] for line in kept])
    return Alone(above + text + _below(piece, margin), above.count("\n"), kept)


def _below(piece: Piece, margin: str) -> str:
    is_match = isinstance(piece.node, ast.Match)
    block = f"{margin} {'case _: ' if is_match else ''}pass\n" if piece.has_block else ""
    is_try = isinstance(piece.node, ast.Try | ast.TryStar) and not piece.keyword
    return f"\n{block}{margin}finally: pass\n" if is_try else f"\n{block}"


LANDMARK = "_"
"""A name that is used, above them, where the lines of an `Alone` stand."""
_ABOVE = {
    "elif": ("if 0:", " pass"),
    "else": ("if 0:", " pass"),
    "except": ("try:", " pass"),
    "finally": ("try:", " pass"),
}
