"""Small packed data sets for tests."""

from pathlib import Path

import numpy as np

from training.packing import PackingConfig, write_shards

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
