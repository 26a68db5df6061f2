"""The smallest recipe through every step, from this repository's files to a proposed line."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from lintseq.examples import MAKERS
from lintseq.format import Special, header
from lintseq.infer.engine import start_engine
from lintseq.infer.model_file import verify
from lintseq.infer.request import Request
from lintseq.program import split_lines
from lintseq.tasks import Window
from tests.training.checkpoints import repository_texts, write_tokenizer
from training.__main__ import main
from training.bestfit import TokenizedExample
from training.examples import tokenize
from training.packing import PackingConfig, write_shards
from training.tokenizer import Tokenizer

CONTEXT = 256
VOCABULARY = 1024


def _examples(tokenizer: Tokenizer, texts: list[str], seed: int) -> Iterator[TokenizedExample]:
    rng = random.Random(seed)
    for text in texts:
        made = MAKERS["cursor"](split_lines(text), rng, Window(200, 100))
        if made is not None:
            yield from tokenize([made], tokenizer, "all")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    tokenizer = write_tokenizer(folder / "tokenizer.json", VOCABULARY)
    texts = repository_texts()
    packing = PackingConfig(
        context=CONTEXT, vocabulary=len(tokenizer), tokenizer_hash=tokenizer.hash
    )
    write_shards(folder / "rows", _examples(tokenizer, texts[8:], 0), packing)
    write_shards(folder / "held-out", _examples(tokenizer, texts[:8], 1), packing)
    return folder


def test_from_files_to_a_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, tuned = tmp_path / "run", tmp_path / "tuned"
    rows = ["--rows", str(data / "rows"), "--held-out", str(data / "held-out")]
    tokenizer = ["--tokenizer", str(data / "tokenizer.json")]
    assert main(["pretrain", "tiny", "--run", str(run), *rows, *tokenizer, "--steps", "12"]) == 0
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    held_out = [line for line in lines if "held_out_loss" in line]
    assert held_out[-1]["held_out_loss"] < held_out[0]["held_out_loss"] + 0.1
    assert 0 < held_out[-1]["held_out_bits_per_byte"] < 10
    start = str(run / "checkpoint")
    small = ["--steps", "2", "--set", "batch_rows=2", "--set", "held_out_rows=2"]
    assert main(["finetune", start, "--run", str(tuned), *rows, *small]) == 0
    full, quantized = tmp_path / "full.gguf", tmp_path / "lintseq-tiny.gguf"
    assert main(["export", str(tuned / "checkpoint"), str(full)]) == 0
    assert main(["quantize", str(full), str(quantized), "--threads", "1"]) == 0
    assert main(["install", str(quantized), "--models", str(tmp_path / "models")]) == 0
    model = tmp_path / "models" / quantized.name
    assert verify(model).quantization == "Q8_0"
    assert main(["show", str(model)]) == 0
    assert "lintseq.format_version" in capsys.readouterr().out
    engine = start_engine(model, threads=1)
    try:
        forced = f"{header(0, 1, 1)}+import "
        prompt = ("\n", Special.DIFF)
        answer = engine.generate(Request(prompt, forced, max_tokens=8, budget_ms=20_000))
    finally:
        engine.close()
    assert len(answer.candidates) == 1
    assert answer.generated_tokens >= 1


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
