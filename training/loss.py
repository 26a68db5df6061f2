"""Cross-entropy of the tied output layer without ever holding all logits.

The logits of 8,192 tokens over 8,192 words are 256 MB in fp32. Here they exist for a few hundred
tokens at a time, and their gradient is taken at once, in the forward pass, where they are at hand.
"""

# N targets, D hidden width, V vocabulary

from __future__ import annotations

from typing import Any

import torch

CPU_CHUNK = 256
"""Targets at once: with 8k words the logits then fit a core's share of the cache."""
CUDA_CHUNK = 8192


def summed_cross_entropy(
    hidden_ND: torch.Tensor, output_VD: torch.Tensor, targets_N: torch.Tensor
) -> torch.Tensor:
    """Return the sum over targets of -ln p(target), a scalar in nats.

    Args:
        hidden_ND: the model's last hidden state at the positions that predict.
        output_VD: the output layer's weights.
        targets_N: the token to predict at each position.
    """
    chunk = CUDA_CHUNK if hidden_ND.is_cuda else CPU_CHUNK
    loss: torch.Tensor = _SummedCrossEntropy.apply(hidden_ND, output_VD, targets_N, chunk)  # type: ignore[no-untyped-call]
    return loss


class _SummedCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        hidden_ND: torch.Tensor,
        output_VD: torch.Tensor,
        targets_N: torch.Tensor,
        chunk: int,
    ) -> torch.Tensor:
        weights = output_VD.to(torch.bfloat16)
        hidden = hidden_ND.to(torch.bfloat16)
        hidden_gradient = torch.empty_like(hidden)
        output_gradient = torch.zeros_like(output_VD, dtype=torch.float32)
        total = torch.zeros((), dtype=torch.float32, device=hidden.device)
        for start in range(0, len(hidden), chunk):
            part, targets = hidden[start : start + chunk], targets_N[start : start + chunk, None]
            logits = (part @ weights.t()).float()
            chosen = logits.gather(1, targets)
            total += (logits.logsumexp(1, keepdim=True) - chosen).sum()
            gradient = logits.softmax(1)
            gradient.scatter_add_(1, targets, torch.full_like(chosen, -1.0))
            gradient = gradient.to(torch.bfloat16)
            hidden_gradient[start : start + chunk] = gradient @ weights
            output_gradient += gradient.t() @ part
        ctx.save_for_backward(hidden_gradient.to(hidden_ND.dtype), output_gradient)
        return total

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        hidden_gradient, output_gradient = ctx.saved_tensors
        return hidden_gradient * gradients[0], output_gradient * gradients[0], None, None
