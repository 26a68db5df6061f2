"""Rows of instruction pairs, by the command."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from lintseq.format import Special, parse, text_of
from tests.training.checkpoints import write_tokenizer
from tests.training.pairs import write_pairs
from tests.training.rows import examples_of, read_rows
from training.__main__ import main
from training.instructions import cut_at_edits
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
    for tokens, mask in examples_of(read_rows(tmp_path / "rows")):
        if any(mask):
            start = mask.index(True)
            whole, prompt = loaded.decode(tokens), loaded.decode(tokens[:start])
            assert prompt == (f"{parse(text_of(whole)).instruction}\n", Special.DIFF)
            assert mask == [False] * start + [True] * (len(tokens) - start)


def test_the_seed_decides(tokenizer: Path, tmp_path: Path) -> None:
    pairs = write_pairs(tmp_path / "pairs.jsonl.gz", 8)
    hashes = []
    for seed in ("1", "1", "2"):
        words = ["--instructions", str(pairs), "--seed", seed]
        assert main(command(tmp_path, tokenizer, *words)) == 0
        hashes.append(Shards(tmp_path / "rows").data_hash)
    assert hashes[0] == hashes[1] != hashes[2]


@pytest.mark.parametrize("method", ["lintseq", "paper", "random"])
def test_every_method_builds_the_programs(method: str, tokenizer: Path, tmp_path: Path) -> None:
    pairs = write_pairs(tmp_path / "pairs.jsonl.gz", 4)
    words = ["--instructions", str(pairs), "--samples", "2", "--method", method]
    assert main(command(tmp_path, tokenizer, *words)) == 0
    built = [parse(text_of(whole)).edits.replay() for whole in examples(tmp_path, tokenizer)]
    wanted = [program for _, program in read_pairs(pairs)]
    assert sorted("".join(lines) for lines in built) == sorted([*wanted, *wanted])


def test_whole_programs_stand_behind_their_instruction(tokenizer: Path, tmp_path: Path) -> None:
    pairs = write_pairs(tmp_path / "pairs.jsonl.gz", 4)
    words = ["--instructions", str(pairs), "--method", "whole", "--loss", "answer"]
    assert main(command(tmp_path, tokenizer, *words)) == 0
    wanted = read_pairs(pairs)
    texts = [text_of(whole) for whole in examples(tmp_path, tokenizer)]
    assert sorted(texts) == sorted(f"{task}\n{code}{Special.END}" for task, code in wanted)
    loaded = load_tokenizer(tokenizer)
    answers = [[*loaded.encode_text(code), loaded.token_id(Special.END)] for _, code in wanted]
    assert Shards(tmp_path / "rows").metas[0].targets == sum(map(len, answers))


def test_fields_and_plain_files(tokenizer: Path, tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text('{"task": "Say hi", "answer": "print(\'hi\')"}\n')
    fields = ["--instruction-field", "task", "--program-field", "answer"]
    words = ["--instructions", str(pairs), "--method", "whole", *fields]
    assert main(command(tmp_path, tokenizer, *words)) == 0
    assert [*examples(tmp_path, tokenizer)] == [("Say hi\nprint('hi')\n", Special.END)]


def test_sources_have_weights(tokenizer: Path, tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.jsonl"
    lines = [
        {"instruction": f"Say {n}", "code": f"print({n})", "source": source}
        for n in range(40)
        for source in ("none", "half", "twice", "once")
    ]
    pairs.write_text("".join(json.dumps(line) + "\n" for line in lines))
    words = ["--instructions", str(pairs), "--source-weights", "none=0,half=0.5,twice=2"]
    assert main(command(tmp_path, tokenizer, *words)) == 0
    meta = Shards(tmp_path / "rows").metas[0]
    assert 40 * (2 + 1) + 8 < meta.examples < 40 * (2 + 1) + 32


def test_any_number_of_processes_writes_the_same_rows(tokenizer: Path, tmp_path: Path) -> None:
    pairs = write_pairs(tmp_path / "pairs.jsonl.gz", 300)
    hashes = []
    for jobs in ("1", "2"):
        words = ["--instructions", str(pairs), "--jobs", jobs]
        assert main(command(tmp_path, tokenizer, *words)) == 0
        hashes.append(Shards(tmp_path / "rows").data_hash)
    assert hashes[0] == hashes[1]
    assert not (tmp_path / "rows/pieces").exists()


def test_long_examples_lose_whole_edits() -> None:
    diff, learned = 1, [False, False, *[True] * 8]
    tokens = [5, diff, 6, 7, diff, 8, 9, diff, 2, 0]
    for context, kept in ((10, 10), (9, 8), (8, 8), (7, 5), (5, 5)):
        assert [*cut_at_edits([(tokens, learned)], context, diff)] == [
            (tokens[:kept], learned[:kept])
        ]
    assert [*cut_at_edits([(tokens, learned)], 4, diff)] == []


def examples(folder: Path, tokenizer: Path) -> Iterator[tuple[str | Special, ...]]:
    """The packed examples as segments."""
    loaded = load_tokenizer(tokenizer)
    for tokens, mask in examples_of(read_rows(folder / "rows")):
        if any(mask):
            yield tuple(loaded.decode(tokens))


def read_pairs(path: Path) -> list[tuple[str, str]]:
    with gzip.open(path, "rt") as lines:
        pairs = [json.loads(line) for line in lines]
    return [(pair["instruction"], pair["code"]) for pair in pairs]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "give either documents"),
        (["--instructions", "odd.gz", "--source-weights", "a=-1"], "weights are at least 0"),
        (["--instructions", "odd.gz", "--method", "half"], "one of lintseq, paper, random, whole"),
        (["--instructions", "odd.gz", "--method", "whole", "--samples", "2"], "samples must be 1"),
        (["corpus", "--instructions", "pairs.gz"], "give either documents"),
        (["--instructions", "missing.gz"], "missing.gz"),
        (["--instructions", "odd.gz"], "odd.gz, line 1: wanted texts `instruction` and `code`"),
        (["--instructions", "odd.gz", "--samples", "0"], "samples must be at least 1, got 0"),
        (["corpus", "--weights", "cursor"], "wanted NAME=WEIGHT"),
        (["corpus", "--weights", "cursor=much"], "wanted NAME=WEIGHT"),
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
