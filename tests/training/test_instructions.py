"""Rows of instruction pairs, by the command."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from lintseq.format import Special, parse, text_of
from tests.training.checkpoints import write_tokenizer
from tests.training.pairs import write_pairs
from training.__main__ import main
from training.packing import Shards
from training.tokenizer import load_tokenizer


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tokenizer") / "tokenizer.json"
    write_tokenizer(path)
    return path


def command(folder: Path, tokenizer: Path, *words: str) -> list[str]:
    given = ["--tokenizer", str(tokenizer), "--output", str(folder / "rows"), "--context", "256"]
    return ["examples", *given, *words]


def test_the_loss_begins_behind_the_instruction(tokenizer: Path, tmp_path: Path) -> None:
    pairs = write_pairs(tmp_path / "pairs.jsonl.gz", 3)
    words = ["--instructions", str(pairs), "--samples", "2", "--loss", "answer"]
    assert main(command(tmp_path, tokenizer, *words)) == 0
    shards, loaded = Shards(tmp_path / "rows"), load_tokenizer(tokenizer)
    assert shards.metas[0].examples == 6
    for number in range(len(shards)):
        tokens, mask = (each.tolist() for each in shards.row(number))
        while tokens and mask.count(True):
            start, end = mask.index(True), tokens.index(loaded.token_id(Special.END)) + 1
            whole, prompt = loaded.decode(tokens[:end]), loaded.decode(tokens[:start])
            assert prompt == (f"{parse(text_of(whole)).instruction}\n", Special.DIFF)
            assert mask[:end] == [False] * start + [True] * (end - start)
            tokens, mask = tokens[end:], mask[end:]


def test_the_seed_decides(tokenizer: Path, tmp_path: Path) -> None:
    pairs = write_pairs(tmp_path / "pairs.jsonl.gz", 8)
    hashes = []
    for seed in ("1", "1", "2"):
        words = ["--instructions", str(pairs), "--seed", seed]
        assert main(command(tmp_path, tokenizer, *words)) == 0
        hashes.append(Shards(tmp_path / "rows").data_hash)
    assert hashes[0] == hashes[1] != hashes[2]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "give either documents"),
        (["corpus", "--instructions", "pairs.gz"], "give either documents"),
        (["--instructions", "missing.gz"], "missing.gz"),
        (["--instructions", "odd.gz"], "odd.gz, line 1: wanted texts `instruction` and `code`"),
        (["--instructions", "odd.gz", "--samples", "0"], "samples must be at least 1, got 0"),
        (["corpus", "--weights", "cursor"], "wanted TASK=WEIGHT"),
        (["corpus", "--weights", "cursor=much"], "wanted TASK=WEIGHT"),
        (["corpus", "--weights", "curser=1"], "tasks are cursor"),
    ],
)
def test_mistakes_are_named(
    words: list[str],
    message: str,
    tokenizer: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    with gzip.open("odd.gz", "wt") as lines:
        lines.write('{"instruction": "do"}\n')
    assert main(command(tmp_path, tokenizer, *words)) == 2
    assert message in capsys.readouterr().err
