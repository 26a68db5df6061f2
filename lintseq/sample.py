"""LintSeq's backward sampling: a program taken apart, line by line, and read in reverse.

Source: Piterbarg, Pinto, Fergus 2025, algorithm 1. A random line leaves with everything that
cannot stay without it; the state is recorded; and so on until nothing is left. Reversed, the
states are a way to write the program in which every step lints clean.
"""

import random
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from lintseq.closure import Remainder, TornPieces, Watch
from lintseq.errors import LintseqError
from lintseq.limits import check_size
from lintseq.lint import PYFLAKES, Finding, Linter, Pyflakes
from lintseq.names import Indexed, NameWatch
from lintseq.program import Edit, EditSequence, Hunk, Lines
from lintseq.relint import WholeTextWatch
from lintseq.structure import Structure, is_code
from lintseq.syntax import parse_module


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
    program = LintSeq.of(lines, linter=linter, keep_findings=keep_findings)
    return program.sample(rng, fixed=fixed)


@dataclass(frozen=True, slots=True)
class LintSeq:
    """A program, ready to be sampled again and again; see `lintseq.sampler.Sampler`."""

    lines: Lines
    linter: Linter
    findings: tuple[Finding, ...]
    """What it has before any line leaves, and what may stay."""
    structure: Structure
    torn: TornPieces
    indexed: Indexed | None
    """None if every state is linted as a whole."""

    @classmethod
    def of(
        cls, lines: Lines, *, linter: Linter = PYFLAKES, keep_findings: bool = False
    ) -> "LintSeq":
        """The program of these lines.

        Raises:
            LintError: it has findings and `keep_findings` is off.
            LimitError: it is too long, or too deep for the linter.
        """
        check_size(lines)
        tree = parse_module("".join(lines))
        structure = Structure.of(lines, tree)
        indexed = None
        if isinstance(linter, Pyflakes) and tree is not None and structure.is_known:
            indexed = Indexed.of(tree, lines, structure, linter, range(len(lines)))
        findings = linter.lint("".join(lines)) if indexed is None else indexed.findings
        if findings and not keep_findings:
            raise LintError(findings)
        if indexed is not None and indexed.index.record.is_entangled:
            indexed = None
        torn = TornPieces(lines, structure)
        return cls(lines, linter, findings, structure, torn, indexed)

    def sample(self, rng: random.Random, *, fixed: int = 0) -> EditSequence:
        """A random sequence of insertions that builds the program; no prefix has a new finding.

        Args:
            rng: where the choices come from; the same state gives the same sequence.
            fixed: how many lines at the top never leave; the sequence starts from them.
        """
        remainder = Remainder(self.structure, self.torn)
        watch = self._watch(remainder.present)
        removals: list[list[int]] = []
        for seed in self._seeds(rng, fixed):
            if remainder.present[seed]:
                gone = remainder.close(seed, watch)
                if min(gone) < fixed:
                    # What is left is held together by lines that stay: it leaves as a whole.
                    break
                removals.append(gone)
        kept = set(range(fixed, len(self.lines))).difference(*removals)
        return forward(self.lines, [*removals, kept] if kept else removals)

    def _seeds(self, rng: random.Random, fixed: int) -> list[int]:
        """The lines of code in random order.

        Comments and docstrings are not among them: they leave with what they describe.
        """
        code = [
            line
            for line in range(fixed, len(self.lines))
            if is_code(self.lines[line]) and line not in self.structure.docstrings
        ]
        rng.shuffle(code)
        return code

    def _watch(self, present: bytearray) -> Watch:
        if self.indexed is None:
            return WholeTextWatch(self.lines, self.linter, self.findings, present)
        return NameWatch(self.indexed, self.findings, present)


def forward(lines: Lines, removals: Sequence[Collection[int]]) -> EditSequence:
    """The edits that bring back, last removal first, the lines at the removed indices."""
    present = sorted(set(range(len(lines))).difference(*removals))
    return EditSequence(
        tuple([_insertion(lines, present, sorted(removed)) for removed in reversed(removals)])
    )


def _insertion(lines: Lines, present: list[int], inserted: Iterable[int]) -> Edit:
    """The edit that inserts these lines among those present, which it is added to."""
    blocks: dict[int, list[int]] = {}
    for line in inserted:
        blocks.setdefault(bisect_left(present, line), []).append(line)
    for at in reversed(blocks):
        present[at:at] = blocks[at]
    return Edit(
        tuple([Hunk(at, tuple([lines[line] for line in block])) for at, block in blocks.items()])
    )
