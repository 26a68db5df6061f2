"""How the lines of a program hang together: which belong to one statement, and which to its block.

A piece is a simple statement, the header of a compound one with its decorators, or a clause
header such as `else:`. Statements that share a line are one piece. Comments and blank lines
between statements belong to none.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from lintseq.elements import element_lines
from lintseq.program import Lines
from lintseq.syntax import counts_lines_alike, first_line

NONE = -1
"""In place of a piece's number: there is none."""


_Documented = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(slots=True)
class Piece:
    """One statement without its block."""

    first: int
    """Its first line, that of the first decorator if there is one."""
    last: int
    """Its last line."""
    node: ast.AST
    """What it is: a statement, an `ExceptHandler` or a `match_case`; for `else` and `finally` the
    statement they end."""
    suite: int = NONE
    """The piece whose block it stands in."""
    head: int = NONE
    """For a clause: the piece of the `if`, `for`, `while` or `try` that it continues."""
    keyword: str = ""
    """For a clause: `elif`, `else`, `except` or `finally`; `case` for a case of a match."""
    blocks: list[int] = field(default_factory=list)
    """The pieces of its block, unless that is on the same line."""
    clauses: list[int] = field(default_factory=list)
    """For a head: its clauses."""

    @property
    def keyword_line(self) -> int:
        """The line that the statement begins in, behind the decorators."""
        if self.keyword or not isinstance(self.node, ast.stmt):
            return self.first
        return self.node.lineno - 1

    @property
    def has_block(self) -> bool:
        """Whether its block is on lines of its own."""
        return bool(self.blocks)


@dataclass(frozen=True, slots=True)
class Structure:
    """What is known of the lines of a program before any of them leaves; one entry a line."""

    pieces: tuple[Piece, ...]
    piece: tuple[int, ...]
    """The number of its piece, or `NONE`."""
    unit: tuple[tuple[int, int], ...]
    """The range of lines that cannot be told apart from it: those of a string over several, and
    one that a backslash joins to the end of a statement."""
    followers: tuple[int, ...]
    """Behind the last line that leaves with it because it is indented deeper or in its block."""
    description: tuple[int, ...]
    """The first of the comments and blank lines directly above it; itself if there is none."""

    docstrings: frozenset[int]
    """The lines of docstrings."""
    loose: frozenset[int]
    """Lines without which the rest of the statement they stand in is the same statement."""

    @property
    def is_known(self) -> bool:
        """Whether it is that of a tree; so it is not if there is no statement."""
        return bool(self.pieces)

    @classmethod
    def of(cls, lines: Lines, tree: ast.Module | None) -> "Structure":
        """The structure of the program whose tree is `tree`.

        Of a program without a tree, or one that ends its lines where Python does not, only the
        indentation counts.
        """
        if tree is None or not counts_lines_alike("".join(lines)):
            return _by_indentation(lines)
        pieces = _Builder(lines).build(tree)
        piece = [NONE] * len(lines)
        for number, each in enumerate(pieces):
            piece[each.first : each.last + 1] = [number] * (each.last + 1 - each.first)
        spread = _spread(tree)
        unit = _units(spread, lines)
        return cls(
            tuple(pieces),
            tuple(piece),
            tuple(unit),
            tuple(_followers(lines, pieces, unit)),
            tuple(_descriptions(lines, unit)),
            frozenset(_docstring_lines(pieces)),
            element_lines(lines, spread, unit) | _comments(lines, unit),
        )


def _docstring_lines(pieces: Sequence[Piece]) -> Iterator[int]:
    for number, piece in enumerate(pieces):
        around = pieces[piece.suite] if piece.suite != NONE else None
        is_first = number == 0 if around is None else around.blocks[0] == number
        if is_first and (around is None or isinstance(around.node, _Documented)):
            match piece.node:
                case ast.Expr(ast.Constant(str())):
                    yield from range(piece.first, piece.last + 1)


def _comments(lines: Lines, unit: Sequence[tuple[int, int]]) -> frozenset[int]:
    return frozenset(
        index
        for index, line in enumerate(lines)
        if not is_code(line) and unit[index] == (index, index + 1)
    )


def _by_indentation(lines: Lines) -> Structure:
    indents = [indent(line) for line in lines]
    unit = [(index, index + 1) for index in range(len(lines))]
    followers = list(range(1, len(lines) + 1))
    _set_deeper(followers, lines, indents, range(len(lines)))
    return Structure(
        pieces=(),
        piece=(NONE,) * len(lines),
        unit=tuple(unit),
        followers=tuple(followers),
        description=tuple(_descriptions(lines, unit)),
        docstrings=frozenset(),
        loose=frozenset(),
    )


def is_code(line: str) -> bool:
    """Whether there is more on the line than a comment."""
    stripped = line.lstrip()
    return bool(stripped) and not stripped.startswith("#")


