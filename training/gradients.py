"""The gradient of one step's rows: on a GPU in one go, on a CPU one thread per few rows.

A CPU core works best alone: a thread that computes its own rows from end to end wastes nothing on
meeting the others after each operation, and suffers little from other programs on the machine.
What the threads return is summed in the order of the rows, so the result is the same to the bit
for any number of threads. `training.distributed_gradients` is the same for several processes.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol, TypeVar

import torch

from training.loss_model import LossModel
from training.micro_batch import MicroBatch, split_rows
from training.rows import Rows

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM


A = TypeVar("A")
B = TypeVar("B")


class TakesGradients(Protocol):
    """What the loop and the evaluation need of a model in training."""

    def take(self, rows: Rows) -> tuple[torch.Tensor, list[torch.Tensor]]:
        """Return the mean loss over all targets, in nats, and its gradients."""
        ...

    def losses(self, rows: Rows) -> tuple[torch.Tensor, int]:
        """Return the loss summed over all targets, in nats, without gradients, and their number."""
        ...

    def next_logits(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return the logits [B, V] of the token behind each row [B, T]."""
        ...

    def run(self, task: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        """Return what the task makes of each item, in order, on as many threads as there are."""
        ...

    def close(self) -> None:
        """Give back threads and cores."""
        ...


class Gradients:
    """A model in one process, ready to have its loss and gradients taken."""

    def __init__(
        self,
        model: LlamaForCausalLM,
        *,
        workers: int,
        micro_rows: int,
        compiled: bool,
        separate: bool = True,
    ) -> None:
        """Prepare the model.

        Args:
            workers: threads; more than one only on a CPU.
            micro_rows: rows that go through the model together.
            compiled: compile the model's layers first: pays on a GPU.
            separate: let no example look at those in front of it in its row.
        """
        self._model = LossModel(model, compiled=compiled, separate=separate)
        self.device = self._model.device
        if self.device.type == "cpu":
            _keep_freed_memory()
        self._parameters = [weight for weight in model.parameters() if weight.requires_grad]
        self._micro_rows = micro_rows
        self._threads_before = torch.get_num_threads()
        self._pool = _one_core_threads(workers) if self.device.type == "cpu" else None

    def take(self, rows: Rows) -> tuple[torch.Tensor, list[torch.Tensor]]:
        """Return the mean loss over all targets, in nats, and its gradients."""
        batches = split_rows(rows, self._micro_rows, self.device)
        targets = max(1, sum(len(batch.targets) for batch in batches))
        results = self.run(self._gradients, batches)
        total, first = next(results)
        sums = list(first)
        for loss, gradients in results:
            total = total + loss
            torch._foreach_add_(sums, gradients)
        torch._foreach_div_(sums, targets)
        return total / targets, sums

    def losses(self, rows: Rows) -> tuple[torch.Tensor, int]:
        """Return the loss summed over all targets, in nats, without gradients, and their number."""
        batches = split_rows(rows, self._micro_rows, self.device)
        sums = list(self.run(self._loss_only, batches))
        return torch.stack(sums).sum(), sum(len(batch.targets) for batch in batches)

    def next_logits(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return the logits [B, V] of the token behind each row [B, T]."""
        return self._model.next_logits(tokens)

    def run(self, task: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        """Return what the task makes of each item, in order, on this model's threads."""
        return map(task, items) if self._pool is None else self._pool.map(task, items)

    def close(self) -> None:
        """End the threads, and give the calling thread its cores back."""
        if self._pool is not None:
            self._pool.shutdown()
            torch.set_num_threads(self._threads_before)

    def _gradients(self, batch: MicroBatch) -> tuple[torch.Tensor, tuple[torch.Tensor, ...]]:
        loss = self._model(batch)
        return loss.detach(), torch.autograd.grad(loss, self._parameters)

    def _loss_only(self, batch: MicroBatch) -> torch.Tensor:
        with torch.no_grad():
            loss: torch.Tensor = self._model(batch)
            return loss


def _one_core_threads(workers: int) -> ThreadPoolExecutor:
    """Return threads whose every operation runs on one core, as the calling thread's does now.

    The number is torch's for the whole process as well as for each thread: while it is larger
    anywhere, operations of these threads spread over all cores, at half the speed in all.
    """
    torch.set_num_threads(1)
    together = threading.Barrier(workers)

    def become_one_core() -> None:
        torch.set_num_threads(1)
        together.wait()

    pool = ThreadPoolExecutor(workers, thread_name_prefix="gradients")
    for started in [pool.submit(become_one_core) for _ in range(workers)]:
        started.result()
    return pool


def _keep_freed_memory() -> None:
    """Tell glibc to keep large freed blocks: mapping them anew each time cost 20 % of a step."""
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        trim_threshold, mmap_threshold = -1, -3
        mallopt(mmap_threshold, 1 << 30)
        mallopt(trim_threshold, (1 << 31) - 1)
