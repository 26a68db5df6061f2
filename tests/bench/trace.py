"""Typing over real files: which keys, in which texts.

The files are of about 300 lines and belong to packages that the default model was not trained on.
In each, two passages are typed, the lower one first: between them the cursor jumps.
"""

import importlib.metadata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.bench.keystrokes import Keystroke, Passage, passage

# Distribution, file, and the lines (from 1) at which the passages begin.
_FILES = (
    ("cattrs", "cattrs/strategies/_subclasses.py", (60, 190)),
    ("pygls", "pygls/workspace/text_document.py", (75, 215)),
    ("pygls", "pygls/workspace/workspace.py", (80, 190)),
)
_SLIPS = 0.03


@dataclass(frozen=True, slots=True)
class TypingPlan:
    """How much to type."""

    keys: int = 100
    """In each passage."""
    gap_s: float = 0.18
    """Median time between two keys, as of somebody who types quickly."""
    files: int = len(_FILES)
    rest_s: float = 3.0
    """How long to watch what runs when nobody types."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What is typed in one file."""

    name: str
    text: str
    """The file without its passages."""
    keys: tuple[Keystroke, ...]

    def texts(self) -> Iterator[str]:
        """The text after each key."""
        return Passage(self.text, self.keys).texts()


def traces(plan: TypingPlan) -> list[Trace]:
    """One for each file.

    Raises:
        OSError: a file cannot be read.
    """
    return [_trace(*entry, plan) for entry in _FILES[: plan.files]]


def _trace(distribution: str, file: str, starts: tuple[int, int], plan: TypingPlan) -> Trace:
    installed = importlib.metadata.distribution(distribution)
    text = Path(str(installed.locate_file(file))).read_text(encoding="utf-8")
    upper, lower = starts
    how = partial(passage, keys=plan.keys, gap_s=plan.gap_s, slips=_SLIPS)
    above = how(text, upper - 1)
    # What is left out above moves what follows up.
    moved = lower - 1 - (text.count("\n") - above.text.count("\n"))
    below = how(above.text, moved)
    return Trace(file, below.text, (*below.keys, *above.keys))
