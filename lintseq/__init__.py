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
from lintseq.program import Edit, EditSequence, Hunk, split_lines
from lintseq.sample import LintError, sample_edits

__all__ = [
    "FORMAT_VERSION",
    "Edit",
    "EditSequence",
    "EngineError",
    "Finding",
    "FormatError",
    "Generated",
    "Hunk",
    "LimitError",
    "LintError",
    "Linter",
    "LintseqError",
    "Pyflakes",
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
