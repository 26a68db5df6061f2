"""How well a model predicts rows it never saw."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from training.gradients import TakesGradients
from training.packing import Shards
from training.tokenizer import Tokenizer

ROWS_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The loss over the targets of held-out rows."""

    loss: float
    """Mean over targets, in nats."""
    bits_per_byte: float | None
    """The same per byte of the text that the targets stand for; None without a tokenizer."""


def evaluate_held_out(
    gradients: TakesGradients, shards: Shards, rows: int, token_bytes: np.ndarray | None
) -> HeldOut:
    """Return the loss over the first rows.

    Args:
        rows: how many; fewer if there are not so many.
        token_bytes: how many bytes of text each token stands for, by id.
    """
    loss, targets, size_bytes = 0.0, 0, 0
    rows = min(rows, len(shards))
    for start in range(0, rows, ROWS_AT_ONCE):
        some = shards.batch(np.arange(start, min(start + ROWS_AT_ONCE, rows)))
        part, number = gradients.losses(some)
        loss += float(part)
        targets += number
        if token_bytes is not None:
            size_bytes += int(token_bytes[some.tokens[:, 1:][some.mask[:, 1:]]].sum())
    bits = loss / math.log(2) / size_bytes if size_bytes else None
    return HeldOut(loss / max(1, targets), bits)


def bytes_per_token(tokenizer: Tokenizer) -> np.ndarray:
    """Return how many bytes of text each token stands for, by id."""
    return np.array([len(piece) for piece in tokenizer.pieces], dtype=np.int64)
