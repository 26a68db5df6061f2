"""Small packed data sets for tests, and what is in them."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from training.packing import PackingConfig, Shards, write_shards
from training.rows import Rows

CONTEXT = 64
VOCABULARY = 64


def write_rows(folder: Path, *, rows: int = 12, seed: int = 0, answer_from: int = 0) -> Path:
    """Write rows of counting, which a model can learn: each token is the one before it plus one."""
    rng = np.random.default_rng(seed)
    examples = []
    for _ in range(rows):
        first = int(rng.integers(2, VOCABULARY))
        tokens = [(first + place) % (VOCABULARY - 2) + 2 for place in range(CONTEXT)]
        examples.append((tokens, [place >= answer_from for place in range(CONTEXT)]))
    write_shards(folder, examples, PackingConfig(context=CONTEXT, vocabulary=VOCABULARY))
    return folder


def read_rows(folder: Path) -> Rows:
    """All rows of a folder."""
    shards = Shards(folder)
    return shards.batch(np.arange(len(shards)))


def examples_of(rows: Rows) -> Iterator[tuple[list[int], list[bool]]]:
    """Tokens and mask of each example, and of each padding."""
    for tokens, mask, begins in zip(rows.tokens, rows.mask, rows.begins, strict=True):
        starts = np.flatnonzero(begins)[1:]
        for some_tokens, some_mask in zip(
            np.split(tokens, starts), np.split(mask, starts), strict=True
        ):
            yield some_tokens.tolist(), some_mask.tolist()
