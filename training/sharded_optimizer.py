"""The optimizer of a model whose weights are cut by rows over several processes.

AdamW goes through each value alone and works on the parts as they lie. Muon's matrices are brought
together first, each in one process. The state is saved whole, under the names that
`training.optimizer` uses, so that one process can go on where several stopped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import torch
from torch.distributed.tensor import DTensor, distribute_tensor

from training.optimizer import (
    REST,
    OptimizerConfig,
    Run,
    adamw,
    muon,
    read_entries,
    set_rate,
    split_weights,
)
from training.whole_matrices import WholeMatrices

MOMENTUM = "momentum_buffer"


class ShardedOptimizer:
    """Muon for whole matrices and AdamW for parts of the other weights, as one."""

    def __init__(self, model: torch.nn.Module, config: OptimizerConfig) -> None:
        """Take the sharded weights in the order in which the model names them."""
        self.parameters = [weight for weight in model.parameters() if weight.requires_grad]
        if not config.muon:
            raise ValueError("fsdp trains with Muon, got muon=False")
        self._config = config
        matrices, self._rest = split_weights(model)
        self._names = [
            f"{layer}.{number}" for layer, each in matrices.items() for number in range(len(each))
        ]
        sharded = [cast(DTensor, weight) for each in matrices.values() for weight in each]
        self._layers = tuple(matrices)
        self._matrices = WholeMatrices(sharded)
        at_home = list(self._matrices.at_home.values())
        # With more processes than matrices some have none.
        self._muon = muon(at_home, config) if at_home else None
        self._adamw = adamw(self._rest, config)

    def step(
        self, gradients: Sequence[torch.Tensor], factor: float, _run: Run = map
    ) -> torch.Tensor:
        """Return the gradient's norm before clipping, after one update.

        Args:
            gradients: one for each of `parameters`, sharded like it.
            factor: what the peak learning rates are multiplied by, 0 <= factor <= 1.
        """
        for weight, gradient in zip(self.parameters, gradients, strict=True):
            weight.grad = gradient
        norm = torch.nn.utils.clip_grad_norm_(self.parameters, self._config.clip)
        self._matrices.bring_gradients()
        if self._muon is not None:
            set_rate(self._muon, self._config.matrix_rate * factor)
            self._muon.step()  # type: ignore[no-untyped-call]
        self._matrices.send_back()
        set_rate(self._adamw, self._config.rest_rate * factor)
        self._adamw.step()
        for weight in self.parameters:
            weight.grad = None
        return norm.full_tensor() if isinstance(norm, DTensor) else norm

    def state(self) -> dict[str, torch.Tensor]:
        """Return all state as whole tensors named `part.number.key`; every process calls it."""
        entries = self._adamw.state_dict()["state"]
        if not entries:
            return {}
        tensors = {}
        for number, name in enumerate(self._names):
            tensors[f"{name}.{MOMENTUM}"] = self._matrices.spread(number, self._momentum(number))
        for number, values in entries.items():
            for key, value in values.items():
                whole = value.full_tensor() if isinstance(value, DTensor) else value
                tensors[f"{REST}.{number}.{key}"] = whole
        return tensors

    def load_state(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Take up a state that `state` returned, here or in a single process.

        Raises:
            ValueError: It is the state of other parts.
        """
        entries = read_entries(tensors, (*self._layers, REST))
        rest = {
            number: {key: self._part(number, value) for key, value in values.items()}
            for number, values in entries[REST].items()
        }
        _load(self._adamw, rest)
        if self._muon is not None:
            named = [tensors[f"{self._names[n]}.{MOMENTUM}"] for n in self._matrices.at_home]
            _load(self._muon, {place: {MOMENTUM: each} for place, each in enumerate(named)})

    def _momentum(self, number: int) -> torch.Tensor | None:
        whole = self._matrices.at_home.get(number)
        if whole is None or self._muon is None:
            return None
        return cast(torch.Tensor, self._muon.state[whole][MOMENTUM])

    def _part(self, number: int, value: torch.Tensor) -> torch.Tensor:
        weight = cast(DTensor, self._rest[number])
        if value.shape != weight.shape:
            return value
        # Every process read the same file: nothing needs to be sent.
        return distribute_tensor(value, weight.device_mesh, weight.placements, src_data_rank=None)


def _load(part: torch.optim.Optimizer, state: Mapping[int, Mapping[str, torch.Tensor]]) -> None:
    part.load_state_dict({"state": state, "param_groups": part.state_dict()["param_groups"]})
