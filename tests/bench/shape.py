"""What edit sequences look like: how large their edits are, and what comes together."""

import ast
import io
import math
import tokenize
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import mean

from lintseq.lint import PYFLAKES, added
from lintseq.program import EditSequence, Lines
from lintseq.syntax import parse_module


@dataclass(frozen=True, slots=True)
class Shape:
    """Averages over sequences; shares are between 0 and 1."""

    edits_per_program: float
    lines_per_edit: float
    hunks_per_edit: float
    single_line_edits: float
    """The share of edits that insert one line."""
    first_edit: float
    """The share of a program's lines that its first edit inserts."""
    clean_prefixes: float
    """The share of states in which pyflakes finds nothing that it does not find in the program."""
    comments_with_code: float
    """The share of comment lines that come in the edit of the next line of code."""
    docstrings_with_code: float
    """The share of the lines of docstrings that come in the edit of their `def` or `class`."""


def shape_of(sampled: Sequence[tuple[Lines, EditSequence]]) -> Shape:
    """The averages over programs and the sequences that build them."""
    edits = [edit for _, sequence in sampled for edit in sequence.edits]
    sizes = [edit.inserted for edit in edits]
    return Shape(
        edits_per_program=len(edits) / len(sampled),
        lines_per_edit=mean(sizes),
        hunks_per_edit=mean(len(edit.hunks) for edit in edits),
        single_line_edits=mean(size == 1 for size in sizes),
        first_edit=mean(sequence.edits[0].inserted / len(lines) for lines, sequence in sampled),
        clean_prefixes=_share(clean for each in sampled for clean in _clean_prefixes(*each)),
        comments_with_code=_share(_together(sampled, comment_pairs)),
        docstrings_with_code=_share(_together(sampled, docstring_pairs)),
    )


def origins(sequence: EditSequence) -> list[int]:
    """For each line of the program, the number of the edit that inserts it, from 0."""
    numbers: list[int] = []
    for number, edit in enumerate(sequence.edits):
        for hunk in reversed(edit.hunks):
            numbers[hunk.at : hunk.at] = [number] * len(hunk.lines)
    return numbers


def comment_pairs(lines: Lines) -> Iterator[tuple[int, int]]:
    """Each line that is only a comment, with the next line of code."""
    code = None
    comments = _comment_lines(lines)
    for line in range(len(lines) - 1, -1, -1):
        if line in comments:
            if code is not None:
                yield line, code
        elif lines[line].strip():
            code = line


def docstring_pairs(lines: Lines) -> Iterator[tuple[int, int]]:
    """Each line of a docstring of a function or class, with the line of its `def` or `class`."""
    tree = parse_module("".join(lines))
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = node.body[0]
            if ast.get_docstring(node, clean=False) is not None and first.end_lineno is not None:
                for line in range(first.lineno, first.end_lineno + 1):
                    yield line - 1, node.lineno - 1


Pairs = Callable[[Lines], Iterator[tuple[int, int]]]


def _together(sampled: Sequence[tuple[Lines, EditSequence]], pairs: Pairs) -> Iterator[bool]:
    for lines, sequence in sampled:
        numbers = origins(sequence)
        for line, other in pairs(lines):
            yield numbers[line] == numbers[other]


def _comment_lines(lines: Lines) -> set[int]:
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO("".join(lines), newline="\n").readline))
    except (tokenize.TokenError, SyntaxError):
        return set()
    return {
        token.start[0] - 1
        for token in tokens
        if token.type == tokenize.COMMENT and token.line[: token.start[1]].strip() == ""
    }


def _clean_prefixes(lines: Lines, sequence: EditSequence) -> Iterator[bool]:
    baseline = PYFLAKES.lint("".join(lines))
    for state in sequence.states():
        yield not added(baseline, PYFLAKES.lint("".join(state)))


def _share(claims: Iterable[bool]) -> float:
    known = list(claims)
    return mean(known) if known else math.nan
