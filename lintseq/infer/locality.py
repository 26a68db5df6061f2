"""What stands near the cursor, and how far its repetition is trusted over the model.

Code repeats what stands in its own file and in the files beside it more than any model of a few
million parameters can know or see. So the engine mixes into the model's next-token distribution
that of the tokens which followed the same tokens nearby; how much of it, a logistic function says
that is fitted on held-out code for each model and lies in the manifest beside it.

Source: Tu, Su, Devanbu 2014, "On the Localness of Software" (the cache component); Hellendoorn,
Devanbu 2017, "Are deep neural networks the best choice for modeling source code?" (nested scopes,
mixed with a neural model).
"""

import logging
import math
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from lintseq.errors import EngineError
from lintseq.infer.model_file import read_manifest
from lintseq.program import split_lines

logger = logging.getLogger(__name__)

MOST_CHARACTERS = 100_000
"""Of other files, in all; and of the own file on either side of the cursor."""
LONGEST = 8
"""Tokens of a repetition that are looked at; a longer one counts as one of so many."""


@dataclass(frozen=True, slots=True)
class Trust:
    """The logistic function for one kind of text, by what it depends on."""

    intercept: float
    length: float
    """Of how many tokens are the same, as a share of `LONGEST`."""
    only: float
    """Of whether the same token followed everywhere."""
    sure: float
    """Of the model's probability for its own likeliest token."""
    likely: float
    """Of the model's log-probability for what followed most often, from -12 on."""
    agreed: float
    """Of whether these two are the same token."""

    def share(self, facts: "Facts") -> float:
        """How much of the next token's probability the repetition has, between 0 and 1."""
        # Not by `astuple`, which copies deeply: this is asked for every token.
        numbers = (self.intercept, self.length, self.only, self.sure, self.likely, self.agreed)
        score = sum(map(operator.mul, numbers, facts.features()))
        return 1 / (1 + math.exp(-max(min(score, 20.0), -20.0)))


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a repetition where the next token is to be chosen."""

    length: int
    """How many tokens are the same, from 1 to `LONGEST`."""
    is_only: bool
    """Whether the same token followed everywhere."""
    best: float
    """The model's log-probability of its own likeliest token."""
    likely: float
    """The model's log-probability of the token that followed most often."""
    is_agreed: bool
    """Whether these two are the same token."""

    def features(self) -> tuple[float, ...]:
        """The number that each coefficient of `Trust` is for, in its order."""
        return (
            1.0,
            self.length / LONGEST,
            float(self.is_only),
            math.exp(self.best),
            max(self.likely, -12.0) / 4,
            float(self.is_agreed),
        )


@dataclass(frozen=True, slots=True)
class Locality:
    """How far repetitions are trusted, by where they stand."""

    others: Trust
    """In other files."""
    own: Trust
    """In the file itself."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """What stands near a cursor."""

    before: str
    """Whole lines in front of the cursor's."""
    after: str
    """Whole lines behind it."""
    others: tuple[str, ...]
    """Other files of the same author."""
    locality: Locality


def nearby(text: str, line: int, others: Iterable[str], locality: Locality) -> Nearby:
    """What stands near the line (from 0) of a text, the nearest `MOST_CHARACTERS` of each.

    Of the other files those that come first are taken; the text itself is none of them.
    """
    lines = split_lines(text)
    before = _nearest(lines[:line][::-1])
    after = _nearest(lines[line + 1 :])
    return Nearby("".join(reversed(before)), "".join(after), _fitting(text, others), locality)


def read_locality(entry: Mapping[str, object]) -> Locality | None:
    """The locality in a manifest's entry; None for an empty entry.

    Raises:
        ValueError: the entry is anything else than two tables of the numbers of `Trust`.
    """
    if not entry:
        return None
    return Locality(_trust(entry.get("others")), _trust(entry.get("own")))


def locality_beside(model: Path) -> Locality | None:
    """The locality in the manifest beside the model; None for a model without one."""
    try:
        manifest = read_manifest(model.parent)
        return read_locality(manifest.locality) if manifest.file == model.name else None
    except (EngineError, ValueError) as error:
        logger.info("no locality for %s: %s", model, error)
        return None


def _trust(table: object) -> Trust:
    names = [field.name for field in fields(Trust)]
    if not isinstance(table, Mapping) or set(table) != set(names):
        raise ValueError(f"a locality has tables `others` and `own` of {', '.join(names)}")
    return Trust(**{name: float(table[name]) for name in names})


def _nearest(lines: Sequence[str]) -> list[str]:
    taken: list[str] = []
    left = MOST_CHARACTERS
    for line in lines:
        left -= len(line)
        if left < 0:
            break
        taken.append(line)
    return taken


def _fitting(text: str, others: Iterable[str]) -> tuple[str, ...]:
    taken: list[str] = []
    left = MOST_CHARACTERS
    for other in others:
        if other != text and len(other) <= left:
            taken.append(other)
            left -= len(other)
    return tuple(taken)
