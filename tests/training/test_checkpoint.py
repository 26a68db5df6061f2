"""Checkpoints: complete or absent, and back to the bit."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.training.checkpoints import write_checkpoint, write_tokenizer
from training.checkpoint import (
    Checkpoint,
    RunState,
    find_checkpoint,
    load_model,
    load_optimizer,
    load_state,
    load_subject,
    save_checkpoint,
)
from training.model import ModelConfig, build_model
from training.optimizer import Optimizer, OptimizerConfig
from training.subject import OwnModel

SHAPE = ModelConfig(hidden=32, layers=2, heads=2, feed_forward=32, vocabulary=64, context=32)
STATE = RunState(step=3, tokens=300, targets=200, elapsed_s=1.5, drawn=(2, 1), data_hash="abc")


def trained(steps: int) -> tuple[torch.nn.Module, Optimizer]:
    model = build_model(SHAPE)
    optimizer = Optimizer(model, OptimizerConfig())
    for seed in range(steps):
        step(optimizer, seed)
    return model, optimizer


def step(optimizer: Optimizer, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    gradients = [torch.randn(each.shape, generator=generator) for each in optimizer.parameters]
    optimizer.step(gradients, 0.5)


def test_everything_comes_back_to_the_bit(tmp_path: Path) -> None:
    model, optimizer = trained(3)
    save_checkpoint(tmp_path / "c", Checkpoint(OwnModel(model, SHAPE), optimizer, STATE, {}))
    again, shape = load_model(tmp_path / "c")
    optimizer_again = Optimizer(again, OptimizerConfig())
    load_optimizer(tmp_path / "c", optimizer_again, torch.device("cpu"))
    assert (shape, load_state(tmp_path / "c")) == (SHAPE, STATE)
    step(optimizer, 9)
    step(optimizer_again, 9)
    for first, second in zip(model.parameters(), again.parameters(), strict=True):
        assert torch.equal(first, second)


def test_saving_again_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    for steps in (1, 2):
        model, optimizer = trained(steps)
        save_checkpoint(tmp_path / "c", Checkpoint(OwnModel(model, SHAPE), optimizer, STATE, {}))
    assert [path.name for path in tmp_path.iterdir()] == ["c"]


def test_no_file_is_a_pickle(tmp_path: Path) -> None:
    tokenizer = tmp_path / "tokenizer.json"
    write_tokenizer(tokenizer, 300)
    write_checkpoint(tmp_path / "c", SHAPE, tokenizer)
    assert {path.suffix for path in (tmp_path / "c").iterdir()} == {".json", ".safetensors"}


def test_a_failed_save_leaves_the_old_one(tmp_path: Path) -> None:
    model, optimizer = trained(1)
    good = Checkpoint(OwnModel(model, SHAPE), optimizer, STATE, {})
    save_checkpoint(tmp_path / "c", good)
    bad = Checkpoint(
        OwnModel(model, SHAPE), optimizer, STATE, {"tokenizer.json": tmp_path / "missing"}
    )
    with pytest.raises(FileNotFoundError):
        save_checkpoint(tmp_path / "c", bad)
    assert load_state(tmp_path / "c") == STATE


class Killed(BaseException):
    """What ends a process in the middle of its work, as far as a test can."""


@pytest.mark.parametrize("present", ["c", "c.old"])
@pytest.mark.parametrize("steps", range(5))
def test_a_kill_between_any_two_steps_of_a_save_leaves_a_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int, present: str
) -> None:
    model, optimizer = trained(1)
    checkpoint = Checkpoint(OwnModel(model, SHAPE), optimizer, STATE, {})
    save_checkpoint(tmp_path / "c", checkpoint)
    (tmp_path / "c").rename(tmp_path / present)
    left = [steps]

    def killing(action: Callable[..., Any]) -> Callable[..., Any]:
        def act(*arguments: object, **named: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return action(*arguments, **named)

        return act

    with monkeypatch.context() as patched, contextlib.suppress(Killed):
        patched.setattr(Path, "replace", killing(Path.replace))
        patched.setattr(shutil, "rmtree", killing(shutil.rmtree))
        save_checkpoint(tmp_path / "c", checkpoint)
    found = find_checkpoint(tmp_path / "c")
    assert found is not None
    assert load_state(found) == STATE
    load_model(found)


@pytest.mark.parametrize(
    ("present", "found"),
    [([], None), (["c"], "c"), (["c.old"], "c.old"), (["c", "c.old"], "c"), (["c.part"], None)],
)
def test_the_newest_complete_checkpoint_is_found(
    tmp_path: Path, present: list[str], found: str | None
) -> None:
    for name in present:
        (tmp_path / name).mkdir()
        (tmp_path / name / "state.json").write_text("{}")
    assert find_checkpoint(tmp_path / "c") == (tmp_path / found if found else None)


def test_a_folder_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no checkpoint"):
        load_model(tmp_path)


def test_weights_of_another_model_are_refused(tmp_path: Path) -> None:
    model, optimizer = trained(1)
    save_checkpoint(tmp_path / "c", Checkpoint(OwnModel(model, SHAPE), optimizer, STATE, {}))
    shape = ModelConfig(hidden=64, layers=2, heads=2, feed_forward=32, vocabulary=64)
    with pytest.raises(ValueError, match="another model's"):
        load_subject(tmp_path / "c", OwnModel(build_model(shape), shape))


def test_state_of_another_optimizer_is_refused() -> None:
    _, optimizer = trained(1)
    with pytest.raises(ValueError, match="got the state of other"):
        optimizer.load_state({"other.0.momentum_buffer": torch.zeros(1)})


def test_matrices_are_muons_and_the_rest_is_adamws() -> None:
    _, optimizer = trained(1)
    keys = {tuple(name.split(".")[::2]) for name in optimizer.state()}
    assert keys == {
        ("matrices0", "momentum_buffer"),
        ("matrices1", "momentum_buffer"),
        ("rest", "step"),
        ("rest", "exp_avg"),
        ("rest", "exp_avg_sq"),
    }
