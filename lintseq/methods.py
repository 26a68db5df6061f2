"""The named ways to take a program apart: ours, the paper's release's, and the paper's ablation."""

from collections.abc import Mapping
from typing import Protocol

from lintseq.lint import Linter
from lintseq.paper import paper_sampler
from lintseq.program import Lines
from lintseq.randseq import random_sampler
from lintseq.sample import LintSeq
from lintseq.sampler import Sampler


class Method(Protocol):
    """Makes a program ready to be sampled."""

    def __call__(self, lines: Lines, linter: Linter, *, keep_findings: bool = False) -> Sampler:
        """The program `lines`, which must stay clean for `linter` if the method is about that.

        Raises:
            LintError: the program has findings and `keep_findings` is off.
            LimitError: it is too long, or too much for the linter.
        """


def lintseq_sampler(lines: Lines, linter: Linter, *, keep_findings: bool = False) -> Sampler:
    """The program `lines`, sampled by `lintseq.sample`, with the errors of a `Method`."""
    return LintSeq.of(lines, linter=linter, keep_findings=keep_findings)


METHODS: Mapping[str, Method] = {
    "lintseq": lintseq_sampler,
    "paper": paper_sampler,
    "random": random_sampler,
}
