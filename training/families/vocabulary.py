"""A tokenizer as GGUF writes it: texts, kinds, merges or scores."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import gguf

from training.families.adopt import AdoptedTokenizer
from training.families.splits import SPACE, Document, split_name

BYTE = re.compile(r"<0x[0-9A-F]{2}>")


def add_vocabulary(writer: gguf.GGUFWriter, tokenizer: AdoptedTokenizer, rows: int) -> None:
    """Add the tokens to a file's description.

    Args:
        rows: of the embedding; those that no token stands for are padding.

    Raises:
        ValueError: There are more tokens than rows.
    """
    if tokenizer.size > rows:
        raise ValueError(
            f"the tokenizer has {tokenizer.size} tokens, the model has weights for {rows} only"
        )
    document = tokenizer.document
    added = {token["id"]: token for token in document["added_tokens"]}
    texts = _texts(document["model"]["vocab"])
    texts |= {number: token["content"] for number, token in added.items()}
    kinds = {number: _kind(texts[number], added.get(number), document) for number in texts}
    writer.add_tokenizer_model(tokenizer.kind)
    writer.add_token_list([_text(number, texts, kinds) for number in range(rows)])
    writer.add_token_types([kinds.get(number, gguf.TokenType.UNUSED) for number in range(rows)])
    if tokenizer.kind == "gpt2":
        writer.add_tokenizer_pre(split_name(document, "tokenizer.json"))
        writer.add_token_merges([" ".join(pair) for pair in _merges(document)])
    else:
        scores = _scores(document)
        writer.add_tokenizer_pre("default")
        writer.add_token_scores([scores.get(texts.get(number, ""), 0.0) for number in range(rows)])
        writer.add_add_space_prefix(False)
    writer.add_eos_token_id(tokenizer.end)
    # A transcript begins with its text.
    writer.add_add_bos_token(False)


def _texts(vocabulary: Mapping[str, int]) -> dict[int, str]:
    """Return the text of each number; of several that of a byte, which llama.cpp looks for."""
    ordered = sorted(vocabulary.items(), key=lambda item: BYTE.fullmatch(item[0]) is not None)
    return {number: text for text, number in ordered}


def _kind(text: str, added: Mapping[str, Any] | None, document: Document) -> int:
    model = document["model"]
    if model.get("byte_fallback") and BYTE.fullmatch(text):
        return int(gguf.TokenType.BYTE)
    if added is not None and added["special"]:
        return int(gguf.TokenType.CONTROL)
    if text == model.get("unk_token"):
        return int(gguf.TokenType.UNKNOWN)
    if added is None:
        return int(gguf.TokenType.NORMAL)
    # Such a token is looked for in the text as it was written, where spaces are spaces.
    is_merged = SPACE in text and not added["normalized"]
    return int(gguf.TokenType.NORMAL if is_merged else gguf.TokenType.USER_DEFINED)


def _text(number: int, texts: Mapping[int, str], kinds: Mapping[int, int]) -> str:
    if number not in texts:
        return f"[unused{number}]"
    is_literal = kinds[number] == gguf.TokenType.USER_DEFINED
    return texts[number].replace(SPACE, " ") if is_literal else texts[number]


def _merges(document: Document) -> list[tuple[str, str]]:
    pairs = (
        merge.split(" ") if isinstance(merge, str) else merge
        for merge in document["model"]["merges"]
    )
    return [(left, right) for left, right in pairs]


def _scores(document: Document) -> dict[str, float]:
    """Return for each token how early it is merged: of two candidates the higher goes first."""
    scores: dict[str, float] = {}
    for rank, (left, right) in enumerate(_merges(document), 1):
        scores.setdefault(left + right, float(-rank))
    return scores
