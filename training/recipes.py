"""Named runs. The command line picks one and overrides single settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from training.loop import TrainConfig
from training.model import ModelConfig
from training.optimizer import OptimizerConfig
from training.schedule import ScheduleConfig


def tiny() -> TrainConfig:
    """A model that learns next to nothing in seconds: for tests and for trying the commands."""
    return TrainConfig(
        schedule=ScheduleConfig(steps=20),
        model=ModelConfig(
            hidden=256, layers=2, heads=4, feed_forward=256, vocabulary=1024, context=256
        ),
        batch_rows=4,
        micro_rows=2,
        held_out_rows=4,
        evaluate_every=10,
        log_every=5,
    )


def cpu() -> TrainConfig:
    """7.2M parameters in 68 minutes of four cores, some 20M tokens: the default model's run."""
    return TrainConfig(
        schedule=ScheduleConfig(minutes=68),
        model=ModelConfig(layers=6),
        held_out_rows=96,
        evaluate_every=200,
    )


def gpu() -> TrainConfig:
    """49M parameters in 22 minutes of one large GPU: some 2B tokens."""
    return TrainConfig(
        schedule=ScheduleConfig(minutes=22),
        model=ModelConfig(
            hidden=512, layers=12, heads=8, feed_forward=1536, vocabulary=16384, context=2048
        ),
        batch_rows=128,
        micro_rows=32,
        compiled=True,
        checkpoint_minutes=1.5,
    )


def finetune() -> TrainConfig:
    """A few minutes over answers alone, from a checkpoint's weights, at lower rates."""
    return TrainConfig(
        schedule=ScheduleConfig(minutes=6, warmup=0.05, decay=0.95),
        optimizer=OptimizerConfig(matrix_rate=0.004, rest_rate=0.0008),
        evaluate_every=50,
    )


def published() -> TrainConfig:
    """From a published model, with AdamW at the paper's rate, falling in a straight line."""
    return TrainConfig(
        schedule=ScheduleConfig(minutes=60, warmup=0.02, decay=0.98),
        optimizer=OptimizerConfig(muon=False, rest_rate=3e-4, rest_beta2=0.999),
        micro_rows=1,
        evaluate_every=50,
    )


RECIPES: Mapping[str, Callable[[], TrainConfig]] = {
    "tiny": tiny,
    "cpu": cpu,
    "gpu": gpu,
    "finetune": finetune,
    "published": published,
}