def _is_written(line: str) -> bool:
    """Whether there is more on the line than a comment or a backslash."""
    return is_code(line) and line.strip() != "\\"


def is_open(line: str) -> bool:
    """Whether the line ends in a backslash, so that the next one continues it.

    So may a comment, which does not continue.
    """
    return line.rstrip("\r\n").endswith("\\")


def indent(line: str) -> int:
    """The column that the line begins in, with tab stops every eight."""
    expanded = line.expandtabs(8)
    return len(expanded) - len(expanded.lstrip())


class _Builder:
    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._pieces: list[Piece] = []

    def build(self, tree: ast.Module) -> list[Piece]:
        self._suite(tree.body, NONE)
        for piece in self._pieces:
            # A blank line may end what a backslash leaves open.
            if is_open(self._lines[piece.last]) and not "".join(self._line_behind(piece)).strip():
                piece.last = min(piece.last + 1, len(self._lines) - 1)
        return self._pieces

    def _line_behind(self, piece: Piece) -> Lines:
        return self._lines[piece.last + 1 : piece.last + 2]

    def _suite(self, body: Sequence[ast.stmt], suite: int) -> None:
        for statement in body:
            before = self._pieces[-1] if self._pieces else None
            first = self._first_line(statement)
            if before is not None and first <= before.last:
                # Behind a semicolon.
                before.last = max(before.last, _last_line(statement))
                continue
            self._statement(statement, first, suite)

    def _statement(self, statement: ast.stmt, first: int, suite: int) -> None:
        match statement:
            case ast.Match():
                number = self._add(Piece(first, first, statement, suite))
                cases = [self._case_line(case) for case in statement.cases]
                self._pieces[number].last = self._above(cases[0], first)
                for case, line in zip(statement.cases, cases, strict=True):
                    self._block(Piece(line, line, case, number, keyword="case"), case.body)
            case ast.Try() | ast.TryStar():
                head = self._block(Piece(first, first, statement, suite), statement.body)
                for handler in statement.handlers:
                    line = handler.lineno - 1
                    self._clause(head, Piece(line, line, handler, suite), "except", handler.body)
                self._tail(head, statement, suite, "else", statement.orelse)
                self._tail(head, statement, suite, "finally", statement.finalbody)
            case ast.If() | ast.For() | ast.AsyncFor() | ast.While():
                head = self._block(Piece(first, first, statement, suite), statement.body)
                self._orelse(head, statement, suite)
            case ast.With() | ast.AsyncWith() | ast.FunctionDef() | ast.AsyncFunctionDef():
                self._block(Piece(first, first, statement, suite), statement.body)
            case ast.ClassDef():
                self._block(Piece(first, first, statement, suite), statement.body)
            case _:
                self._add(Piece(first, _last_line(statement), statement, suite))

    def _orelse(
        self, head: int, statement: ast.If | ast.For | ast.AsyncFor | ast.While, suite: int
    ) -> None:
        inner = statement
        while elif_ := self._elif(inner.orelse):
            line = elif_.lineno - 1
            self._clause(head, Piece(line, line, elif_, suite), "elif", elif_.body)
            inner = elif_
        self._tail(head, statement, suite, "else", inner.orelse)

    def _elif(self, orelse: Sequence[ast.stmt]) -> ast.If | None:
        match orelse:
            case [ast.If() as inner] if self._starts(inner.lineno - 1, "elif"):
                return inner
        return None

    def _tail(
        self, head: int, statement: ast.stmt, suite: int, keyword: str, body: Sequence[ast.stmt]
    ) -> None:
        """A clause without a node of its own: its line is that of its keyword."""
        if body:
            line = self._first_line(body[0])
            if not self._shares_line(body[0]):
                line = self._above(line, 0)
            while line and not self._starts(line, keyword) and is_open(self._lines[line - 1]):
                line -= 1
            self._clause(head, Piece(line, line, statement, suite), keyword, body)

    def _clause(self, head: int, piece: Piece, keyword: str, body: Sequence[ast.stmt]) -> None:
        piece.head, piece.keyword = head, keyword
        self._pieces[head].clauses.append(self._block(piece, body))

    def _block(self, piece: Piece, body: Sequence[ast.stmt]) -> int:
        """The number of the header `piece`; its block is added behind it."""
        number = self._add(piece)
        if self._shares_line(body[0]):
            piece.last = max(_last_line(each) for each in body)
        else:
            piece.last = self._above(self._first_line(body[0]), piece.keyword_line)
            self._suite(body, number)
        return number

    def _add(self, piece: Piece) -> int:
        number = len(self._pieces)
        self._pieces.append(piece)
        if piece.suite != NONE:
            self._pieces[piece.suite].blocks.append(number)
        return number

    def _above(self, line: int, at_least: int) -> int:
        """The last line of code above `line`."""
        line -= 1
        while line > at_least and not _is_written(self._lines[line]):
            line -= 1
        return line

    def _first_line(self, statement: ast.stmt) -> int:
        line = first_line(statement)
        if getattr(statement, "decorator_list", ()):
            # The expression may begin below its `@`, behind a bracket or a backslash.
            while not self._starts(line, "@"):
                line -= 1
        return line

    def _case_line(self, case: ast.match_case) -> int:
        line = case.pattern.lineno - 1
        while not self._starts(line, "case"):
            line -= 1
        return line

    def _shares_line(self, statement: ast.stmt) -> bool:
        """Whether it stands behind the colon of its header."""
        before = self._lines[statement.lineno - 1].encode()[: statement.col_offset]
        return bool(before.strip()) and not getattr(statement, "decorator_list", ())

    def _starts(self, line: int, keyword: str) -> bool:
        return self._lines[line].lstrip().startswith(keyword)


