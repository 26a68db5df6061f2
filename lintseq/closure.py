"""Which lines must leave a program together, so that what remains lints as clean as before.

A line takes its deeper-indented followers with it, and the comments and blank lines that stand
directly above it; then every line with a new finding leaves in the same way, until no new
finding is left (Piterbarg et al. 2025, algorithm 1; the indentation rule is the released
code's, the comments are ours).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from lintseq.incremental import StateLinter, state_linter
from lintseq.lint import SYNTAX_ERROR, Finding, Linter, added
from lintseq.program import Lines
from lintseq.units import units as units_of


@dataclass(frozen=True, slots=True)
class Program:
    """A program with what is known of its lines before any of them leaves."""

    lines: Lines
    units: tuple[int, ...]
    indents: tuple[int, ...]
    linter: StateLinter

    @classmethod
    def of(cls, lines: Lines, linter: Linter) -> "Program":
        """The program of these lines."""
        return cls(lines, units_of(lines), tuple(map(_indent, lines)), state_linter(lines, linter))


def close(
    program: Program, present: Sequence[int], seed: int, baseline: Sequence[Finding]
) -> frozenset[int]:
    """Which of the `present` lines leave when the one at position `seed` among them does.

    Returns positions among them. Without those, what is left of the program has no finding beyond
    `baseline`, or nothing is left. Lines of the same unit (see `lintseq.units`) leave together.
    """
    lines = tuple([program.lines[index] for index in present])
    units = [program.units[index] for index in present]
    indents = [program.indents[index] for index in present]
    gone: set[int] = set()
    leaving = {seed}
    while leaving:
        gone |= _with_dependents(lines, units, indents, leaving, gone)
        kept = [index for index in range(len(lines)) if index not in gone]
        remaining = [lines[index] for index in kept]
        findings: tuple[Finding, ...] = ()
        if kept:
            findings = added(baseline, program.linter.lint([present[index] for index in kept]))
        leaving = {kept[_culprit(remaining, finding)] for finding in findings}
    return frozenset(gone)


def _with_dependents(
    lines: Lines, units: Sequence[int], indents: list[int], leaving: set[int], gone: set[int]
) -> set[int]:
    result: set[int] = set()
    for index in leaving:
        first = bisect_left(units, units[index])
        stop = bisect_right(units, units[index])
        result |= set(range(first, stop))
        result |= _followers(lines, indents, first)
        result |= _description(lines, indents, first, gone | result)
    return result


def _followers(lines: Lines, indents: list[int], index: int) -> set[int]:
    """The lines behind `index` that are indented deeper, blank lines between them included."""
    result: set[int] = set()
    blank: set[int] = set()
    for follower in range(index + 1, len(lines)):
        if not lines[follower].strip():
            blank.add(follower)
            continue
        if indents[follower] <= indents[index]:
            break
        result |= blank | {follower}
        blank = set()
    return result


def _description(lines: Lines, indents: list[int], index: int, gone: set[int]) -> set[int]:
    """The comments of the same indentation and the blank lines directly above `index`."""
    result: set[int] = set()
    above = index - 1
    while above >= 0 and (above in gone or _is_comment(lines, indents, above, indents[index])):
        result.add(above)
        above -= 1
    while above >= 0 and not lines[above].strip():
        result.add(above)
        above -= 1
    return result


def _is_comment(lines: Lines, indents: list[int], index: int, indent: int) -> bool:
    return indents[index] == indent and lines[index].lstrip().startswith("#")


def _culprit(lines: Sequence[str], finding: Finding) -> int:
    if finding.kind == SYNTAX_ERROR and finding.name.startswith("expected 'except'"):
        return _open_try(lines, finding.line)
    return min(finding.line, len(lines) - 1)


def _open_try(lines: Sequence[str], behind: int) -> int:
    """The `try` that lacks its handlers: the parser only names the statement behind it."""
    clauses: set[int] = set()
    for index in range(behind, -1, -1):
        indent = _indent(lines[index])
        if lines[index].lstrip().startswith("try") and indent not in clauses:
            return index
        if lines[index].lstrip().startswith(("except", "finally")):
            clauses.add(indent)
        elif lines[index].lstrip().startswith("try"):
            clauses.discard(indent)
    return behind


def _indent(line: str) -> int:
    expanded = line.expandtabs(8)
    return len(expanded) - len(expanded.lstrip())
