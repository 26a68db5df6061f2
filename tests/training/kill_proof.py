"""Kills a training run in the middle of writing its checkpoint, again and again.

    python -m tests.training.kill_proof --kills 100

Each kill is one inside the write window, counted: the run is stopped (SIGSTOP), and if the files
say that a checkpoint is being written or put into place, it is killed (SIGKILL); otherwise it goes
on and is stopped again. After every kill a complete checkpoint must be there, no older than one
that was complete before, and the run goes on from it. In the end weights and optimizer must be
those of a run that nobody disturbed, to the bit.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

from safetensors.torch import load_file

from tests.training.rows import VOCABULARY, write_rows
from training.checkpoint import find_checkpoint, load_model, load_state
from training.loop import Ending, TrainConfig, train
from training.mixture import Source
from training.model import ModelConfig
from training.run_folder import CHECKPOINT
from training.schedule import ScheduleConfig

# Large enough that writing takes a good part of a step, small enough for thousands of them.
SHAPE = ModelConfig(
    hidden=256, layers=2, heads=4, feed_forward=256, vocabulary=VOCABULARY, context=64
)
# What takes long to import is imported once, in the process that all others are forked from.
PRELOADED = ("training.loop", "transformers.models.llama.modeling_llama")
SETTLED = "nothing is being written"


def prove(folder: Path, kills: int, seed: int = 0) -> Counter[str]:
    """Return where in the window the kills fell, by the folders that were there.

    Raises:
        AssertionError: A checkpoint was lost, or the end is not that of an undisturbed run.
    """
    config = small_config(folder, steps=10**6)
    rng = random.Random(seed)
    run = folder / "killed" / CHECKPOINT
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    windows: Counter[str] = Counter()
    step = 0
    while sum(windows.values()) < kills:
        process = context.Process(target=_train_quietly, args=(config, folder / "killed"))
        process.start()
        windows[_kill_while_writing(process, run, rng)] += 1
        found = find_checkpoint(run)
        assert found is not None, "the kill lost the checkpoint"
        load_model(found)
        load_file(found / "optimizer.safetensors")
        assert load_state(found).step >= step, "the kill lost an older checkpoint's steps"
        step = load_state(found).step
    _check_end(folder, step + 3)
    return windows


def small_config(folder: Path, steps: int) -> TrainConfig:
    """A small run over rows in the folder, with a checkpoint after every step."""
    rows = folder / "rows"
    if not rows.exists():
        write_rows(rows)
    return TrainConfig(
        schedule=ScheduleConfig(steps=steps, warmup=0, decay=0),
        model=SHAPE,
        mixture=(Source(str(rows)),),
        batch_rows=1,
        micro_rows=1,
        workers=1,
        log_every=1000,
        checkpoint_minutes=0.0,
    )


def _train_quietly(config: TrainConfig, folder: Path) -> None:
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    train(config, folder)


def _kill_while_writing(process: BaseProcess, run: Path, rng: random.Random) -> str:
    """Kill the process inside the window, and return which part of it that was."""
    assert process.pid is not None
    _wait_until_settled(process, run)
    while True:
        time.sleep(rng.uniform(0, 0.03))
        os.kill(process.pid, signal.SIGSTOP)
        _wait_until_stopped(process.pid)
        window = _window(run)
        if window != SETTLED:
            os.kill(process.pid, signal.SIGKILL)
            process.join()
            return window
        os.kill(process.pid, signal.SIGCONT)
        assert process.is_alive(), "the run ended by itself"


def _wait_until_settled(process: BaseProcess, run: Path) -> None:
    """Wait until the process has written a checkpoint of its own after it took up the last one."""
    before = _modified(run)
    while _modified(run) == before:
        assert process.is_alive(), "the run ended by itself"
        time.sleep(0.005)


def _modified(run: Path) -> int:
    try:
        return (run / "state.json").stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _wait_until_stopped(pid: int) -> None:
    # The third field of this file is the state, behind the name in brackets.
    while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
        time.sleep(0.0005)


def _window(run: Path) -> str:
    """Return what lies there besides the checkpoint, or that nothing does."""
    names = [name for name in _names(run) if (run.parent / name).exists()]
    if names == [run.name]:
        return SETTLED
    return " and ".join(names)


def _names(run: Path) -> Iterator[str]:
    for suffix in ("", ".part", ".old"):
        yield run.name + suffix


def _check_end(folder: Path, steps: int) -> None:
    config = small_config(folder, steps)
    for name in ("killed", "whole"):
        rarely = dataclasses.replace(config, checkpoint_minutes=10.0)
        assert train(rarely, folder / name) is Ending.FINISHED
    for name in ("model.safetensors", "optimizer.safetensors"):
        killed, whole = (
            (folder / run / CHECKPOINT / name).read_bytes() for run in ("killed", "whole")
        )
        assert killed == whole, f"{name} differs from that of an undisturbed run"


def main() -> int:
    """Run the proof and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        windows = prove(Path(folder), args.kills, args.seed)
        step = load_state(Path(folder) / "killed" / CHECKPOINT).step
    result = {
        "kills_in_the_write_window": sum(windows.values()),
        "checkpoints_lost": 0,
        "steps": step,
        "what_lay_there": dict(windows),
        "seconds": round(time.monotonic() - started, 1),
    }
    print(json.dumps(result, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
