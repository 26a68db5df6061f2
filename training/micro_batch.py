"""Rows on their way to the model: a few at a time, on its device, with what is to be predicted."""

# B batch, T token, N positions with a target

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from training.rows import Rows


@dataclass(frozen=True, slots=True)
class MicroBatch:
    """Rows that go through the model together, on its device."""

    tokens: torch.Tensor
    """[B, T]"""
    places: torch.Tensor
    """[B, T]: each token's place in its example, from 0."""
    positions: torch.Tensor
    """[N]: where, in the flattened rows, the next token is a target."""
    targets: torch.Tensor
    """[N]"""


def split_rows(rows: Rows, micro_rows: int, device: torch.device) -> list[MicroBatch]:
    """Return the rows in order, so many at a time."""
    return [
        _micro_batch(rows[start : start + micro_rows], device)
        for start in range(0, len(rows), micro_rows)
    ]


def _micro_batch(rows: Rows, device: torch.device) -> MicroBatch:
    # The choice is made here, on the host, so that a GPU need not be waited for. The whole row
    # goes in, though its last position predicts nothing: round lengths are faster.
    predicts = np.zeros_like(rows.mask)
    predicts[:, :-1] = rows.mask[:, 1:]
    positions = np.flatnonzero(predicts)
    arrays = rows.tokens, rows.places, positions, rows.tokens.reshape(-1)[positions + 1]
    tensors = [torch.from_numpy(np.ascontiguousarray(array)) for array in arrays]
    if device.type == "cuda":
        tensors = [tensor.pin_memory().to(device, non_blocking=True) for tensor in tensors]
    return MicroBatch(*tensors)
