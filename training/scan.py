"""The last look before text becomes training rows: nothing of an evaluation set may be in it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from lintseq.examples import Example
from lintseq.format import Special
from training.decontaminate import Contamination, read_contamination

_HEADER = re.compile(r"^@@ [^@\n]*@@\n", re.MULTILINE)


class Scan:
    """Looks for units of evaluation sets in texts."""

    def __init__(self, against: Path | Contamination) -> None:
        """Read the sets in a directory, unless they are read already.

        Raises:
            ValueError: There are none.
        """
        self._contamination = (
            against if isinstance(against, Contamination) else read_contamination(against)
        )

    def check(self, where: str, text: str) -> None:
        """Do nothing for a text without such a unit.

        Raises:
            ValueError: There is one.
        """
        if found := self.find(text):
            raise ValueError(
                f"{where}: wanted nothing of the evaluation sets, got a unit of one:"
                f" {found[:200]!r}; build the corpus against the same sets"
            )

    def find(self, text: str) -> str:
        """Return the lines of the first such unit in one line; empty if there is none."""
        hits = self._contamination.hits(text)
        if not hits:
            return ""
        first, last = hits[0]
        return " ".join("\n".join(text.split("\n")[first:last]).split())


def plain_text(example: Example) -> str:
    """Return the words of an example, in the order in which they are learned, without headers."""
    texts = [each for each in (*example.prompt, *example.answer) if not isinstance(each, Special)]
    return "\n".join(_HEADER.sub("", text).replace("\n+", "\n").removeprefix("+") for text in texts)


@cache
def scan_of(against: Path) -> Scan:
    """Return the scan for the sets in a directory; a process reads them once."""
    return Scan(against)
