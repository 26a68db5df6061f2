"""A run that is killed while it writes its checkpoint. A hundred times: see `kill_proof`."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from tests.faults.kill import When, kill_while_writing
from tests.training.kill_proof import SETTLED, prove, small_config
from training.checkpoint import load_state
from training.loop import train
from training.run_folder import CHECKPOINT, PICTURE


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to stop a process in the window")
def test_a_kill_while_writing_loses_no_checkpoint(tmp_path: Path) -> None:
    windows = prove(tmp_path, kills=3)
    assert sum(windows.values()) == 3
    assert SETTLED not in windows


def train_three_steps(folder: Path, run: Path) -> None:
    train(small_config(folder, steps=3), run)


@pytest.mark.skipif(sys.platform != "linux", reason="has a server that forks")
def test_a_kill_behind_the_last_checkpoint_leaves_no_half_picture(tmp_path: Path) -> None:
    small_config(tmp_path, steps=3)
    run = tmp_path / "run"
    killed = kill_while_writing(
        train_three_steps, (tmp_path, run), run, random.Random(0), When(1, PICTURE)
    )
    assert killed == f"{PICTURE}.part"
    assert load_state(run / CHECKPOINT).step == 3
    train_three_steps(tmp_path, run)
    assert (run / PICTURE).is_file()
    assert not [*run.rglob("*.part")]
