"""What a run works with, put together: data, model, optimizer, and where it stands."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch.distributed.tensor import DTensor

from training.checkpoint import (
    RunState,
    find_checkpoint,
    load_optimizer,
    load_state,
    load_subject,
)
from training.device import (
    choose_device,
    choose_micro_rows,
    choose_workers,
    describe_device,
)
from training.distributed import World
from training.distributed_gradients import DistributedGradients
from training.gradients import Gradients, TakesGradients
from training.optimizer import Optimizer, Optimizes
from training.run_data import RunData, open_data
from training.run_folder import CHECKPOINT
from training.sharded_optimizer import ShardedOptimizer
from training.subject import Subject, open_subject
from training.utilization import Speedometer, peak_flops

if TYPE_CHECKING:
    from training.loop import TrainConfig

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunParts:
    """All that a run needs to take steps."""

    data: RunData
    subject: Subject
    gradients: TakesGradients
    optimizer: Optimizes
    state: RunState
    """Where the run stands: at its checkpoint, or at the beginning."""
    device: torch.device
    machine: str
    """What it runs on, in words."""
    speedometer: Speedometer


def put_together(config: TrainConfig, folder: Path, world: World) -> RunParts:
    """Return the parts of a run, at its newest checkpoint if there is one.

    Raises:
        ValueError: The data does not fit the model, or the folder holds another run.
    """
    data = open_data(config)
    device = choose_device(config.device, world.local_rank)
    workers = choose_workers(config.workers, device)
    subject = open_subject(config)
    torch.nn.Module.to(subject.model, device)
    checkpoint = find_checkpoint(folder / CHECKPOINT)
    # Weights first: what is sharded afterwards is what they are then.
    state = _start(config, data) if checkpoint is None else _resume(checkpoint, config, data)
    if checkpoint is not None:
        load_subject(checkpoint, subject)
    gradients = _distribute(config, subject, world, device, workers)
    optimizer = _optimizer(config, subject)
    if checkpoint is not None:
        load_optimizer(checkpoint, optimizer, device)
    peak = world.size * peak_flops(device, workers)
    return RunParts(
        data=data,
        subject=subject,
        gradients=gradients,
        optimizer=optimizer,
        state=state,
        device=device,
        machine=describe_device(device, world.size, workers),
        speedometer=Speedometer(config.model, _span(config, data), peak),
    )


def _start(config: TrainConfig, data: RunData) -> RunState:
    return RunState(0, 0, 0, 0.0, (0,) * len(config.mixture), data.data_hash)


def _resume(checkpoint: Path, config: TrainConfig, data: RunData) -> RunState:
    state = load_state(checkpoint)
    if state.data_hash != data.data_hash:
        raise ValueError(
            f"{checkpoint} was trained on other rows: wanted data {data.data_hash},"
            f" got {state.data_hash}"
        )
    data.mixture.drawn = list(state.drawn)
    log.info("going on at step %d", state.step)
    # A plan in steps may have become another.
    done = config.schedule.advance(state.done, state.step, 0.0, float("inf"))
    return replace(state, done=done)


def _span(config: TrainConfig, data: RunData) -> float:
    return data.span if config.separate else float(data.mixture.shards[0].context)


def _distribute(
    config: TrainConfig, subject: Subject, world: World, device: torch.device, workers: int
) -> TakesGradients:
    micro_rows = choose_micro_rows(config.micro_rows, device)
    if world.size == 1:
        return Gradients(
            subject.model,
            workers=workers,
            micro_rows=micro_rows,
            compiled=config.compiled,
            separate=config.separate,
        )
    torch.set_num_threads(workers)
    return DistributedGradients(
        subject.model,
        world,
        config.parallel,
        micro_rows=micro_rows,
        compiled=config.compiled,
        separate=config.separate,
    )


def _optimizer(config: TrainConfig, subject: Subject) -> Optimizes:
    """Return the optimizer for weights that are whole, or for parts of them."""
    if any(isinstance(weight, DTensor) for weight in subject.model.parameters()):
        return ShardedOptimizer(subject.model, config.optimizer)
    return Optimizer(subject.model, config.optimizer)
