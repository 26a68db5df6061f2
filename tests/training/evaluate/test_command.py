"""`evaluate` from the command line, on a tiny random model and on an engine that knows."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lintseq.infer.calibration import read_calibration
from lintseq.infer.engine import Request
from tests.infer.tiny_model import TinyModel, write_tiny_model
from tests.training.evaluate.oracle import Oracle, Reply, documents
from training.__main__ import main
from training.corpus.document import document_writer
from training.evaluate.benchmarks import Benchmark, lines, memorized, quiet, typing
from training.evaluate.cursors import random_cursors
from training.evaluate.documents import is_for_fitting
from training.evaluate.options import Options

KEYS = [
    "benchmark",
    "model",
    "settings",
    "problems",
    "samples",
    "pass@k",
    "figures",
    "versions",
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "heldout.jsonl.gz"
    with document_writer(path) as write:
        for document in documents():
            write(document)
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.gguf", TinyModel(context=2048))


@pytest.fixture
def png(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "lines.png"
    assert [path.name for path in tmp_path.iterdir()] == ["lines.png"]


@pytest.mark.parametrize(
    ("arguments", "figures"),
    [
        (
            ["lines", "--cursors", "4"],
            {
                *("exact", "similarity", "proposed", "reachable", "p50_ms", "p90_ms"),
                *("calibration_error", "silent", "curve", "reliability", "next_lines"),
                *("intervals", "candidates"),
            },
        ),
        (
            ["repair", "--cases", "4", "--samples", "2"],
            {
                *("restored", "among", "proposed", "names", "p50_ms", "p90_ms"),
                *("as_offered", "offered_p50_ms", "offered_p90_ms"),
                *("kinds", "silent", "intervals", "candidates"),
            },
        ),
        (
            ["quiet", "--places", "4", "--threshold", "0.3"],
            {
                *("silent", "threshold", "p50_ms", "p90_ms", "p_edit", "line_p_edit"),
                *("line", "rest", "reasons", "curve", "intervals", "candidates"),
            },
        ),
        (
            ["typing", "--passages", "4", "--length", "2", "--lines", "2", "--alone"],
            {
                *("threshold", "completed", "precision", "shown_per_100_keys", "visible"),
                *("keys_saved", "completed_by_word", "characters", "places", "documents"),
                *("completed_interval", "precision_interval", "shown_interval"),
                *("p50_ms", "p90_ms", "candidates", "most_at_60_percent", "silent", "curve"),
            },
        ),
    ],
)
def test_report_of_a_tiny_model(
    arguments: list[str],
    figures: set[str],
    model: Path,
    data: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    common = ["--model", str(model), "--data", str(data), "--threads", "1", "--seed", "5"]
    assert main(["evaluate", *arguments, *common, "--without", "second", "--json"]) == 0
    written = capsys.readouterr()
    report = json.loads(written.out)
    assert list(report) == KEYS
    assert (report["benchmark"], report["model"]) == (arguments[0], "tiny.gguf")
    assert report["problems"] == 4
    assert set(report["pass@k"]) == {"1"}
    assert 0 <= report["pass@k"]["1"] <= 1
    assert set(report["figures"]) == figures
    check_settings(report["settings"])
    assert set(report["figures"]["candidates"]) == {
        *("linted", "parsing", "clean", "tokens", "distinct")
    }
    assert {"lintseq", "pyflakes", "llama-cpp-python", "machine"} <= set(report["versions"])
    assert "4 problems" in written.err


def check_settings(settings: dict[str, Any]) -> None:
    assert settings["without"] == ["second"]
    assert (settings["documents"], settings["seed"], settings["threads"]) == (6, 5, 1)
    assert settings["data"] == ["heldout.jsonl.gz"]
    assert settings["quantization"]
    assert not settings["interrupted"]


@pytest.mark.parametrize(
    "benchmark", [["lines", "--cursors", "2"], ["typing", "--passages", "1", "--length", "1"]]
)
def test_without_json_stdout_is_empty(
    benchmark: list[str],
    model: Path,
    data: Path,
    png: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    options = ["--model", str(model), "--data", str(data), "--threads", "1", "--plot", str(png)]
    assert main(["evaluate", *benchmark, *options]) == 0
    assert capsys.readouterr().out == ""
    assert png.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lines", "--install-calibration"], "no manifest of a model"),
        (["lines", "--calibrate-to", "c.json"], "need right and wrong proposals"),
        (["lines", "--without", "third"], "got third; there are: first, second"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: list[str],
    message: str,
    model: Path,
    data: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    common = ["--model", str(model), "--data", str(data), "--threads", "1", "--cursors", "4"]
    assert main(["evaluate", *arguments, *common]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["lines"],
        ["lines", "--data", "x", "--cursors", "0"],
        ["lines", "--data", "x", "--next-lines", "-1"],
        ["quiet", "--data", "x", "--threshold", "1.5"],
        ["typing", "--data", "x", "--threshold", "half"],
        ["memorized", "--data", "x"],
        ["other", "--data", "x"],
    ],
)
def test_arguments_out_of_form(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["evaluate", *arguments])


def test_calibration_is_fitted_on_one_half_and_reported_on_the_other(tmp_path: Path) -> None:
    cursors = random_cursors(documents(), 40, seed=0)
    target = tmp_path / "calibration.json"
    model = tmp_path / "oracle.gguf"
    model.write_bytes(b"GGUF")
    report = lines(
        Oracle(mostly_knowing(), model),
        documents(),
        Options((Path("heldout.jsonl.gz"),), count=40, next_lines=0, calibrate_to=target),
    )
    fitted_on = sum(is_for_fitting(cursor.document) for cursor in cursors)
    assert report.problems == len(cursors) - fitted_on
    assert report.settings["fitted_on"] == fitted_on
    entry = json.loads(target.read_text())
    assert entry["cursors"] == fitted_on
    assert (entry["data"], entry["seed"], entry["lines"]) == (["heldout.jsonl.gz"], 0, 1)
    assert read_calibration(entry) is not None


def test_ctrl_c_reports_what_there_is_and_calibrates_nothing(tmp_path: Path) -> None:
    model, target = tmp_path / "oracle.gguf", tmp_path / "calibration.json"
    model.write_bytes(b"GGUF")
    answer = mostly_knowing()
    asked: list[Request] = []

    def reply(request: Request) -> str:
        asked.append(request)
        if len(asked) > 20:
            raise KeyboardInterrupt
        return answer(request)

    report = lines(Oracle(reply, model), documents(), Options((), count=40, calibrate_to=target))
    assert report.settings["interrupted"]
    assert 0 < report.problems < 20
    assert not target.exists()


@pytest.mark.parametrize("benchmark", [quiet, typing])
def test_ctrl_c_leaves_a_report_of_each_benchmark(benchmark: Benchmark, tmp_path: Path) -> None:
    model = tmp_path / "oracle.gguf"
    model.write_bytes(b"GGUF")
    asked: list[Request] = []

    def reply(request: Request) -> str:
        asked.append(request)
        if len(asked) > 100:
            raise KeyboardInterrupt
        return "pass"

    report = benchmark(Oracle(reply, model), documents(), Options((), count=100, length=2))
    assert report.settings["interrupted"]
    assert 0 < report.problems < 100


def test_the_training_set_is_read_once(data: Path, tmp_path: Path) -> None:
    model = tmp_path / "oracle.gguf"
    model.write_bytes(b"GGUF")
    shown = "[" + ", ".join(["__name__", "__file__"] * 6) + "]"
    engine = Oracle(lambda _: shown, model)
    options = Options((data,), count=60, lines=2, training=(data,))
    report = memorized(engine, documents(), options)
    assert report.settings["training"] == ["heldout.jsonl.gz"]
    assert report.problems > 0
    assert (report.figures.whole, report.figures.training_documents) == (0.0, 12)


def mostly_knowing() -> Reply:
    """Writes what stood at two of three cursors, and something else at the others."""
    cursors = random_cursors(documents(), 40, seed=0)
    answers = [one.written if number % 3 else "0" for number, one in enumerate(cursors)]
    rest = iter(answers)
    return lambda _request: next(rest)
