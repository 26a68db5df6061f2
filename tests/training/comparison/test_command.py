"""`compare-methods` from one command line to its report, on a model that learns nothing."""

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.training.checkpoints import write_checkpoint, write_tokenizer
from tests.training.evaluate.code.sets import HUMANEVAL, MBPP, PACK, write_rows
from tests.training.pairs import write_pairs
from tests.training.published_models import write_published
from training.__main__ import main
from training.model import ModelConfig

SHAPE = ModelConfig(hidden=256, layers=1, heads=4, feed_forward=256, vocabulary=600, context=256)


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A command line without its output."""
    folder = tmp_path_factory.mktemp("inputs")
    write_tokenizer(folder / "tokenizer.json")
    write_checkpoint(folder / "base", SHAPE, folder / "tokenizer.json")
    pairs = write_pairs(folder / "pairs.jsonl.gz", 20)
    sets: dict[str, list[Mapping[str, Any]]] = {
        "humaneval": [HUMANEVAL, {**HUMANEVAL, "task_id": "HumanEval/1"}],
        "instructions": [PACK, {**PACK, "task_id": "Python/1"}],
        "mbpp": [MBPP],
    }
    data = {name: write_rows(folder / f"{name}.jsonl", rows) for name, rows in sets.items()}
    options = [word for name, path in data.items() for word in (f"--{name}", str(path))]
    return [
        *("compare-methods", str(folder / "base"), "--pairs", str(pairs), *options),
        *("--steps", "2", "--set", "batch_rows=2", "--set", "workers=1", "--sequences", "2"),
        *("--context", "256", "--sampling", "0.5,1:1:0.1", "--samples", "3", "--k", "1,3"),
        *("--max-tokens", "12", "--jobs", "1"),
    ]


@pytest.fixture(scope="module")
def done(words: Sequence[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a comparison."""
    folder = tmp_path_factory.mktemp("comparison") / "out"
    assert main([*words, "--output", str(folder)]) == 0
    return folder


def read(folder: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    return report


def test_the_report(done: Path) -> None:
    report = read(done)
    assert [one["arm"] for one in report["tuned"]] == ["whole", "lintseq", "random"]
    assert len({one["seen"] for one in report["tuned"]}) == 1
    assert [one["benchmark"] for one in report["measured"]] == ["humaneval", "mbpp"]
    assert [one["problems"] for one in report["measured"]] == [2, 1]
    for measured in report["measured"]:
        assert len(measured["rows"]) == 6
        assert set(measured["curves"]) == {"whole", "lintseq", "random"}
        assert [point["k"] for point in measured["curves"]["lintseq"]] == [1, 2, 3]
        assert set(measured["differences"]) == {"lintseq - whole", "lintseq - random"}
        assert set(measured["quality_differences"]) == set(measured["differences"])
        for row in measured["rows"]:
            assert row["qualities"]["parsed"]["value"] == pytest.approx(row["figures"]["parsed"])
            assert row["qualities"]["clean"]["value"] == pytest.approx(row["figures"]["clean"])
    assert report["settings"]["commands"][0].startswith("examples --instructions")


def test_tables_and_pictures(done: Path) -> None:
    tables = (done / "comparison.md").read_text(encoding="utf-8")
    assert "| LintSeq less RandSeq |" in tables
    assert "HumanEval, 2 problems" in tables
    # 1 - 0.05 ** (1 / 2): a bootstrap of zeros would say 0.
    assert "whole programs, LintSeq, RandSeq passed: with 95 % confidence at most 77.6 %" in tables
    for name in ("humaneval", "humaneval-cost", "mbpp", "mbpp-cost", "mbpp-qualities"):
        assert (done / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_what_is_done_is_not_done_again(
    done: Path, words: Sequence[str], capsys: pytest.CaptureFixture[str]
) -> None:
    sampled = sorted(done.glob("*/*/*/samples.jsonl"))
    assert len(sampled) == 12
    before = [path.stat().st_mtime_ns for path in sampled]
    tables = (done / "comparison.md").read_text(encoding="utf-8")
    assert main([*words, "--output", str(done)]) == 0
    assert [path.stat().st_mtime_ns for path in sampled] == before
    assert capsys.readouterr().out == tables


def test_a_comparison_that_was_cut_off_goes_on(
    done: Path, words: Sequence[str], tmp_path: Path
) -> None:
    wanted = read(done)["measured"]
    folder = tmp_path / "cut"
    assert main([*words, "--output", str(folder)]) == 0
    # As a kill would leave it: samples of one problem, no scores, no report.
    for place in random.Random(0).sample(sorted(folder.glob("*/humaneval/*")), 3):
        lines = (place / "samples.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
        (place / "samples.jsonl").write_text(lines[0] + lines[1][:20], encoding="utf-8")
        (place / "scores.jsonl").unlink()
        (place / "report.json").unlink()
    assert main([*words, "--output", str(folder)]) == 0
    assert read(folder)["measured"] == wanted


def test_a_few_problems_become_many(done: Path, words: Sequence[str], tmp_path: Path) -> None:
    folder = tmp_path / "grown"
    assert main([*words, "--output", str(folder), "--problems", "1,1"]) == 0
    assert [one["problems"] for one in read(folder)["measured"]] == [1, 1]
    assert main([*words, "--output", str(folder)]) == 0
    assert read(folder)["measured"] == read(done)["measured"]


def test_problems_that_are_too_many_numbers(
    words: Sequence[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--output", str(tmp_path / "none"), "--problems", "1,2,3"]) == 2
    assert "N,N" in capsys.readouterr().err


def test_another_plan_is_refused(
    done: Path, words: Sequence[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--output", str(done), "--steps", "5"]) == 2
    assert "steps was 2, now 5" in capsys.readouterr().err


def test_a_published_model_is_a_base_too(words: Sequence[str], tmp_path: Path) -> None:
    base, folder = write_published(tmp_path / "published", "smollm"), tmp_path / "out"
    changed = [*words, "--output", str(folder), "--sampling", "0.8", "--problems", "1"]
    changed[1] = str(base)
    assert main(changed) == 0
    report = read(folder)
    assert [one["arm"] for one in report["tuned"]] == ["whole", "lintseq", "random"]
    assert [one["problems"] for one in report["measured"]] == [1, 1]


def test_dry_run(words: Sequence[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words, "--output", str(tmp_path / "none"), "--dry-run"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 * 3 + 12
    assert all(line.startswith("lintseq-train ") for line in lines)
    assert not (tmp_path / "none").exists()
