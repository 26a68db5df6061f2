"""Causal attention for CPUs, block by block: 1.5 times as fast as torch's flash kernel there.

Measured on one core of an AVX-512-bf16 machine, 2 rows x 4 heads x 1,024 tokens x 64, forward and
backward: 61 ms for `scaled_dot_product_attention`, 42 ms for this. The probabilities are kept for
the backward pass, which costs `2 * B * H * T * T * 0.6` bytes a layer: fine for a few rows of a
thousand tokens, not meant for long contexts or for a GPU.
"""

# B batch, H heads, T token, D width of a head

from __future__ import annotations

from typing import Any

import torch

BLOCK = 256
"""Queries handled at once. Fewer skip more of the upper triangle, more make larger products."""

NAME = "lintseq_block"
"""The implementation's name in transformers."""


def use_block_attention() -> str:
    """Return the name under which transformers now knows this attention."""
    from transformers import AttentionInterface

    AttentionInterface.register(NAME, _for_transformers)
    return NAME


def causal_attention(
    queries_BHTD: torch.Tensor, keys_BHTD: torch.Tensor, values_BHTD: torch.Tensor
) -> torch.Tensor:
    """Return what every token gathers from itself and those before it, [B, H, T, D]."""
    result: torch.Tensor = _CausalAttention.apply(queries_BHTD, keys_BHTD, values_BHTD)  # type: ignore[no-untyped-call]
    return result


def _for_transformers(
    _module: torch.nn.Module,
    queries_BHTD: torch.Tensor,
    keys_BHTD: torch.Tensor,
    values_BHTD: torch.Tensor,
    _attention_mask: torch.Tensor | None,
    **_options: object,
) -> tuple[torch.Tensor, None]:
    result_BHTD = causal_attention(
        queries_BHTD.bfloat16(), keys_BHTD.bfloat16(), values_BHTD.bfloat16()
    )
    return result_BHTD.transpose(1, 2).contiguous(), None


class _CausalAttention(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor
    ) -> torch.Tensor:
        queries = queries * queries.shape[-1] ** -0.5
        results, saved = [], []
        for start, end in _blocks(queries.shape[-2]):
            scores = queries[..., start:end, :] @ keys[..., :end, :].transpose(-1, -2)
            scores[..., start:].masked_fill_(_future(end - start), float("-inf"))
            probabilities = scores.softmax(-1)
            results.append(probabilities @ values[..., :end, :])
            saved.append(probabilities)
        ctx.save_for_backward(queries, keys, values, *saved)
        return torch.cat(results, -2)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, ...]:
        queries, keys, values, *saved = ctx.saved_tensors
        queries_gradient = torch.empty_like(queries)
        keys_gradient = torch.zeros_like(keys, dtype=torch.float32)
        values_gradient = torch.zeros_like(values, dtype=torch.float32)
        for (start, end), probabilities in zip(_blocks(queries.shape[-2]), saved, strict=True):
            gradient = gradients[0][..., start:end, :]
            values_gradient[..., :end, :] += probabilities.transpose(-1, -2) @ gradient
            scores_gradient = torch._softmax_backward_data(
                gradient @ values[..., :end, :].transpose(-1, -2),
                probabilities,
                -1,
                probabilities.dtype,
            )
            queries_gradient[..., start:end, :] = scores_gradient @ keys[..., :end, :]
            keys_gradient[..., :end, :] += (
                scores_gradient.transpose(-1, -2) @ queries[..., start:end, :]
            )
        scale = queries.shape[-1] ** -0.5
        return (
            queries_gradient * scale,
            keys_gradient.to(keys.dtype),
            values_gradient.to(values.dtype),
        )


def _blocks(tokens: int) -> list[tuple[int, int]]:
    return [(start, min(start + BLOCK, tokens)) for start in range(0, tokens, BLOCK)]


def _future(size: int) -> torch.Tensor:
    return torch.ones(size, size, dtype=torch.bool).triu(1)
