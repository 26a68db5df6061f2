"""Rows on their way to the model: a few at a time, on its device, with what is to be predicted."""

# B batch, T token, N positions with a target

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from training.mixture import Rows


@dataclass(frozen=True, slots=True)
class MicroBatch:
    """Rows that go through the model together, on its device."""

    tokens: torch.Tensor
    """[B, T]"""
    positions: torch.Tensor
    """[N]: where, in the flattened rows, the next token is a target."""
    targets: torch.Tensor
    """[N]"""


def split_rows(rows: Rows, micro_rows: int, device: torch.device) -> list[MicroBatch]:
    """Return the rows in order, so many at a time."""
    tokens, mask = rows
    return [
        _micro_batch(tokens[start : start + micro_rows], mask[start : start + micro_rows], device)
        for start in range(0, len(tokens), micro_rows)
    ]


def count_targets(rows: Rows) -> int:
    """Return how many tokens are predicted: nothing stands before the first of a row to do it."""
    return int(np.count_nonzero(rows[1][:, 1:]))


def _micro_batch(tokens: np.ndarray, mask: np.ndarray, device: torch.device) -> MicroBatch:
    # The choice is made here, on the host, so that a GPU need not be waited for. The whole row
    # goes in, though its last position predicts nothing: round lengths are faster.
    predicts = np.zeros_like(mask)
    predicts[:, :-1] = mask[:, 1:]
    positions = np.flatnonzero(predicts)
    arrays = tokens, positions, tokens.reshape(-1)[positions + 1]
    tensors = [torch.from_numpy(np.ascontiguousarray(array)) for array in arrays]
    if device.type == "cuda":
        tensors = [tensor.pin_memory().to(device, non_blocking=True) for tensor in tensors]
    return MicroBatch(*tensors)
