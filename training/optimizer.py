"""Muon for the matrices, AdamW for the embedding and the norms.

Source: Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import torch

REST = "rest"
LAYER = re.compile(r"\blayers\.(\d+)\.")


@dataclass(frozen=True, slots=True)
class OptimizerConfig:
    """Peak learning rates and the rest; a schedule scales the rates."""

    muon: bool = True
    """False = AdamW for all, as published models were trained."""
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


Run = Callable[[Callable[[str], None], Iterable[str]], Iterable[None]]
"""What calls a function once for each name: `map`, or that of a pool of threads."""


class Optimizes(Protocol):
    """What the loop and the checkpoint need of an optimizer."""

    parameters: list[torch.nn.Parameter]

    def step(
        self, gradients: Sequence[torch.Tensor], factor: float, run: Run = map, /
    ) -> torch.Tensor:
        """Return the gradient's norm before clipping, after one update."""
        ...

    def state(self) -> dict[str, torch.Tensor]:
        """Return all state as whole tensors named `part.number.key`."""
        ...

    def load_state(self, tensors: Mapping[str, torch.Tensor], /) -> None:
        """Take up a state that `state` returned."""
        ...


class Optimizer:
    """Both optimizers as one; Muon in as many independent parts as there are layers."""

    def __init__(self, model: torch.nn.Module, config: OptimizerConfig) -> None:
        """Take the model's weights in the order in which it names them."""
        self.parameters = [weight for weight in model.parameters() if weight.requires_grad]
        self._config = config
        matrices, rest = split_weights(model) if config.muon else ({}, self.parameters)
        self._parts: dict[str, torch.optim.Optimizer] = {
            name: muon(weights, config) for name, weights in matrices.items()
        }
        self._parts[REST] = adamw(rest, config)

    def step(
        self, gradients: Sequence[torch.Tensor], factor: float, run: Run = map
    ) -> torch.Tensor:
        """Return the gradient's norm before clipping, after one update.

        Args:
            gradients: one for each of `parameters`.
            factor: what the peak learning rates are multiplied by, 0 <= factor <= 1.
            run: how to go through the parts: one after the other, or at the same time.
        """
        for weight, gradient in zip(self.parameters, gradients, strict=True):
            weight.grad = gradient
        norm = torch.nn.utils.clip_grad_norm_(self.parameters, self._config.clip)
        for _ in run(partial(self._step_part, factor), self._parts):
            pass
        return norm

    def _step_part(self, factor: float, name: str) -> None:
        peak = self._config.rest_rate if name == REST else self._config.matrix_rate
        part = self._parts[name]
        set_rate(part, peak * factor)
        part.step()
        part.zero_grad(set_to_none=True)

    def state(self) -> dict[str, torch.Tensor]:
        """Return all state as tensors named `part.number.key`."""
        return {
            f"{name}.{number}.{key}": tensor
            for name, part in self._parts.items()
            for number, entries in part.state_dict()["state"].items()
            for key, tensor in entries.items()
        }

    def load_state(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Take up a state that `state` returned.

        Raises:
            ValueError: It is the state of other parts.
        """
        entries = read_entries(tensors, tuple(self._parts))
        for name, part in self._parts.items():
            groups = part.state_dict()["param_groups"]
            part.load_state_dict({"state": entries[name], "param_groups": groups})


def muon(matrices: Sequence[torch.nn.Parameter], config: OptimizerConfig) -> torch.optim.Muon:
    """Return Muon over whole matrices."""
    return torch.optim.Muon(
        matrices,
        lr=config.matrix_rate,
        momentum=config.matrix_momentum,
        weight_decay=config.matrix_decay,
    )


def adamw(weights: Sequence[torch.nn.Parameter], config: OptimizerConfig) -> torch.optim.AdamW:
    """Return AdamW over the other weights."""
    return torch.optim.AdamW(
        weights,
        lr=config.rest_rate,
        betas=(config.rest_beta1, config.rest_beta2),
        weight_decay=0.0,
        fused=True,
    )


def set_rate(part: torch.optim.Optimizer, rate: float) -> None:
    """Set the learning rate of all weights."""
    for group in part.param_groups:
        group["lr"] = rate


Entries = dict[str, dict[int, dict[str, torch.Tensor]]]
"""State by part, number of the weight within it, and key."""


def read_entries(tensors: Mapping[str, torch.Tensor], parts: Sequence[str]) -> Entries:
    """Return the state that tensors named `part.number.key` hold.

    Raises:
        ValueError: It is the state of other parts.
    """
    entries: Entries = {name: {} for name in parts}
    for path, tensor in tensors.items():
        name, number, key = path.split(".")
        if name not in entries:
            raise ValueError(f"the optimizer has {', '.join(entries)}; got the state of {name}")
        entries[name].setdefault(int(number), {})[key] = tensor
    return entries


def split_weights(
    model: torch.nn.Module,
) -> tuple[dict[str, list[torch.nn.Parameter]], list[torch.nn.Parameter]]:
    """Return the matrices by layer, and all other weights."""
    matrices: dict[str, list[torch.nn.Parameter]] = {}
    rest: list[torch.nn.Parameter] = []
    for name, weight in model.named_parameters():
        layer = LAYER.search(name)
        if layer is not None and weight.ndim == 2:
            matrices.setdefault(f"matrices{layer[1]}", []).append(weight)
        else:
            rest.append(weight)
    return matrices, rest
