"""Muon for the matrices, AdamW for the embedding and the norms.

Source: Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch


@dataclass(frozen=True, slots=True)
class OptimizerConfig:
    """Peak learning rates and the rest; a schedule scales the rates."""

    matrix_rate: float = 0.02
    """Learning rate of Muon."""
    matrix_momentum: float = 0.95
    matrix_decay: float = 0.02
    """Weight decay of Muon, multiplied by its rate."""
    rest_rate: float = 0.004
    """Learning rate of AdamW for the embedding and the norms."""
    rest_beta1: float = 0.9
    rest_beta2: float = 0.95
    clip: float = 1.0
    """The gradient's norm is cut down to this."""


class Optimizer:
    """Both optimizers as one."""

    def __init__(self, model: torch.nn.Module, config: OptimizerConfig) -> None:
        """Take the model's weights in the order in which it names them."""
        self.parameters = [weight for weight in model.parameters() if weight.requires_grad]
        self._clip = config.clip
        matrices, rest = _split(model)
        self._parts: dict[str, torch.optim.Optimizer] = {
            "matrix": torch.optim.Muon(
                matrices,
                lr=config.matrix_rate,
                momentum=config.matrix_momentum,
                weight_decay=config.matrix_decay,
            ),
            "rest": torch.optim.AdamW(
                rest,
                lr=config.rest_rate,
                betas=(config.rest_beta1, config.rest_beta2),
                weight_decay=0.0,
                fused=True,
            ),
        }
        self._peaks = {"matrix": config.matrix_rate, "rest": config.rest_rate}

    def step(self, gradients: Sequence[torch.Tensor], factor: float) -> torch.Tensor:
        """Return the gradient's norm before clipping, after one update.

        Args:
            gradients: one for each of `parameters`.
            factor: what the peak learning rates are multiplied by, 0 <= factor <= 1.
        """
        for weight, gradient in zip(self.parameters, gradients, strict=True):
            weight.grad = gradient
        norm = torch.nn.utils.clip_grad_norm_(self.parameters, self._clip)
        for name, part in self._parts.items():
            for group in part.param_groups:
                group["lr"] = self._peaks[name] * factor
            part.step()
            part.zero_grad(set_to_none=True)
        return norm

    def state(self) -> dict[str, torch.Tensor]:
        """Return all state as tensors named `part.number.key`."""
        return {
            f"{name}.{number}.{key}": tensor
            for name, part in self._parts.items()
            for number, entries in part.state_dict()["state"].items()
            for key, tensor in entries.items()
        }

    def load_state(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Take up a state that `state` returned."""
        for name, part in self._parts.items():
            entries: dict[int, dict[str, torch.Tensor]] = {}
            for path, tensor in tensors.items():
                owner, number, key = path.split(".")
                if owner == name:
                    entries.setdefault(int(number), {})[key] = tensor
            part.load_state_dict(
                {"state": entries, "param_groups": part.state_dict()["param_groups"]}
            )


def _split(
    model: torch.nn.Module,
) -> tuple[list[torch.nn.Parameter], list[torch.nn.Parameter]]:
    matrices: list[torch.nn.Parameter] = []
    rest: list[torch.nn.Parameter] = []
    for name, weight in model.named_parameters():
        is_matrix = weight.ndim == 2 and "embed" not in name
        (matrices if is_matrix else rest).append(weight)
    return matrices, rest
