"""Runs side by side."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from tests.training.rows import VOCABULARY, write_rows
from training.__main__ import main
from training.loop import TrainConfig, train
from training.mixture import Source
from training.model import ModelConfig
from training.schedule import ScheduleConfig


@pytest.fixture
def runs(tmp_path: Path) -> list[str]:
    rows = write_rows(tmp_path / "rows")
    config = TrainConfig(
        schedule=ScheduleConfig(steps=3),
        model=ModelConfig(
            hidden=64, layers=1, heads=2, feed_forward=64, vocabulary=VOCABULARY, context=64
        ),
        mixture=(Source(str(rows)),),
        held_out=str(rows),
        batch_rows=4,
        workers=1,
        log_every=1,
    )
    train(config, tmp_path / "slow")
    wider = dataclasses.replace(
        config, batch_rows=8, model=dataclasses.replace(config.model, layers=2)
    )
    train(wider, tmp_path / "wide")
    return [str(tmp_path / "slow"), str(tmp_path / "wide")]


def test_runs_are_compared(
    runs: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "both.png"
    assert main(["show", *runs, "--json", "--plot", str(picture)]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert [facts[name]["steps"] for name in ("slow", "wide")] == [3, 3]
    assert [facts[name]["tokens"] for name in ("slow", "wide")] == [3 * 4 * 64, 3 * 8 * 64]
    # Only what differs is shown of the settings.
    assert [facts[name]["batch_rows"] for name in ("slow", "wide")] == [4, 8]
    assert [facts[name]["model.layers"] for name in ("slow", "wide")] == [1, 2]
    assert "seed" not in facts["slow"]
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert main(["show", *runs]) == 0
    table = capsys.readouterr().out
    assert all(word in table for word in ("slow", "wide", "held-out loss", "utilization"))


def test_only_runs_are_compared(
    runs: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", runs[0], str(tmp_path / "rows")]) == 2
    assert "is no run" in capsys.readouterr().err
