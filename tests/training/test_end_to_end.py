"""The smallest recipe through every command, from Python files to what an editor would show."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lintseq.infer.model_file import verify
from tests.training.checkpoints import REPOSITORY
from tests.training.pairs import write_pairs
from training.__main__ import main


def run(*words: str | Path) -> None:
    assert main([str(word) for word in words]) == 0


def write_sources(folder: Path) -> list[Path]:
    """Two packages of this repository, each with its licence, as a user's trees have it."""
    trees = [folder / name for name in ("lintseq", "server")]
    for tree in trees:
        shutil.copytree(REPOSITORY / tree.name, tree, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(REPOSITORY / "LICENSE", tree)
    return trees


def make_rows(folder: Path) -> None:
    corpus, tokenizer = folder / "corpus", folder / "tokenizer.json"
    run("corpus", "build", *write_sources(folder), "--output", corpus, "--hold-out", "server")
    run("tokenizer", corpus, "--output", tokenizer, "--vocabulary", "1024", "--share", "1")
    same = ("--tokenizer", tokenizer, "--context", "256")
    run("examples", corpus, *same, "--output", folder / "rows")
    held_out = corpus / "heldout.jsonl.gz"
    run("examples", held_out, *same, "--output", folder / "held-out", "--weights", "cursor=1")
    pairs = ("--instructions", write_pairs(folder / "pairs.jsonl.gz", 20), "--loss", "answer")
    run("examples", *pairs, *same, "--output", folder / "pairs")


def metrics(folder: Path, name: str) -> list[float]:
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    return [line[name] for line in map(json.loads, lines) if name in line]


def complete(place: str, model: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "server", "complete", place, "--json", "--model", str(model)],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        timeout=120,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_from_files_to_a_completion(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_rows(tmp_path)
    base, tuned, models = tmp_path / "base", tmp_path / "tuned", tmp_path / "models"
    held_out = ("--held-out", tmp_path / "held-out")
    rows = ("--rows", tmp_path / "rows", "--tokenizer", tmp_path / "tokenizer.json", *held_out)
    run("pretrain", "tiny", "--run", base, *rows, "--steps", "12")
    losses = metrics(base, "held_out_loss")
    assert losses[-1] < metrics(base, "loss")[0]
    assert 0 < metrics(base, "held_out_bits_per_byte")[-1] < 10
    assert metrics(base, "tokens_per_s")[-1] > 0
    small = ("--steps", "2", "--set", "batch_rows=2", "--set", "held_out_rows=2")
    run("finetune", base / "checkpoint", "--run", tuned, "--rows", tmp_path / "pairs", *small)
    assert metrics(tuned, "loss")[0] < metrics(base, "loss")[0]
    full, quantized = tmp_path / "full.gguf", tmp_path / "lintseq-tiny.gguf"
    run("export", tuned / "checkpoint", full)
    run("quantize", full, quantized, "--threads", "1")
    run("install", quantized, "--models", models)
    assert verify(models / quantized.name).quantization == "Q8_0"
    capsys.readouterr()
    run("show", models / quantized.name)
    shown = json.loads(capsys.readouterr().out)
    provenance = json.loads((tuned / "provenance.json").read_text())
    for key in ("format_version", "linter", "data_hash", "code_revision"):
        assert shown[f"lintseq.{key}"] == provenance[key]
    file = tmp_path / "example.py"
    file.write_text("import math\n\n\ndef area(radius):\n    return math.pi * \n")
    answer = complete(f"{file}:5:21", models / quantized.name)
    # A model of twelve steps knows nothing: what it says is shown if it is clean, or a reason is.
    assert bool(answer["proposals"]) != bool(answer["silent"])


def test_help_loads_no_library() -> None:
    code = (
        "import sys; from training.__main__ import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print({'torch', 'transformers', 'numpy', 'tokenizers', 'gguf'} & set(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    assert done.stdout.endswith("set()\n")


def test_an_interrupt_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("training.show.run", interrupt)
    assert main(["show"]) == 130
    assert "interrupted" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pretrain", "huge", "--run", "r", "--rows", "x"], "recipes are tiny"),
        (["pretrain", "tiny", "--run", "r", "--rows", "x:a"], "wanted FOLDER"),
        (["pretrain", "tiny", "--run", "r", "--rows", "x", "--set", "lr=1"], "no setting 'lr'"),
        (["pretrain", "tiny", "--run", "r", "--rows", "nowhere"], "no meta.json"),
        (["finetune", "nowhere", "--run", "r", "--rows", "x"], "is no checkpoint"),
        (["export", "nowhere", "x.gguf"], "is no checkpoint"),
        (["quantize", "nowhere.gguf", "x.gguf"], "cannot read"),
        (["show", "nowhere"], "wanted a recipe"),
    ],
)
def test_mistakes_are_named(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
