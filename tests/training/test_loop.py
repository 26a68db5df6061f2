"""The training loop: learning, plans, mixtures, resuming."""

from __future__ import annotations

import dataclasses
import json
import signal
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from tests.training.rows import VOCABULARY, write_rows
from training import loop
from training.clock import Budget
from training.interrupt import Interrupt
from training.loop import Ending, TrainConfig, train
from training.mixture import Ahead, Mixture, Source
from training.model import ModelConfig
from training.packing import PackingConfig, write_shards
from training.pretrain import parse_source
from training.schedule import ScheduleConfig

SHAPE = ModelConfig(
    hidden=64, layers=1, heads=2, feed_forward=64, vocabulary=VOCABULARY, context=64
)


@pytest.fixture
def config(tmp_path: Path) -> TrainConfig:
    rows, held_out = write_rows(tmp_path / "rows"), write_rows(tmp_path / "held", rows=4, seed=1)
    return TrainConfig(
        schedule=ScheduleConfig(steps=12),
        model=SHAPE,
        mixture=(Source(str(rows)),),
        held_out=str(held_out),
        batch_rows=4,
        workers=2,
        log_every=2,
        evaluate_every=6,
    )


def metrics(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "checkpoint" / "model.safetensors")


class StopAfter:
    """An interrupt that comes after so many questions."""

    def __init__(self, questions: int) -> None:
        self._questions = questions

    def __enter__(self) -> StopAfter:
        return self

    def __exit__(self, *_error: object) -> None:
        return None

    @property
    def asked(self) -> bool:
        self._questions -= 1
        return self._questions < 0


def test_a_run_learns_and_leaves_a_complete_folder(config: TrainConfig, tmp_path: Path) -> None:
    run = tmp_path / "run"
    assert train(config, run) is Ending.FINISHED
    losses = [line["loss"] for line in metrics(run) if "loss" in line]
    held_out = [line["held_out_loss"] for line in metrics(run) if "held_out_loss" in line]
    assert len(losses) == 6
    assert losses[-1] < losses[0] - 0.5
    assert held_out[-1] < held_out[0]
    assert (run / "loss.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(path.name for path in (run / "checkpoint").iterdir()) == [
        "model.json",
        "model.safetensors",
        "optimizer.safetensors",
        "provenance.json",
        "state.json",
    ]
    assert json.loads((run / "provenance.json").read_text())["linter"].startswith("pyflakes ")
    assert not list(run.rglob("*.part"))


