"""`evaluate humaneval` and the like from the command line, on a tiny random model."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from lintseq.dataset.lock import only_run
from tests.infer.tiny_model import TinyModel, write_tiny_model
from tests.training.checkpoints import REPOSITORY
from tests.training.evaluate.code.sets import HUMANEVAL, PACK, ROWS, write_rows, write_set
from training.__main__ import main


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.gguf", TinyModel(context=512))


def evaluate(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, Any]:
    assert main(["evaluate", *map(str, words), "--json"]) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


@pytest.mark.parametrize("benchmark", ROWS)
def test_references(benchmark: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = write_set(tmp_path, benchmark)
    report = evaluate(capsys, benchmark, "--data", data, "--references")
    is_mbpp = benchmark == "mbpp"
    assert (report["benchmark"], report["model"]) == (benchmark, "references")
    assert report["problems"] == (2 if is_mbpp else 1)
    assert report["pass@k"] == {"1": 0.5 if is_mbpp else 1.0}
    assert list(report["figures"]["failed"]) == (["MBPP/700"] if is_mbpp else [])
    assert report["settings"]["isolation"]
    assert report["settings"]["limits"]["cpu_s"] > 0


def test_a_bad_reference_is_named_to_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_set(tmp_path, "mbpp")
    assert main(["evaluate", "mbpp", "--data", str(data), "--references"]) == 0
    written = capsys.readouterr()
    assert written.out == ""
    assert "MBPP/700" in written.err
    assert "'Node' is not defined" in written.err


@pytest.mark.parametrize(
    "words",
    [
        ["humaneval", "--samples", "3", "--k", "1,2,50"],
        ["humaneval", "--samples", "3", "--k", "2", "--format", "whole", "--prompt", "code"],
        ["humanevalplus", "--samples", "3", "--k", "2", "--prompt", "signature"],
        ["mbpp", "--samples", "3", "--k", "2", "--min-p", "0.1", "--format", "whole"],
        ["mbppplus", "--samples", "3", "--k", "2", "--prompt", "code", "--temperature", "1.5"],
    ],
)
def test_report_of_a_tiny_model(
    words: list[str], model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, plot = write_set(tmp_path, words[0]), tmp_path / "curve.png"
    common = ["--model", model, "--data", data, "--max-tokens", "30", "--plot", plot]
    report = evaluate(capsys, *words, *common)
    assert list(report)[:3] == ["benchmark", "model", "settings"]
    assert (report["benchmark"], report["model"]) == (words[0], "tiny.gguf")
    assert (report["problems"], report["samples"]) == (1, 3)
    assert report["pass@k"] == {"1": 0.0, "2": 0.0}
    figures = report["figures"]
    nothing = {"low": 0.0, "high": 0.0}
    assert figures["intervals"] == {"1": nothing, "2": nothing}
    assert sum(figures["outcomes"].values()) == sum(figures["ended"].values()) == 3
    assert 0 <= figures["clean"] <= figures["parsed"] <= 1
    assert 1 <= figures["distinct"] <= 3
    assert 0 < figures["tokens"] <= 30
    assert figures["tokens_per_problem"] == pytest.approx(3 * figures["tokens"])
    assert figures["tokens_per_s"] > 0
    assert {"quantization", "model_sha256", "data_sha256", "temperature", "isolation"} <= set(
        report["settings"]
    )
    assert plot.read_bytes().startswith(b"\x89PNG")
    assert not list(tmp_path.glob("*.part"))


def test_humanevalpack_words_the_question(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, pack = write_set(tmp_path, "humaneval"), write_rows(tmp_path / "pack.jsonl", [PACK])
    common = ["humaneval", "--model", model, "--data", data, "--max-tokens", "5"]
    for words, run in (([], "made"), (["--instructions", pack], "given")):
        evaluate(capsys, *common, *words, "--run", tmp_path / run)
    made, given = (
        json.loads((tmp_path / run / "samples.jsonl").read_text()) for run in ("made", "given")
    )
    assert given["prompt_tokens"] < made["prompt_tokens"]


def test_a_run_is_kept_and_not_mixed_with_another(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, run = write_set(tmp_path, "humaneval"), tmp_path / "run"
    common = ["humaneval", "--model", model, "--data", data, "--max-tokens", "9", "--run", run]
    first = evaluate(capsys, *common)
    assert json.loads((run / "report.json").read_text()) == first
    samples = (run / "samples.jsonl").stat()
    assert evaluate(capsys, *common) == first
    assert (run / "samples.jsonl").stat().st_mtime_ns == samples.st_mtime_ns
    assert main(["evaluate", *map(str, common), "--seed", "1"]) == 2
    assert "seed was 0, now 1" in capsys.readouterr().err


def test_two_at_once_do_not_share_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, run = write_set(tmp_path, "humaneval"), tmp_path / "run"
    run.mkdir()
    words = ["humaneval", "--data", str(data), "--references", "--run", str(run)]
    with only_run(run / "lock"):
        assert main(["evaluate", *words]) == 2
    assert "another run is at work" in capsys.readouterr().err
    assert main(["evaluate", *words]) == 0


@pytest.mark.parametrize(("end", "status"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_ended_at_any_time_it_goes_on(
    end: signal.Signals,
    status: int,
    model: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [{**HUMANEVAL, "task_id": f"HumanEval/{number}"} for number in range(30)]
    data, run = write_rows(tmp_path / "many.jsonl", rows), tmp_path / "run"
    alone: list[object] = ["humaneval", "--data", data, "--model", model, "--samples", "16"]
    alone += ["--temperature", "2.0", "--max-tokens", "40", "--jobs", "1"]
    words = [*alone, "--run", run]
    command = [sys.executable, "-P", "-m", "training", "evaluate", *map(str, words)]
    process = subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": str(REPOSITORY)}, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 60
    samples = run / "samples.jsonl"
    while not (samples.is_file() and samples.read_bytes().count(b"\n") >= 3):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(end)
    _, said = process.communicate(timeout=60)
    assert process.returncode == status
    assert b"Traceback" not in said
    done = samples.read_bytes()
    report = evaluate(capsys, *words)
    assert samples.read_bytes().startswith(done[: done.rfind(b"\n") + 1])
    assert report["problems"] == 30
    assert sum(report["figures"]["outcomes"].values()) == 30 * 16
    at_once = evaluate(capsys, *alone)
    for name in ("tokens", "distinct", "parsed", "clean", "outcomes", "ended"):
        assert at_once["figures"][name] == report["figures"][name]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--model", "nowhere.gguf"], "nowhere.gguf"),
        (["--references", "--isolation", "hope"], "got 'hope'"),
        (["--references", "--skip", "5"], "no problem is left"),
        (["--format", "diff"], "need a format"),
        (["--temperature", "0", "--samples", "2"], "at temperature 0"),
    ],
)
def test_what_cannot_be_done_is_said(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_set(tmp_path, "humaneval")
    assert main(["evaluate", "humaneval", "--data", str(data), *words]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [[], ["--data", "x", "--k", "0"], ["--data", "x", "--references", "--model", "y"]],
)
def test_arguments_out_of_form(words: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["evaluate", "humaneval", *words])
