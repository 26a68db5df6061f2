"""The next tokens of many rows at once, drawn as `lintseq.infer.sampling` draws one."""

from __future__ import annotations

import torch

# R rows, V vocabulary


def draw_rows(
    logits_RV: torch.Tensor,
    points_R: torch.Tensor,
    *,
    temperature: float,
    top_p: float,
    min_p: float = 0.0,
) -> torch.Tensor:
    """Return a token for each row (R,): the same that `draw` takes for the same random number.

    Args:
        logits_RV: -inf where a token cannot stand.
        points_R: random numbers from 0 to 1, on the same device.
        temperature: above 0.
        top_p: 0 < top_p <= 1.
        min_p: 0 <= min_p <= 1.
    """
    weights_RV = torch.exp((logits_RV - logits_RV.amax(-1, keepdim=True)) / temperature)
    weights_RV, tokens_RV = torch.sort(weights_RV, dim=-1, descending=True, stable=True)
    cumulated_RV = weights_RV.cumsum(-1, dtype=torch.float64)
    wanted_R1 = top_p * cumulated_RV[:, -1:]
    last_R1 = torch.searchsorted(cumulated_RV, wanted_R1)
    last_R1 = torch.minimum(last_R1, (weights_RV > 0).sum(-1, keepdim=True) - 1)
    if min_p > 0:
        last_R1 = torch.minimum(last_R1, (weights_RV >= min_p).sum(-1, keepdim=True) - 1)
    point_R1 = points_R[:, None].double() * cumulated_RV.gather(-1, last_R1)
    index_R1 = torch.searchsorted(cumulated_RV, point_R1, right=True)
    return tokens_RV.gather(-1, torch.minimum(index_R1, last_R1))[:, 0]
