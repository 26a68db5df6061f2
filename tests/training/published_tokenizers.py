"""Tokenizers of the classes that published models have, trained here on this repository's text.

Each is a tokenizer.json as it is published: with a beginning-of-text token put in front, NFC, the
space that Llama 2 puts before a text, end tokens of the family's own name, whitespace tokens.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import tokenizers
from tokenizers import models, pre_tokenizers, trainers

from tests.training.checkpoints import fixed_texts

SPACE = "\u2581"
SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN2, LLAMA3 = SPLIT % "", SPLIT % "{1,3}"
UNUSUAL = "naïve café Ωmega 漢字 ひらがな ½ ① ٣ 🐍"


def write_byte_level(
    folder: Path,
    split: Sequence[dict[str, Any]],
    *,
    end: str,
    plain: Sequence[str] = (),
    **changes: object,
) -> None:
    """A byte-level BPE whose last tokens are `plain` and then, for control, `end`.

    Args:
        split: the parts of the pre-tokenizer, as JSON.
        changes: to the tokenizer's JSON; `ignore_merges` to that of its model.
    """
    document = json.loads(_byte_level(json.dumps(split)))
    document["model"]["ignore_merges"] = changes.pop("ignore_merges", False)
    backend = tokenizers.Tokenizer.from_str(json.dumps(document | changes))
    backend.add_tokens([tokenizers.AddedToken(text, normalized=True) for text in plain])
    backend.add_special_tokens([tokenizers.AddedToken(end, normalized=False)])
    _write(folder, json.loads(backend.to_str()), end)


def write_sentencepiece(
    folder: Path, controls: Sequence[str], *, prefix: bool, whitespace: str
) -> None:
    """A BPE as SentencePiece makes it: `controls`, one of them <unk>, then bytes, then pieces.

    Args:
        prefix: put a space in front of a text, as Llama 2 does, not as Gemma does.
        whitespace: characters beside the space that are pieces; others become bytes.
    """
    pieces = _pieces(whitespace)
    texts = [*controls, *(f"<0x{byte:02X}>" for byte in range(256)), *pieces]
    vocabulary = {text: number for number, text in enumerate(texts)}
    replace = {"type": "Replace", "pattern": {"String": " "}, "content": SPACE}
    steps = [{"type": "Prepend", "prepend": SPACE}, replace] if prefix else [replace]
    decoders = [
        {"type": "Replace", "pattern": {"String": SPACE}, "content": " "},
        {"type": "ByteFallback"},
        {"type": "Fuse"},
        {"type": "Strip", "content": " ", "start": int(prefix), "stop": 0},
    ]
    backend = tokenizers.Tokenizer(
        models.BPE(
            vocab=vocabulary,
            merges=_all_merges(pieces, vocabulary),
            unk_token="<unk>",
            byte_fallback=True,
            fuse_unk=True,
        )
    )
    backend.add_special_tokens(list(controls))
    document = json.loads(backend.to_str())
    document["normalizer"] = {"type": "Sequence", "normalizers": steps}
    document["decoder"] = {"type": "Sequence", "decoders": decoders}
    _write(folder, document, controls[1])


def byte_level_part(*, use_regex: bool) -> dict[str, Any]:
    """The last part of a byte-level pre-tokenizer."""
    part = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
    return part | {"use_regex": use_regex}


def split_part(pattern: str) -> dict[str, Any]:
    """A part that splits by a pattern."""
    part = {"type": "Split", "pattern": {"Regex": pattern}}
    return part | {"behavior": "Isolated", "invert": False}


def _write(folder: Path, document: dict[str, Any], first: str) -> None:
    """Write the tokenizer; `first` goes in front of each text."""
    number = next(token["id"] for token in document["added_tokens"] if token["content"] == first)
    single = [
        {"SpecialToken": {"id": first, "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}},
    ]
    document["post_processor"] = {
        "type": "TemplateProcessing",
        "single": single,
        "pair": [*single, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {first: {"id": first, "ids": [number], "tokens": [first]}},
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tokenizer.json").write_text(json.dumps(document), encoding="utf-8")


@cache
def _byte_level(split: str) -> str:
    parts = json.loads(split)
    backend = tokenizers.Tokenizer(models.BPE())
    document = json.loads(backend.to_str())
    document["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": parts}
    document["decoder"] = byte_level_part(use_regex=True)
    backend = tokenizers.Tokenizer.from_str(json.dumps(document))
    trainer = trainers.BpeTrainer(
        vocab_size=500,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    backend.train_from_iterator(fixed_texts(), trainer)
    return str(backend.to_str())


@cache
def _pieces(whitespace: str) -> tuple[str, ...]:
    """Characters, then merged pieces in the order of their merging."""
    backend = tokenizers.Tokenizer(models.BPE())
    # Runs of whitespace are pieces too.
    words = tokenizers.Regex(rf"{SPACE}+|[{whitespace}]+|{SPACE}?[^{SPACE}{whitespace}]+")
    backend.pre_tokenizer = pre_tokenizers.Split(words, "isolated")
    trainer = trainers.BpeTrainer(vocab_size=420, show_progress=False)
    texts = [*fixed_texts(), UNUSUAL]
    kept = str.maketrans({" ": SPACE} | {each: None for each in "\n\t\r" if each not in whitespace})
    backend.train_from_iterator([text.translate(kept) for text in texts], trainer)
    numbers = backend.get_vocab()
    return tuple(sorted(numbers, key=lambda text: numbers[text]))


def _all_merges(pieces: Sequence[str], vocabulary: dict[str, int]) -> list[tuple[str, str]]:
    """Every pair that makes a piece, pieces in order: what transformers makes of SentencePiece."""
    merges = []
    for piece in pieces:
        splits = [(piece[:at], piece[at:]) for at in range(1, len(piece))]
        pairs = [pair for pair in splits if pair[0] in vocabulary and pair[1] in vocabulary]
        merges += sorted(pairs, key=lambda pair: (vocabulary[pair[0]], vocabulary[pair[1]]))
    return merges
