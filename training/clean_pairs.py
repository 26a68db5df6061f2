"""Keeps the evaluation sets out of instruction pairs, which others have published as they are."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from lintseq.syntax import parse_module
from training.decontaminate import Contamination, read_contamination
from training.pair import Pair

log = logging.getLogger(__name__)


def clean_pairs(pairs: Iterable[Pair], against: Path) -> Iterator[Pair]:
    """The pairs that have no unit of the sets in a directory; how many are left out is logged.

    A unit is what it is for the corpus: ten words in a row, or a solution under other names.
    """
    contamination = read_contamination(against)
    left_out: Counter[str] = Counter()
    for pair in pairs:
        if reason := _reason(pair, contamination):
            left_out[reason] += 1
        else:
            yield pair
    for reason, count in left_out.most_common():
        log.info("%d pairs left out: %s", count, reason)


def _reason(pair: Pair, contamination: Contamination) -> str:
    if contamination.hits(pair.text):
        return "ten words in a row of an evaluation set"
    tree = parse_module(pair.program)
    if tree is not None and contamination.function_hits(tree):
        return "a function of an evaluation set under other names"
    return ""
