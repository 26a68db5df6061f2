"""Cross-entropy of logits that are capped, as Gemma 2's are, without ever holding all of them."""

# N targets, D hidden width, V vocabulary

from __future__ import annotations

import torch
from torch.utils.checkpoint import checkpoint

CHUNK = 512
"""Targets at once; their logits are computed once more for the gradient."""


def capped_cross_entropy(
    hidden_ND: torch.Tensor, output_VD: torch.Tensor, targets_N: torch.Tensor, cap: float
) -> torch.Tensor:
    """Return the sum over targets of -ln p(target), a scalar in nats.

    Args:
        cap: no logit is larger: each becomes cap * tanh(logit / cap).

    Source: Gemma Team 2024, "Gemma 2: Improving Open Language Models at a Practical Size", 2.
    """
    total = torch.zeros((), dtype=torch.float32, device=hidden_ND.device)
    for start in range(0, len(hidden_ND), CHUNK):
        part, targets = hidden_ND[start : start + CHUNK], targets_N[start : start + CHUNK]
        total = total + checkpoint(_chunk, part, output_VD, targets, cap, use_reentrant=False)
    return total


def _chunk(
    hidden_ND: torch.Tensor, output_VD: torch.Tensor, targets_N: torch.Tensor, cap: float
) -> torch.Tensor:
    weights = output_VD.to(torch.bfloat16)
    logits_NV = (hidden_ND.to(torch.bfloat16) @ weights.t()).float()
    capped_NV = cap * torch.tanh(logits_NV / cap)
    return torch.nn.functional.cross_entropy(capped_NV, targets_N, reduction="sum")
