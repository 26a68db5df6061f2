"""Several processes that train one model: who is who, and what they agree on.

`torchrun` starts the processes and tells each its rank by environment variables. Every process
draws the same rows and takes its part of them; the first one alone writes files. What depends on a
clock or a signal is decided by the first and told to the others, so that all do the same steps.
Values for the host go over gloo: a GPU is never waited for to learn them.

Not covered: a model too large for one process's memory. It is built whole in each, then sharded.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed

from training.rows import Rows

MODES = ("ddp", "fsdp")
"""Every process holds the whole model, or its part of every weight."""


@dataclass(frozen=True, slots=True)
class World:
    """The processes of this run, and which of them this is."""

    rank: int = 0
    size: int = 1
    local_rank: int = 0
    """The same among the processes of this machine: the number of its GPU."""

    @property
    def is_first(self) -> bool:
        """Whether this is the process that writes."""
        return self.rank == 0

    def share(self, rows: Rows) -> Rows:
        """Return this process's part of the rows, the others' before and behind it.

        Raises:
            ValueError: The rows cannot be divided.
        """
        if len(rows) % self.size:
            raise ValueError(
                f"batch_rows must be a multiple of the {self.size} processes, got {len(rows)}"
            )
        part = len(rows) // self.size
        return rows[self.rank * part : (self.rank + 1) * part]

    def agree(self, *values: float) -> tuple[float, ...]:
        """Return the first process's values, in every process."""
        if self.size == 1:
            return values
        agreed = torch.tensor(values, dtype=torch.float64)
        torch.distributed.broadcast(agreed, src=0)
        return tuple(agreed.tolist())


@contextmanager
def join_world() -> Iterator[World]:
    """Give the world that `torchrun` made, or one of this process alone.

    Within one that is open already it gives the same again.
    """
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        yield World()
        return
    world = World(int(os.environ["RANK"]), size, int(os.environ.get("LOCAL_RANK", "0")))
    if torch.distributed.is_initialized():
        yield world
        return
    if torch.cuda.is_available():
        torch.cuda.set_device(world.local_rank)
    backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
    torch.distributed.init_process_group(backend)
    if not world.is_first:
        logging.getLogger("training").setLevel(logging.WARNING)
    try:
        yield world
    finally:
        torch.distributed.destroy_process_group()
