"""Causal attention for CPUs, block by block: 1.5 times as fast as torch's flash kernel there.

Measured on one core of an AVX-512-bf16 machine, 2 rows x 4 heads x 1,024 tokens x 64, forward and
backward: 61 ms for `scaled_dot_product_attention`, 42 ms for this. Examples that share a row are
computed one by one: what they do not see of each other costs nothing. The probabilities are kept
for the backward pass, at most `2 * B * H * T * T * 0.6` bytes a layer: fine for a few rows of a
thousand tokens, not meant for long contexts or for a GPU.
"""

# B batch, H heads, T token, D width of a head

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

BLOCK = 256
"""Queries handled at once. Fewer skip more of the upper triangle, more make larger products."""

NAME = "lintseq_block"
"""The implementation's name in transformers."""

Span = tuple[int, int, int]
"""A row, and where in it an example begins and ends."""


def use_block_attention() -> str:
    """Return the name under which transformers now knows this attention."""
    from transformers import AttentionInterface

    AttentionInterface.register(NAME, _for_transformers)
    return NAME


def causal_attention(
    queries_BHTD: torch.Tensor,
    keys_BHTD: torch.Tensor,
    values_BHTD: torch.Tensor,
    spans: list[Span],
) -> torch.Tensor:
    """Return what every token gathers from itself and those before it in its span, [B, H, T, D].

    Args:
        spans: cover each row once, without overlap.
    """
    result: torch.Tensor = _CausalAttention.apply(queries_BHTD, keys_BHTD, values_BHTD, spans)  # type: ignore[no-untyped-call]
    return result


def spans_of(places_BT: torch.Tensor) -> list[Span]:
    """Return the examples of each row, given each token's place in its example."""
    rows, tokens = places_BT.shape
    begins = (places_BT == 0).nonzero().tolist()
    ends = [*begins[1:], [rows, 0]]
    return [
        (row, begin, end if following == row else tokens)
        for (row, begin), (following, end) in zip(begins, ends, strict=True)
    ]


# Where the examples end is read back: nothing to compile, and nothing to compile anew each time.
@torch.compiler.disable  # type: ignore[untyped-decorator]
def _for_transformers(
    _module: torch.nn.Module,
    queries_BHTD: torch.Tensor,
    keys_BHTD: torch.Tensor,
    values_BHTD: torch.Tensor,
    _attention_mask: torch.Tensor | None,
    *,
    places: torch.Tensor | None = None,
    **_options: object,
) -> tuple[torch.Tensor, None]:
    rows, _, tokens, _ = queries_BHTD.shape
    spans = [(row, 0, tokens) for row in range(rows)] if places is None else spans_of(places)
    result_BHTD = causal_attention(
        queries_BHTD.bfloat16(), keys_BHTD.bfloat16(), values_BHTD.bfloat16(), spans
    )
    return result_BHTD.transpose(1, 2).contiguous(), None


class _CausalAttention(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        queries: torch.Tensor,
        keys: torch.Tensor,
        values: torch.Tensor,
        spans: list[Span],
    ) -> torch.Tensor:
        queries = queries * queries.shape[-1] ** -0.5
        result, saved = torch.empty_like(values), []
        for row, begin, start, end in _blocks(spans):
            scores = queries[row, :, start:end] @ keys[row, :, begin:end].transpose(-1, -2)
            scores[..., start - begin :].masked_fill_(_future(end - start), float("-inf"))
            probabilities = scores.softmax(-1)
            torch.matmul(probabilities, values[row, :, begin:end], out=result[row, :, start:end])
            saved.append(probabilities)
        ctx.save_for_backward(queries, keys, values, *saved)
        ctx.spans = spans
        return result

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        queries, keys, values, *saved = ctx.saved_tensors
        queries_gradient = torch.empty_like(queries)
        keys_gradient = torch.zeros_like(keys, dtype=torch.float32)
        values_gradient = torch.zeros_like(values, dtype=torch.float32)
        for (row, begin, start, end), probabilities in zip(_blocks(ctx.spans), saved, strict=True):
            gradient = gradients[0][row, :, start:end]
            values_gradient[row, :, begin:end] += probabilities.transpose(-1, -2) @ gradient
            scores_gradient = torch._softmax_backward_data(
                gradient @ values[row, :, begin:end].transpose(-1, -2),
                probabilities,
                -1,
                probabilities.dtype,
            )
            queries_gradient[row, :, start:end] = scores_gradient @ keys[row, :, begin:end]
            keys_gradient[row, :, begin:end] += (
                scores_gradient.transpose(-1, -2) @ queries[row, :, start:end]
            )
        scale = queries.shape[-1] ** -0.5
        return (
            queries_gradient * scale,
            keys_gradient.to(keys.dtype),
            values_gradient.to(values.dtype),
            None,
        )


def _blocks(spans: list[Span]) -> Iterator[tuple[int, int, int, int]]:
    """Yield row, beginning of the example, beginning and end of the block."""
    for row, begin, end in spans:
        for start in range(begin, end, BLOCK):
            yield row, begin, start, min(start + BLOCK, end)


def _future(size: int) -> torch.Tensor:
    return torch.ones(size, size, dtype=torch.bool).triu(1)
