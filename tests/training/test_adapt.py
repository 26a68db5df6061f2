"""A small model adapted to this repository's own code, and what it must not do."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from lintseq.infer.model_file import models_folder, verify
from tests.training.checkpoints import REPOSITORY, write_checkpoint, write_tokenizer
from training.__main__ import main
from training.adapt_report import LineScores, compare
from training.checkpoint import RunState
from training.corpus.document import read_documents
from training.dedup import signature, similarity
from training.export import ExportConfig, export_gguf
from training.install import install_model
from training.model import ModelConfig
from training.own_code import read_own_code
from training.quantize import quantize_gguf

SHAPE = ModelConfig(hidden=256, layers=1, heads=4, feed_forward=256, vocabulary=600, context=512)


def write_model(folder: Path) -> Path:
    write_tokenizer(folder / "tokenizer.json", SHAPE.vocabulary)
    write_checkpoint(folder / "checkpoint", SHAPE, folder / "tokenizer.json")
    export_gguf(folder / "checkpoint", folder / "full.gguf", ExportConfig("f16"))
    model = folder / "models/lintseq-small.gguf"
    quantize_gguf(folder / "full.gguf", model, "Q8_0", threads=1)
    install_model(model, model.parent)
    return model


def write_code(folder: Path) -> Path:
    shutil.copytree(
        REPOSITORY / "training/corpus", folder, ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(folder / "build.py", folder / "copy_of_build.py")
    (folder / "venv").mkdir()
    shutil.copy(folder / "source.py", folder / "venv/other.py")
    return folder


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_model_beside_the_one_it_came_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, code = write_model(tmp_path), write_code(tmp_path / "code")
    before = {path: digest(path) for path in model.parent.iterdir()}
    run, output = tmp_path / "run", model.parent / "own/lintseq-own.gguf"
    words = ["adapt", code, "--model", model, "--run", run, "--output", output]
    words += ["--minutes", "0.05", "--cursors", "12", "--workers", "1", "--held-out", "0.3"]
    assert main([str(word) for word in words]) == 0
    said = capsys.readouterr()
    assert said.out == f"{output}\n"
    assert f"LINTSEQ_MODEL={output}" in said.err
    assert verify(output).quantization == "Q8_0"
    report = json.loads((run / "report.json").read_text())
    assert report["lines"] == 12
    assert report["tokens"] > 0
    assert {path: digest(path) for path in before} == before
    # Nothing is done twice.
    again = {path: digest(path) for path in run.rglob("*.gguf")} | {output: digest(output)}
    assert main([str(word) for word in words]) == 0
    assert {path: digest(path) for path in again} == again
    assert main([str(word) for word in [*words, "--seed", "5"]]) == 2
    assert "holds another adaptation, with other seed" in capsys.readouterr().err
    check_held_out(run)


def check_held_out(run: Path) -> None:
    """Nothing that is asked about was learned from, nor anything like it."""
    learned, held_out = (
        list(read_documents(run / "code" / name))
        for name in ("documents-000.jsonl.gz", "heldout.jsonl.gz")
    )
    assert learned
    assert held_out
    names = [document.path for document in (*learned, *held_out)]
    assert not any(name.startswith("venv") for name in names)
    assert len({"build.py", "copy_of_build.py"} & set(names)) == 1
    for document in held_out:
        mine = signature(document.text)
        assert max(similarity(mine, signature(other.text)) for other in learned) < 0.8


@pytest.mark.parametrize("folder", ["models", "."])
def test_no_model_is_written_over(
    tmp_path: Path, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output = models_folder() / "x.gguf" if folder == "models" else tmp_path / "x.gguf"
    words = ["adapt", str(tmp_path), "--model", str(tmp_path / "m.gguf"), "--output", str(output)]
    assert main(words) == 2
    assert "give another --output" in capsys.readouterr().err
    assert not output.exists()


def test_too_little_code_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("x = 1\n" * 10)
    with pytest.raises(ValueError, match="need at least 20000 characters of Python"):
        read_own_code(tmp_path, 0.2, 0)


def test_the_same_lines_are_compared() -> None:
    before = LineScores("a", "data", [True, True, False, False, False], 4)
    after = LineScores("b", "data", [True, False, True, True, True], 5)
    state = RunState(step=9, tokens=99, targets=9, elapsed_s=60.0, drawn=(1,), data_hash="x")
    report = compare(before, after, Path("m.gguf"), state)
    assert (report.before, report.after, report.won, report.lost) == (0.4, 0.8, 3, 1)
    # Differences of +1, +1, +1, -1 and 0: their variance over five, of the mean.
    assert report.error == pytest.approx(((4 - 4 / 5) / 25) ** 0.5)
    assert not report.is_better
    with pytest.raises(ValueError, match="the same lines"):
        compare(before, LineScores("b", "other", [True] * 5, 5), Path("m.gguf"), state)