def test_an_interrupted_run_ends_like_an_uninterrupted_one_to_the_bit(
    config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(config, tmp_path / "whole")
    with monkeypatch.context() as patched:
        patched.setattr(loop, "Interrupt", lambda: StopAfter(5))
        assert train(config, tmp_path / "parts") is Ending.INTERRUPTED
    assert json.loads((tmp_path / "parts/checkpoint/state.json").read_text())["step"] == 5
    assert train(config, tmp_path / "parts") is Ending.FINISHED
    whole, parts = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert whole.keys() == parts.keys()
    assert all(torch.equal(whole[name], parts[name]) for name in whole)
    assert [line["step"] for line in metrics(tmp_path / "parts")] == [
        line["step"] for line in metrics(tmp_path / "whole")
    ]


def test_a_finished_run_does_not_train_again(config: TrainConfig, tmp_path: Path) -> None:
    train(config, tmp_path / "run")
    before = weights(tmp_path / "run")
    lines = metrics(tmp_path / "run")
    assert train(config, tmp_path / "run") is Ending.FINISHED
    assert metrics(tmp_path / "run") == lines
    assert all(
        torch.equal(before[name], after) for name, after in weights(tmp_path / "run").items()
    )


@pytest.mark.parametrize("steps", [11, 12])
def test_the_last_step_is_measured_once(config: TrainConfig, tmp_path: Path, steps: int) -> None:
    train(dataclasses.replace(config, schedule=ScheduleConfig(steps=steps)), tmp_path / "run")
    kinds = [set(line) & {"loss", "held_out_loss"} for line in metrics(tmp_path / "run")]
    assert kinds[-2:] == [{"loss"}, {"held_out_loss"}]
    assert [line["step"] for line in metrics(tmp_path / "run")][-2:] == [steps, steps]
    assert len(kinds) == 6 + 2


def test_an_interrupt_before_the_first_figures_saves_too(
    config: TrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "Interrupt", lambda: StopAfter(1))
    assert train(config, tmp_path / "run") is Ending.INTERRUPTED
    assert json.loads((tmp_path / "run/checkpoint/state.json").read_text())["step"] == 1


def test_only_tokens_that_can_be_predicted_count_as_targets(
    config: TrainConfig, tmp_path: Path
) -> None:
    train(dataclasses.replace(config, schedule=ScheduleConfig(steps=1)), tmp_path / "run")
    state = json.loads((tmp_path / "run/checkpoint/state.json").read_text())
    assert (state["tokens"], state["targets"]) == (4 * 64, 4 * 63)


def test_a_killed_save_leaves_the_old_checkpoint(config: TrainConfig, tmp_path: Path) -> None:
    run = tmp_path / "run"
    train(config, run)
    (run / "checkpoint").rename(run / "checkpoint.old")
    (run / "checkpoint.part").mkdir()
    assert train(dataclasses.replace(config, schedule=ScheduleConfig(steps=13)), run)
    assert json.loads((run / "checkpoint/state.json").read_text())["step"] == 13


def test_finetuning_starts_from_weights_and_sees_answers_alone(
    config: TrainConfig, tmp_path: Path
) -> None:
    train(config, tmp_path / "base")
    masked = write_rows(tmp_path / "masked", answer_from=32)
    tuning = dataclasses.replace(
        config,
        start=str(tmp_path / "base/checkpoint"),
        mixture=(Source(str(masked)),),
        schedule=ScheduleConfig(steps=2),
    )
    train(tuning, tmp_path / "tuned")
    lines = [line for line in metrics(tmp_path / "tuned") if "loss" in line]
    base = [line for line in metrics(tmp_path / "base") if "loss" in line]
    assert lines[0]["loss"] < base[0]["loss"] - 0.5
    state = json.loads((tmp_path / "tuned/checkpoint/state.json").read_text())
    assert state["targets"] == state["tokens"] // 2


def test_other_rows_are_refused_on_resume(config: TrainConfig, tmp_path: Path) -> None:
    train(config, tmp_path / "run")
    description = json.loads((tmp_path / "run/config.json").read_text())
    other = write_rows(tmp_path / "other", seed=9)
    with pytest.raises(ValueError, match="other rows"):
        train(dataclasses.replace(config, mixture=(Source(str(other)),)), tmp_path / "run")
    assert json.loads((tmp_path / "run/config.json").read_text()) == description


def test_another_shape_is_refused_on_resume(config: TrainConfig, tmp_path: Path) -> None:
    train(config, tmp_path / "run")
    wider = dataclasses.replace(config, model=dataclasses.replace(SHAPE, layers=2))
    with pytest.raises(ValueError, match="another model"):
        train(wider, tmp_path / "run")


def test_rows_too_long_for_the_model_are_refused(config: TrainConfig, tmp_path: Path) -> None:
    short = dataclasses.replace(config, model=dataclasses.replace(SHAPE, context=32))
    with pytest.raises(ValueError, match="context 32"):
        train(short, tmp_path / "run")


def test_a_loss_that_is_no_number_ends_the_run(config: TrainConfig, tmp_path: Path) -> None:
    wild = dataclasses.replace(config.optimizer, rest_rate=1e30, matrix_rate=1e30)
    with pytest.raises(ValueError, match="lower learning rates"):
        train(dataclasses.replace(config, optimizer=wild), tmp_path / "run")


def test_weights_that_are_no_numbers_are_not_saved(config: TrainConfig, tmp_path: Path) -> None:
    wild = dataclasses.replace(config.optimizer, rest_rate=1e30, matrix_rate=1e30)
    often = dataclasses.replace(config, log_every=12, checkpoint_minutes=0.0, evaluate_every=12)
    with pytest.raises(ValueError, match="lower learning rates"):
        train(dataclasses.replace(often, optimizer=wild), tmp_path / "run")
    assert all(bool(each.isfinite().all()) for each in weights(tmp_path / "run").values())


def in_minutes(config: TrainConfig, minutes: float) -> TrainConfig:
    plan = ScheduleConfig(minutes=minutes)
    return dataclasses.replace(config, schedule=plan, log_every=1, evaluate_every=1000)


def test_a_plan_in_minutes_ends_with_the_rate_near_zero(
    config: TrainConfig, tmp_path: Path
) -> None:
    assert train(in_minutes(config, 0.05), tmp_path / "run", Budget(0.05)) is Ending.FINISHED
    lines = [line for line in metrics(tmp_path / "run") if "lr" in line]
    assert lines[-1]["lr"] < max(line["lr"] for line in lines)
    done = [line["done"] for line in lines]
    assert done == sorted(done)
    assert done[-1] == 1.0


def test_a_plan_in_pieces_is_one_plan(config: TrainConfig, tmp_path: Path) -> None:
    config, run = in_minutes(config, 0.15), tmp_path / "run"
    endings = [train(config, run, Budget(0.05)) for _ in range(3)]
    assert endings == [Ending.OUT_OF_TIME, Ending.OUT_OF_TIME, Ending.FINISHED]
    lines = [line for line in metrics(run) if "lr" in line]
    assert [line["step"] for line in lines] == list(range(1, len(lines) + 1))
    done = [line["done"] for line in lines]
    assert done == sorted(done)
    rates = [line["lr"] for line in lines]
    # Up once and down once, over all pieces.
    top = rates.index(max(rates))
    assert rates[top:] == sorted(rates[top:], reverse=True)


def test_a_plan_in_steps_is_cut_by_the_budget(config: TrainConfig, tmp_path: Path) -> None:
    config = dataclasses.replace(config, schedule=ScheduleConfig(steps=100_000))
    assert train(config, tmp_path / "run", Budget(0.03)) is Ending.OUT_OF_TIME
    state = json.loads((tmp_path / "run/checkpoint/state.json").read_text())
    assert 0 < state["step"] < 100_000
    assert state["done"] == state["step"] / 100_000


def test_a_signal_is_a_request_and_a_later_one_an_order(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interrupt() as interrupt:
        asked_before = interrupt.asked
        # The second comes with the first: a terminal and a launcher both send it.
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        assert (asked_before, interrupt.asked) == (False, True)
        monkeypatch.setattr("training.interrupt.SAME_REQUEST_S", 0.0)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) == before


def test_interrupt_works_outside_the_main_thread() -> None:
    asked = []

    def use() -> None:
        with Interrupt() as interrupt:
            asked.append(interrupt.asked)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert asked == [False]


@pytest.mark.parametrize(
    ("progress", "rate", "decayed"),
    [
        (0.0, 0.01, 0.0),
        (0.05, 0.5, 0.0),
        (0.1, 1.0, 0.0),
        (0.6, 1.0, 0.0),
        (0.8, 0.5, 0.5),
        (1, 0, 1),
    ],
)
def test_schedule(progress: float, rate: float, decayed: float) -> None:
    plan = ScheduleConfig(steps=10, warmup=0.1, decay=0.4)
    assert plan.rate(progress) == pytest.approx(rate)
    assert plan.decayed(progress) == pytest.approx(decayed)


def test_a_plan_in_minutes_gives_each_step_its_share_of_what_is_left() -> None:
    plan, done = ScheduleConfig(minutes=1.0), 0.0
    # The first step's time is lost, the others share what it left.
    steps = [(0.0, 40.0), (10.0, 30.0), (10.0, 20.0), (2.0, 18.0), (10.0, 8.0), (10.0, -2.0)]
    shares = [done := plan.advance(done, 0, spent_s, left_s) for spent_s, left_s in steps]
    assert shares == pytest.approx([0.0, 0.25, 0.5, 0.55, 0.8, 1.0])


@pytest.mark.parametrize(
    "wrong", [{}, {"steps": 1, "minutes": 1.0}, {"steps": 0}, {"steps": 1, "decay": 1.0}]
)
def test_impossible_plans_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="got"):
        ScheduleConfig(**wrong)


