"""LintSeq's backward sampling: a program taken apart, line by line, and read in reverse.

Source: Piterbarg, Pinto, Fergus 2025, algorithm 1. A random line leaves with everything that
cannot stay without it; the state is recorded; and so on until nothing is left. Reversed, the
states are a way to write the program in which every step lints clean.
"""

import random

from lintseq.closure import Program, close
from lintseq.errors import LintseqError
from lintseq.limits import check_size
from lintseq.lint import PYFLAKES, Finding, Linter
from lintseq.program import Edit, EditSequence, Hunk, Lines


class LintError(LintseqError):
    """The program does not lint clean to begin with."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


def sample_edits(
    lines: Lines,
    rng: random.Random,
    *,
    linter: Linter = PYFLAKES,
    keep_findings: bool = False,
    fixed: int = 0,
) -> EditSequence:
    """A random sequence of insertions that builds `lines`; no prefix has a new finding.

    Args:
        lines: the program.
        rng: where the choices come from; the same state gives the same sequence.
        linter: what must stay clean.
        keep_findings: sample a program that has findings, so that none is added to them.
        fixed: how many lines at the top never leave; the sequence starts from them.

    Raises:
        LintError: the program has findings and `keep_findings` is off.
        LimitError: the program is too long, or too deep for the linter.
    """
    check_size(lines)
    baseline = linter.lint("".join(lines))
    if baseline and not keep_findings:
        raise LintError(baseline)
    return forward(lines, _removals(Program.of(lines, linter), rng, baseline, fixed))


def forward(lines: Lines, removals: list[frozenset[int]]) -> EditSequence:
    """The edits that bring back, last removal first, the lines at the removed indices."""
    present = set(range(len(lines))).difference(*removals)
    edits: list[Edit] = []
    for removed in reversed(removals):
        edits.append(_insertion(lines, present, removed))
        present |= removed
    return EditSequence(tuple(edits))


def _removals(
    program: Program, rng: random.Random, baseline: tuple[Finding, ...], fixed: int
) -> list[frozenset[int]]:
    removals: list[frozenset[int]] = []
    present = list(range(len(program.lines)))
    while len(present) > fixed:
        position = _seed(program.lines, present[fixed:], rng)
        gone: frozenset[int] = frozenset()
        if position is not None:
            gone = close(program, present, fixed + position, baseline)
        if not gone or min(gone) < fixed:
            # What is left is held together by lines that stay: it leaves as a whole.
            gone = frozenset(range(fixed, len(present)))
        removals.append(frozenset(present[position] for position in gone))
        present = [index for at, index in enumerate(present) if at not in gone]
    return removals


def _seed(lines: Lines, candidates: list[int], rng: random.Random) -> int | None:
    """A random position among `candidates` that holds code; None if there is only comment."""
    code = [
        position
        for position, index in enumerate(candidates)
        if lines[index].strip() and not lines[index].lstrip().startswith("#")
    ]
    return rng.choice(code) if code else None


def _insertion(lines: Lines, present: set[int], inserted: frozenset[int]) -> Edit:
    hunks: list[Hunk] = []
    block: list[str] = []
    at = 0
    for index, line in enumerate(lines):
        if index in inserted:
            block.append(line)
        elif index in present:
            if block:
                hunks.append(Hunk(at, tuple(block)))
                block = []
            at += 1
    if block:
        hunks.append(Hunk(at, tuple(block)))
    return Edit(tuple(hunks))
