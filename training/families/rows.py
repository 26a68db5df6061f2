"""Rows of the embedding and of the output layer for tokens that a model was trained without.

Source: Hewitt 2021, "Initializing New Word Embeddings for Pretrained Language Models": the mean of
the known rows leaves the probabilities of all other tokens almost as they were.
"""

# V vocabulary, D hidden width

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from training.families.adopt import AdoptedTokenizer

if TYPE_CHECKING:
    from transformers import PreTrainedModel

MULTIPLE = 64
"""A vocabulary that has to grow grows to a multiple of this: matrix products are faster."""


def rows_for(tokens: int, rows: int) -> int:
    """Return how many rows there are once each token has one."""
    return rows if tokens <= rows else -(-tokens // MULTIPLE) * MULTIPLE


def make_room(model: PreTrainedModel, tokenizer: AdoptedTokenizer) -> None:
    """Give every token a row, tied or not, and new ones the mean of those before.

    A row that the model has to spare is taken first: it was padding, and never trained.
    """
    known = tokenizer.diff if tokenizer.is_diff_new else tokenizer.size
    before = len(_matrices(model)[0])
    rows = rows_for(tokenizer.size, before)
    if rows > before:
        known = min(known, before)
        model.resize_token_embeddings(rows, mean_resizing=False)
    elif not tokenizer.is_diff_new:
        return
    with torch.no_grad():
        for weight_VD in _matrices(model):
            weight_VD[known:] = weight_VD[:known].mean(0, dtype=torch.float32)


def _matrices(model: PreTrainedModel) -> list[torch.Tensor]:
    layers = [model.get_input_embeddings()]
    if not model.config.tie_word_embeddings:
        layers.append(model.get_submodule("lm_head"))
    return [layer.get_parameter("weight") for layer in layers]