def test_mixture_sees_every_row_once_an_epoch(tmp_path: Path) -> None:
    mixture = Mixture([Source(str(write_rows(tmp_path / "rows", rows=10)))], seed=0)
    seen = np.concatenate([mixture.draw(step, 5, 0.0).tokens for step in range(4)])
    first, second = seen[:10].tolist(), seen[10:].tolist()
    assert sorted(first) == sorted(second)
    assert first != second


def test_mixture_weights_shift_during_the_decay(tmp_path: Path) -> None:
    folders = [write_rows(tmp_path / name, seed=seed) for seed, name in enumerate("ab")]
    mixture = Mixture([Source(str(folders[0]), 1, 0), Source(str(folders[1]), 0, 1)], seed=0)
    mixture.draw(0, 20, 0.0)
    assert mixture.drawn == [20, 0]
    mixture.draw(1, 20, 1.0)
    assert mixture.drawn == [20, 20]
    mixture.draw(2, 200, 0.5)
    assert 70 < mixture.drawn[0] - 20 < 130


def test_mixture_wants_rows_of_one_length(tmp_path: Path) -> None:
    write_shards(tmp_path / "b", [([1] * 32, [1] * 32)], PackingConfig(32, VOCABULARY))
    with pytest.raises(ValueError, match=r"wanted 64 tokens .* got 32 in"):
        Mixture([Source(str(write_rows(tmp_path / "a"))), Source(str(tmp_path / "b"))], seed=0)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("rows", Source("rows", 1, 1)),
        ("rows:0.5", Source("rows", 0.5, 0.5)),
        ("rows:0:2", Source("rows", 0, 2)),
    ],
)
def test_sources_as_they_are_named_on_the_command_line(text: str, source: Source) -> None:
    assert parse_source(text) == source


def test_rows_drawn_ahead_are_the_same_rows(tmp_path: Path) -> None:
    source = Source(str(write_rows(tmp_path / "rows")))
    plain = Mixture([source], seed=4)
    ahead = Ahead(Mixture([source], seed=4), rows=5)
    for step in range(4):
        draw = ahead.take(step, 0.0, 0.0)
        assert np.array_equal(draw.rows.tokens, plain.draw(step, 5, 0.0).tokens)
        assert draw.drawn == tuple(plain.drawn)
    ahead.close()


def test_mixture_goes_on_where_it_was(tmp_path: Path) -> None:
    folder = write_rows(tmp_path / "rows")
    whole, resumed = (Mixture([Source(str(folder))], seed=4) for _ in range(2))
    draws = [whole.draw(step, 7, 0.0).tokens for step in range(5)]
    resumed.drawn = [21]
    assert np.array_equal(resumed.draw(3, 7, 0.0).tokens, draws[3])


@pytest.mark.parametrize(
    ("sources", "message"), [([], "at least one"), ([Source("x", 0, 0)], "no meta.json")]
)
def test_mixture_refuses(sources: list[Source], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Mixture(sources, seed=0)
