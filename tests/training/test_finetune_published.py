"""From a published model to a GGUF of a tuned one, through the commands."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from lintseq.format import Special
from lintseq.infer.llama import Model
from lintseq.infer.vocabulary import Vocabulary
from tests.training.logits import llama_logits, open_llama, torch_logits
from tests.training.published_models import write_published
from training.__main__ import main
from training.families.source import open_source
from training.families.tuned import open_tuned

PAIRS = [
    {"instruction": f"Add {number}.", "code": f"def add(x):\n    y = x + {number}\n    return y\n"}
    for number in range(24)
]


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    with gzip.open(tmp_path / "pairs.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(pair) + "\n" for pair in PAIRS)
    return tmp_path / "rows"


def commands(name: str, tmp_path: Path, *finetune: str) -> Path:
    """The checkpoint of a run from the model of this name."""
    published = str(write_published(tmp_path / name, name))
    tokenizer, run = str(tmp_path / "tokenizer.json"), str(tmp_path / "run")
    assert main(["tokenizer", "--from", published, "--output", tokenizer]) == 0
    examples = ["--instructions", str(tmp_path / "pairs.jsonl.gz"), "--context", "128"]
    output = ["--output", str(tmp_path / "rows"), "--loss", "answer"]
    assert main(["examples", "--tokenizer", tokenizer, *examples, *output]) == 0
    rows = ["--rows", str(tmp_path / "rows"), "--held-out", str(tmp_path / "rows")]
    sets = ["--set", "workers=1", "--set", "batch_rows=4", "--set", "optimizer.rest_rate=0.01"]
    tune = ["finetune", "--from", published, "--run", run, *rows, *sets, *finetune]
    assert main([*tune, "--steps", "3"]) == 0
    # The same command with a longer plan goes on.
    assert main([*tune, "--steps", "6"]) == 0
    return tmp_path / "run" / "checkpoint"


@pytest.mark.parametrize(
    ("name", "lora"),
    [("qwen2", ()), ("gemma2", ()), ("llama2", ("--lora", "4")), ("olmo", ("--lora", "4"))],
)
@pytest.mark.usefixtures("rows")
def test_a_published_model_learns_and_is_exported(
    tmp_path: Path, name: str, lora: tuple[str, ...]
) -> None:
    checkpoint = commands(name, tmp_path, *lora)
    lines = (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()
    held_out = [line["held_out_loss"] for line in map(json.loads, lines) if "held_out_loss" in line]
    before = open_tuned(tmp_path / name).model
    assert len(held_out) == 2
    assert held_out[1] < held_out[0] - 0.2
    assert json.loads((checkpoint / "state.json").read_text())["step"] == 6
    assert main(["export", str(checkpoint), str(tmp_path / "model.gguf")]) == 0
    vocabulary = Vocabulary(Model(tmp_path / "model.gguf"))
    prompt = vocabulary.tokens(["Add 3.\n", Special.DIFF, "@@ -0,0 +1,3 @@\n+def"])
    tuned = open_tuned(checkpoint).model
    llama = open_llama(tmp_path / "model.gguf")
    wanted, got = torch_logits(tuned, prompt), llama_logits(llama, prompt)
    llama.close()
    assert abs(got - wanted).max() < 0.02
    assert abs(torch_logits(before, prompt) - wanted).max() > 0.5
    assert open_source(checkpoint).config.vocab_size == len(vocabulary.pieces)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--from", "missing", "--run", "run", "--rows", "rows"], "fetch it first"),
        (["checkpoint", "--lora", "4", "--run", "run", "--rows", "rows"], "--lora is for models"),
    ],
)
def test_bad_arguments(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["finetune", *words]) == 2
    assert message in capsys.readouterr().err
