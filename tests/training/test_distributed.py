"""Two processes against one: the same losses, and checkpoints that go both ways."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.training.checkpoints import REPOSITORY
from tests.training.rows import VOCABULARY, write_rows
from training.distributed import World
from training.loop import TrainConfig, train
from training.mixture import Source
from training.model import ModelConfig
from training.rows import joined, one_example_each
from training.schedule import ScheduleConfig

# Every step rounds to bf16, three significant digits, and the order of sums differs. Seen over ten
# steps: 2e-4.
RTOL = 2e-3
# The rows of some matrices do not divide by two.
SHAPE = ModelConfig(
    hidden=66, layers=2, heads=3, feed_forward=67, vocabulary=VOCABULARY + 1, context=64
)


def losses(run: Path) -> dict[int, float]:
    lines = map(json.loads, (run / "metrics.jsonl").read_text().splitlines())
    return {line["step"]: line["loss"] for line in lines if "loss" in line}


def held_out(run: Path) -> list[float]:
    lines = map(json.loads, (run / "metrics.jsonl").read_text().splitlines())
    return [line["held_out_loss"] for line in lines if "held_out_loss" in line]


def moments(run: Path) -> dict[str, torch.Size]:
    tensors = load_file(run / "checkpoint/optimizer.safetensors")
    return {name: tensor.shape for name, tensor in tensors.items()}


def steps(config: TrainConfig, count: int) -> TrainConfig:
    """A plan of so many steps; with a steady rate the first steps of a longer one are the same."""
    return dataclasses.replace(config, schedule=ScheduleConfig(steps=count, warmup=0, decay=0))


def start_two(folder: Path, *runs: tuple[TrainConfig, Path]) -> None:
    arguments = []
    for number, (config, run) in enumerate(runs):
        path = folder / f"config{number}.json"
        path.write_text(json.dumps(dataclasses.asdict(config)))
        arguments.append(f"{path}={run}")
    launch = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
    done = subprocess.run(
        [sys.executable, *launch, "-m", "tests.training.two_processes", *arguments],
        cwd=REPOSITORY,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]


@pytest.mark.parametrize("mode", ["ddp", "fsdp"])
def test_two_processes_equal_one(tmp_path: Path, mode: str) -> None:
    rows, held = write_rows(tmp_path / "rows"), write_rows(tmp_path / "held", rows=4, seed=1)
    config = TrainConfig(
        schedule=ScheduleConfig(steps=10),
        model=SHAPE,
        mixture=(Source(str(rows)),),
        held_out=str(held),
        batch_rows=8,
        micro_rows=2,
        workers=1,
        log_every=1,
        evaluate_every=4,
        parallel=mode,
    )
    train(steps(config, 10), tmp_path / "one")
    train(steps(config, 4), tmp_path / "one-two")
    start_two(
        tmp_path,
        (steps(config, 7), tmp_path / "two-one"),
        (steps(config, 7), tmp_path / "one-two"),
    )
    wanted = losses(tmp_path / "one")
    assert wanted[10] < wanted[1] - 0.5
    assert losses(tmp_path / "two-one") == pytest.approx(
        {step: wanted[step] for step in range(1, 8)}, rel=RTOL
    )
    assert held_out(tmp_path / "two-one")[0] == pytest.approx(
        held_out(tmp_path / "one")[0], rel=RTOL
    )
    for name in ("two-one", "one-two"):
        shutil.copy(tmp_path / name / "metrics.jsonl", tmp_path / f"{name}.jsonl")
        train(steps(config, 10), tmp_path / name)
        assert losses(tmp_path / name) == pytest.approx(wanted, rel=RTOL)
        assert not list((tmp_path / name).rglob("*.part"))
        assert moments(tmp_path / name) == moments(tmp_path / "one")


def test_rows_are_divided_in_order() -> None:
    import numpy as np

    rows = one_example_each(np.arange(12).reshape(6, 2), np.ones((6, 2), dtype=np.bool_))
    parts = [World(rank, 3).share(rows) for rank in range(3)]
    assert joined(parts).tokens.tolist() == rows.tokens.tolist()
    with pytest.raises(ValueError, match="multiple of the 4 processes, got 6"):
        World(0, 4).share(rows)


def test_one_process_agrees_with_itself() -> None:
    assert World().agree(1.5, True) == (1.5, True)
    assert not torch.distributed.is_initialized()
