"""LintSeq: programs as sequences of linter-clean insertions, and models that write them."""

from lintseq.errors import EngineError, FormatError, LimitError, LintseqError
from lintseq.format import (
    FORMAT_VERSION,
    Segment,
    Special,
    Transcript,
    parse,
    render,
    text_of,
)
from lintseq.generated import Generated, read_generated
from lintseq.lint import Finding, Linter, Pyflakes, added, lint
from lintseq.linters import LINTERS
from lintseq.methods import METHODS
from lintseq.program import Edit, EditSequence, Hunk, split_lines
from lintseq.sample import LintError, LintSeq, sample_edits
from lintseq.sampler import Sampler

__all__ = [
    "FORMAT_VERSION",
    "LINTERS",
    "METHODS",
    "Edit",
    "EditSequence",
    "EngineError",
    "Finding",
    "FormatError",
    "Generated",
    "Hunk",
    "LimitError",
    "LintError",
    "LintSeq",
    "Linter",
    "LintseqError",
    "Pyflakes",
    "Sampler",
    "Segment",
    "Special",
    "Transcript",
    "added",
    "lint",
    "parse",
    "read_generated",
    "render",
    "sample_edits",
    "split_lines",
    "text_of",
]
