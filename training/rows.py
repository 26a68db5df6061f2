"""Rows of tokens in memory, and where in them the examples begin."""

# B row, T token

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of packed examples."""

    tokens: npt.NDArray[np.int64]
    """[B, T]"""
    mask: npt.NDArray[np.bool_]
    """[B, T]: whether the token itself is to be predicted from those before it."""
    begins: npt.NDArray[np.bool_]
    """[B, T]: whether an example begins with the token, or the padding behind the last one."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.tokens)

    def __getitem__(self, part: slice) -> Rows:
        """Return some of the rows."""
        return Rows(self.tokens[part], self.mask[part], self.begins[part])

    @property
    def places(self) -> npt.NDArray[np.int64]:
        """Each token's place in its example, from 0: [B, T]."""
        columns = np.arange(self.tokens.shape[1])
        first = np.maximum.accumulate(np.where(self.begins, columns, 0), axis=1)
        return columns - first

    @property
    def targets(self) -> int:
        """How many tokens are predicted: nothing stands before the first of a row to do it."""
        return int(np.count_nonzero(self.mask[:, 1:]))


def one_example_each(tokens: npt.NDArray[np.int64], mask: npt.NDArray[np.bool_]) -> Rows:
    """Return rows of which each is a single example."""
    begins = np.zeros_like(mask)
    begins[:, 0] = True
    return Rows(tokens, mask, begins)


def joined(parts: list[Rows]) -> Rows:
    """Return the rows of all parts, in order."""
    return Rows(
        np.concatenate([part.tokens for part in parts]),
        np.concatenate([part.mask for part in parts]),
        np.concatenate([part.begins for part in parts]),
    )
