"""Causal attention for GPUs: torch's fused kernel, told which tokens see which.

transformers' own way to the same kernel looks at the positions first, to see whether rows are
packed, and reads one value from the GPU for it in every pass: the host waits, the queue runs dry.
"""

# B batch, H heads, T token, D width of a head

from __future__ import annotations

import torch
from torch.nn.functional import scaled_dot_product_attention

NAME = "lintseq_fused"
"""The implementation's name in transformers."""


def use_fused_attention() -> str:
    """Return the name under which transformers now knows this attention."""
    from transformers import AttentionInterface

    AttentionInterface.register(NAME, _for_transformers)
    return NAME


def same_example(places_BT: torch.Tensor) -> torch.Tensor:
    """Return which tokens see which, [B, 1, T, T]: those before them in their example.

    Args:
        places_BT: each token's place in its example, from 0.
    """
    columns_T = torch.arange(places_BT.shape[1], device=places_BT.device)
    begins_BT = columns_T - places_BT
    mask_BTT = begins_BT[:, :, None] == begins_BT[:, None, :]
    return (mask_BTT & (columns_T[:, None] >= columns_T))[:, None]


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
    result_BHTD = scaled_dot_product_attention(
        queries_BHTD.bfloat16(),
        keys_BHTD.bfloat16(),
        values_BHTD.bfloat16(),
        attn_mask=None if places is None else same_example(places),
        is_causal=places is None,
    )
    return result_BHTD.transpose(1, 2).contiguous(), None
