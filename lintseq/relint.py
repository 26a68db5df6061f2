"""The plain way to know what is found in the lines that are left: lint them all, every time.

It serves every linter, and is the oracle for the faster way of `lintseq.names`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lintseq.closure import Departure
from lintseq.lint import Finding, Linter, added
from lintseq.program import Lines


@dataclass(frozen=True, slots=True)
class WholeTextWatch:
    """Lints what is left of a program; see `lintseq.closure.Watch`."""

    lines: Lines
    linter: Linter
    baseline: Sequence[Finding]
    present: bytearray

    def after(self, departure: Departure) -> Sequence[int]:
        """The lines with new findings, now that these have left."""
        kept = [line for line, is_left in enumerate(self.present) if is_left]
        if not kept:
            return ()
        found = self.linter.lint("".join([self.lines[line] for line in kept]))
        return [kept[min(finding.line, len(kept) - 1)] for finding in added(self.baseline, found)]
