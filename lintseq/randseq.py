"""RandSeq, the paper's ablation: LintSeq without a linter.

Again and again between one and all but one of the remaining lines leave, drawn at random, until
the last one does. Source: Piterbarg, Pinto, Fergus 2025, and the released code.
"""

import random
from dataclasses import dataclass

from lintseq.limits import check_size
from lintseq.lint import Linter
from lintseq.program import EditSequence, Lines
from lintseq.sample import LintError, forward
from lintseq.sampler import Sampler


def random_sampler(lines: Lines, linter: Linter, *, keep_findings: bool = False) -> Sampler:
    """The program `lines`, sampled at random.

    Args:
        lines: the program.
        linter: what the program itself must pass, so that a comparison is about the same ones;
            no prefix is linted.
        keep_findings: sample a program that has findings; nothing is linted at all.

    Raises:
        LintError: the program has findings and `keep_findings` is off.
        LimitError: it is too long, or too much for the linter.
    """
    check_size(lines)
    if not keep_findings and (findings := linter.lint("".join(lines))):
        raise LintError(findings)
    return _RandomSampler(lines)


@dataclass(frozen=True, slots=True)
class _RandomSampler:
    lines: Lines

    def sample(self, rng: random.Random) -> EditSequence:
        """A sequence of insertions that builds the program; what is between is chance."""
        removals: list[frozenset[int]] = []
        present = list(range(len(self.lines)))
        while present:
            count = rng.randint(1, max(1, len(present) - 1))
            removed = frozenset(rng.sample(present, count))
            removals.append(removed)
            present = [line for line in present if line not in removed]
        return forward(self.lines, removals)
