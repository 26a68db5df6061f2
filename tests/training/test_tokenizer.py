from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
import tokenizers
from tokenizers import models

from lintseq.format import Segment, Special
from training.__main__ import main
from training.corpus.document import Document, document_writer
from training.tokenizer import (
    SPLIT_PATTERN,
    Tokenizer,
    TokenizerConfig,
    as_edits,
    load_tokenizer,
    train_on,
    train_tokenizer,
)
from training.tokenizer_command import add_arguments, run

TEXT = "def area(radius):\n    return 3.14 * radius * radius\n\n\nprint(area(2))\n"


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    texts = list(as_edits(TEXT * 3, random.Random(0)))
    return train_on(texts, 300, show_progress=False)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("@@ -120,0 +121,2 @@\n", ["@@", " -", *"120", ",", "0", " +", *"121", ",", "2", " @@\n"]),
        ("+    return x\n", ["+", "   ", " return", " x", "\n"]),
        ("+def f(a):\n+\n", ["+def", " f", "(a", "):\n", "+\n"]),
        ("don't 'LL", ["don", "'t", " '", "LL"]),
        ("x\r\n\t  y", ["x", "\r\n", "\t ", " y"]),
        ("naïve_2 αβ", ["naïve", "_", "2", " αβ"]),
    ],
)
def test_split_pattern(text: str, pieces: list[str]) -> None:
    split = tokenizers.pre_tokenizers.Split(tokenizers.Regex(SPLIT_PATTERN), "isolated")
    assert [piece for piece, _ in split.pre_tokenize_str(text)] == pieces


@pytest.mark.parametrize(
    "segments",
    [
        [],
        ["x = 1\n"],
        ["\n", Special.DIFF, "@@ -0,0 +1 @@\n+x\n", Special.DIFF, Special.END],
        ["text that spells <|diff|> and <|endoftext|>", Special.DIFF],
        ["e\u0301 is not é, \u212b is not Å, 日本語 🐍\r\n\x0c"],
    ],
)
def test_segments_come_back(tokenizer: Tokenizer, segments: Sequence[Segment]) -> None:
    ids = tokenizer.encode_segments(segments)
    decoded = tokenizer.decode(ids)
    assert decoded == tuple(segments)
    assert [type(each) for each in decoded] == [type(each) for each in segments]
    assert tokenizer.encode_batch([segments, segments]) == [ids, ids]


def test_control_tokens(tokenizer: Tokenizer) -> None:
    assert tokenizer.token_id(Special.END) == 0
    assert tokenizer.token_id(Special.DIFF) == 1
    assert tokenizer.encode_segments([Special.DIFF, Special.END]) == [1, 0]
    assert min(tokenizer.encode_text("<|diff|><|endoftext|>")) > 1


def test_half_a_character_decodes(tokenizer: Tokenizer) -> None:
    assert tokenizer.decode(tokenizer.encode_text("é")[:1]) == ("\ufffd",)


def test_saved_is_loaded(tokenizer: Tokenizer, tmp_path: Path) -> None:
    tokenizer.save(tmp_path / "tokenizer.json")
    loaded = load_tokenizer(tmp_path / "tokenizer.json")
    assert loaded.hash == tokenizer.hash
    assert loaded.encode_text(f"{TEXT}<|diff|>") == tokenizer.encode_text(f"{TEXT}<|diff|>")


def test_train_tokenizer_is_deterministic(tmp_path: Path) -> None:
    corpus = tmp_path / "documents-000.jsonl.gz"
    with document_writer(corpus) as write:
        for number in range(8):
            write(Document("p", f"{number}.py", "MIT", f"value_{number} = {number}\n" + TEXT * 9))
    trained = [
        train_tokenizer(
            TokenizerConfig((corpus,), tmp_path / name, 290, share=0.9, most_characters=300)
        )
        for name in ("a.json", "b.json")
    ]
    assert trained[0].hash == trained[1].hash == load_tokenizer(tmp_path / "a.json").hash
    assert len(trained[0]) <= 290


@pytest.mark.parametrize("text", [TEXT, TEXT * 40, "no newline", "\n"])
def test_as_edits_holds_every_line(text: str) -> None:
    edits = "".join(as_edits(text, random.Random(1)))
    lines = [line for line in edits.splitlines() if not line.startswith("@@ ")]
    assert lines == [f"+{line}" for line in text.splitlines()]


def test_as_edits_noop() -> None:
    assert list(as_edits("", random.Random(1))) == []


def test_bad_files(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"wanted a tokenizer\.json, got"):
        load_tokenizer(tmp_path / "missing.json")
    (tmp_path / "bad.json").write_text("{}")
    with pytest.raises(ValueError, match="is not a tokenizer"):
        load_tokenizer(tmp_path / "bad.json")
    with pytest.raises(ValueError, match=r"lacks the control token"):
        Tokenizer(tokenizers.Tokenizer(models.BPE()))


@pytest.mark.parametrize("values", [{"vocabulary": 100}, {"share": 0.0}, {"plain": 2.0}])
def test_bad_config(values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"need .* got"):
        TokenizerConfig((Path(),), Path(), **values)  # type: ignore[arg-type]


def parse(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(words)


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus, output = tmp_path / "documents-000.jsonl.gz", tmp_path / "tokenizer.json"
    with document_writer(corpus) as write:
        write(Document("p", "a.py", "MIT", TEXT * 5))
    words = (str(corpus), "--output", str(output), "--vocabulary", "270", "--share", "1")
    assert run(parse(*words)) == 0
    assert capsys.readouterr().out == f"270 tokens, sha256 {load_tokenizer(output).hash}\n"


def test_command_without_documents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["tokenizer", str(tmp_path), "--output", str(tmp_path / "tokenizer.json")]
    assert main(words) == 2
    assert "found none" in capsys.readouterr().err