def _last_line(statement: ast.stmt) -> int:
    return (statement.end_lineno or statement.lineno) - 1


def _spread(tree: ast.Module) -> list[ast.expr]:
    """The expressions over several lines."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.expr) and node.end_lineno != node.lineno
    ]


def _units(spread: Sequence[ast.expr], lines: Lines) -> list[tuple[int, int]]:
    unit = [(index, index + 1) for index in range(len(lines))]
    strings = [
        (node.lineno - 1, node.end_lineno or node.lineno)
        for node in spread
        if isinstance(node, ast.Constant | ast.JoinedStr)
    ]
    for start, stop in _joined(sorted([*strings, *_continued(lines)])):
        unit[start:stop] = [(start, stop)] * (stop - start)
    return unit


def _continued(lines: Lines) -> list[tuple[int, int]]:
    """The pairs of lines joined by a backslash, one of which no statement spans.

    The first is nothing but the backslash, or the other a blank line, a comment, or what begins
    with a semicolon.
    """
    return [
        (index, index + 2)
        for index, (line, behind) in enumerate(pairwise(lines))
        if is_open(line) and is_code(line)
        if not _is_written(line) or not _is_written(behind) or behind.lstrip()[0] == ";"
    ]


def _joined(ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ranges, those that share a line as one."""
    result: list[tuple[int, int]] = []
    for start, stop in ranges:
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], max(stop, result[-1][1]))
        else:
            result.append((start, stop))
    return result


def _followers(
    lines: Lines,
    pieces: Sequence[Piece],
    unit: Sequence[tuple[int, int]],
) -> list[int]:
    indents = [indent(line) for line in lines]
    followers = list(range(1, len(lines) + 1))
    for each in pieces:
        if each.last > each.first:
            inside = [at for at in range(each.first, each.last + 1) if unit[at][0] == at]
            _set_deeper(followers, lines, indents, inside)
    ends = _block_ends(pieces)
    for number, each in enumerate(pieces):
        if each.has_block:
            line = each.keyword_line
            behind = range(ends[number] + 1, len(lines))
            followers[line] = _trailing_comments(lines, indents, line, behind)
    return followers


def _block_ends(pieces: Sequence[Piece]) -> list[int]:
    """For each piece, the last line of its block; its own last line if it has none."""
    ends = [each.last for each in pieces]
    for number in range(len(pieces) - 1, -1, -1):
        blocks = pieces[number].blocks
        if blocks:
            last = blocks[-1]
            ends[number] = ends[last]
    return ends


def _set_deeper(
    followers: list[int], lines: Lines, indents: Sequence[int], among: Sequence[int]
) -> None:
    """Set, for the lines `among`, where those end that are indented deeper than it."""
    written = [at for at in among if lines[at].strip()]
    open_: list[int] = []
    for position in range(len(written) - 1, -1, -1):
        while open_ and indents[written[open_[-1]]] > indents[written[position]]:
            open_.pop()
        stop = open_[-1] if open_ else len(written)
        followers[written[position]] = written[stop - 1] + 1
        open_.append(position)


def _trailing_comments(lines: Lines, indents: Sequence[int], index: int, behind: range) -> int:
    """Behind the comments that end the block of the header at `index`, indented as it is."""
    stop = behind.start
    for at in behind:
        if is_code(lines[at]):
            break
        if lines[at].strip():
            if indents[at] <= indents[index]:
                break
            stop = at + 1
    return stop


def _descriptions(lines: Lines, unit: Sequence[tuple[int, int]]) -> list[int]:
    """For each line, where the comments of its indentation and the blank lines above it begin."""
    result = list(range(len(lines)))
    for index, line in enumerate(lines):
        if not is_code(line):
            continue
        column = len(line) - len(line.lstrip())
        start = index
        while start and unit[start - 1][0] == start - 1 and _is_comment(lines[start - 1], column):
            start -= 1
        while start and unit[start - 1][0] == start - 1 and not lines[start - 1].strip():
            start -= 1
        result[index] = start
    return result


def _is_comment(line: str, column: int) -> bool:
    return line.startswith("#", column) and not line[:column].strip()
