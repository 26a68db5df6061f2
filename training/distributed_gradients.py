"""The gradient of one step's rows over several processes, by torch's own DDP or FSDP2.

Each process takes its part of the rows. Both engines average what the processes found, so each
scales its loss to the targets of all: the average is then the gradient of the mean over all
targets, as in a single process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, TypeVar

import torch
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import FSDPModule, fully_shard, register_fsdp_forward_method
from torch.nn.parallel import DistributedDataParallel

from training.distributed import World
from training.loss_model import LossModel
from training.micro_batch import split_rows
from training.rows import Rows

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM

A = TypeVar("A")
B = TypeVar("B")


class DistributedGradients:
    """A model in one of several processes, ready to have its loss and gradients taken."""

    def __init__(
        self,
        model: LlamaForCausalLM,
        world: World,
        mode: str,
        *,
        micro_rows: int,
        compiled: bool,
        separate: bool = True,
    ) -> None:
        """Prepare the model; with "fsdp" its weights are sharded from here on.

        Args:
            mode: one of `training.distributed.MODES`.
            micro_rows: rows that go through the model together.
            compiled: compile the model's layers first: pays on a GPU.
            separate: let no example look at those in front of it in its row.
        """
        self._model = LossModel(model, compiled=compiled, separate=separate)
        self.device = self._model.device
        self._world, self._micro_rows = world, micro_rows
        self._module: torch.nn.Module = (
            _shard(self._model) if mode == "fsdp" else DistributedDataParallel(self._model)
        )
        self._parameters = [weight for weight in model.parameters() if weight.requires_grad]

    def take(self, rows: Rows) -> tuple[torch.Tensor, list[torch.Tensor]]:
        """Return the mean loss over all targets of all processes, in nats, and its gradients.

        Args:
            rows: those of all processes.
        """
        batches = split_rows(self._world.share(rows), self._micro_rows, self.device)
        scale = self._world.size / max(1, rows.targets)
        total = torch.zeros((), device=self.device)
        for number, batch in enumerate(batches, 1):
            with self._exchange(is_last=number == len(batches)):
                loss = self._module(batch) * scale
                loss.backward()
            total += loss.detach()
        torch.distributed.all_reduce(total)
        return total / self._world.size, [self._take_gradient(each) for each in self._parameters]

    def losses(self, rows: Rows) -> tuple[torch.Tensor, int]:
        """Return the loss summed over all targets, in nats, without gradients, and their number.

        Every process computes all of it: the rows are few, and nothing needs to be exchanged.
        """
        batches = split_rows(rows, self._micro_rows, self.device)
        with torch.no_grad():
            total = torch.stack([self._module(batch) for batch in batches]).sum()
        self._release()
        return total, rows.targets

    def next_logits(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return the logits [B, V] of the token behind each row [B, T]; every process calls it."""
        logits = self._model.next_logits(tokens)
        self._release()
        return logits

    def run(self, task: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        """Return what the task makes of each item, in order."""
        return map(task, items)

    def close(self) -> None:
        """Do nothing: the processes end together."""

    def _release(self) -> None:
        """Let go of weights gathered without a backward pass: they would be taken for the real."""
        if isinstance(self._module, FSDPModule):
            self._module.reshard()

    def _exchange(self, *, is_last: bool) -> AbstractContextManager[None]:
        """Return the context of one backward pass; gradients are exchanged behind the last."""
        if isinstance(self._module, FSDPModule):
            self._module.set_requires_gradient_sync(is_last)
            return nullcontext()
        assert isinstance(self._module, DistributedDataParallel)  # noqa: S101 - there is no third
        return nullcontext() if is_last else self._module.no_sync()

    def _take_gradient(self, weight: torch.Tensor) -> torch.Tensor:
        gradient, weight.grad = weight.grad, None
        assert gradient is not None  # noqa: S101 - every weight takes part in the loss
        return gradient


def _shard(model: LossModel) -> torch.nn.Module:
    """Return the model with every weight cut by rows, one part a process.

    A layer is gathered when it is used. The embedding, which is the output layer too, stays
    gathered from the forward pass to the backward pass.
    """
    mesh = init_device_mesh(model.device.type, (torch.distributed.get_world_size(),))
    for layer in model.model.model.layers:
        fully_shard(layer, mesh=mesh)
    fully_shard(model, mesh=mesh)
    register_fsdp_forward_method(model, "next_logits")
    return model
