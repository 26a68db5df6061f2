"""A published tokenizer.json in the form that both libraries read alike, to the letter.

Two kinds are known: byte-level BPE, as of GPT-2 (llama.cpp's "gpt2"), and BPE over characters with
bytes to fall back on, as SentencePiece makes it (llama.cpp's "llama"). What changes text on its way
goes: normalisation to NFC, because an edit must come back as it was written, and the space that
Llama 2 puts in front of a text, because a transcript is encoded in segments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from training.tokenizer import SPLIT_PATTERN

Kind = Literal["gpt2", "llama"]
Document = dict[str, Any]

SPACE = "\u2581"
"""What SentencePiece writes for a space."""
# Source: the tokenizer.json of Llama 3; that of OLMo 2 has the same.
LLAMA3_PATTERN = SPLIT_PATTERN.replace(r"|\p{N}|", r"|\p{N}{1,3}|")
GPT2_SPLIT = ("ByteLevel", True)

# How text is split before it is merged, whether a word that is a token skips the merges, and what
# llama.cpp calls the two together.
SPLITS: Mapping[tuple[object, bool], str] = {
    (((GPT2_SPLIT,)), False): "gpt-2",
    ((("Digits", True), GPT2_SPLIT), False): "smollm",
    ((("Split", SPLIT_PATTERN), ("ByteLevel", False)), False): "qwen2",
    ((("Split", LLAMA3_PATTERN), ("ByteLevel", False)), False): "dbrx",
    ((("Split", LLAMA3_PATTERN), ("ByteLevel", False)), True): "llama-bpe",
}


def canonical(document: Mapping[str, Any], where: str) -> Document:
    """Return the same tokenizer without what changes text; unchanged if it has nothing of that.

    Raises:
        ValueError: llama.cpp has no tokenizer like it.
    """
    kind = kind_of(document, where)
    changed = dict(document) | {"truncation": None, "padding": None, "post_processor": None}
    if kind == "gpt2":
        split_name(document, where)
        return changed | {"normalizer": None}
    _check_sentencepiece(document, where)
    return changed | {
        "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": SPACE},
        "pre_tokenizer": None,
        "decoder": {
            "type": "Sequence",
            "decoders": [
                {"type": "Replace", "pattern": {"String": SPACE}, "content": " "},
                {"type": "ByteFallback"},
                {"type": "Fuse"},
            ],
        },
    }


def kind_of(document: Mapping[str, Any], where: str) -> Kind:
    """Return llama.cpp's name for the kind of tokenizer.

    Raises:
        ValueError: It is of no kind that is known here.
    """
    model = document["model"]
    is_plain = not model.get("continuing_subword_prefix") and not model.get("end_of_word_suffix")
    if model["type"] == "BPE" and is_plain:
        if model.get("byte_fallback"):
            return "llama"
        if any(part["type"] == "ByteLevel" for part in _parts(document.get("pre_tokenizer"))):
            return "gpt2"
    raise ValueError(
        f"{where}: wanted a byte-level BPE or a SentencePiece BPE with byte fallback,"
        f" got {model['type']}"
    )


def split_name(document: Mapping[str, Any], where: str) -> str:
    """Return llama.cpp's name for the way in which a byte-level BPE splits text.

    Raises:
        ValueError: It has none, or text is changed before it is split.
    """
    normalizers = [part["type"] for part in _parts(document.get("normalizer"))]
    if set(normalizers) - {"NFC"}:
        raise ValueError(f"{where}: wanted no normalizer but NFC, got {', '.join(normalizers)}")
    parts = tuple(_signature(part) for part in _parts(document.get("pre_tokenizer")))
    name = SPLITS.get((parts, bool(document["model"].get("ignore_merges"))))
    if name is None:
        raise ValueError(
            f"{where} splits text in a way for which no name in llama.cpp is known here:"
            f" {document.get('pre_tokenizer')}; known are {', '.join(SPLITS.values())}"
        )
    return name


def _signature(part: Mapping[str, Any]) -> tuple[str, object]:
    match part:
        case {"type": "ByteLevel", "add_prefix_space": False}:
            return "ByteLevel", part.get("use_regex", True)
        case {"type": "Digits", "individual_digits": individual}:
            return "Digits", individual
        case {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated"}:
            return "Split", pattern if not part.get("invert") else None
    return str(part["type"]), None


def _check_sentencepiece(document: Mapping[str, Any], where: str) -> None:
    for part in (*_parts(document.get("normalizer")), *_parts(document.get("pre_tokenizer"))):
        match part:
            case {"type": "Prepend" | "Replace"}:
                is_known = part.get("prepend", part.get("content")) == SPACE
            case {"type": "Metaspace"}:
                is_known = part.get("split") is False
            case {"type": "Split", "pattern": {"String": " "}}:
                # Of what is left when each space has become something else.
                is_known = True
            case _:
                is_known = False
        if not is_known:
            raise ValueError(f"{where}: llama.cpp cannot change or split text like {part}")
    vocabulary = document["model"]["vocab"]
    missing = [f"<0x{byte:02X}>" for byte in range(256) if f"<0x{byte:02X}>" not in vocabulary]
    if missing:
        raise ValueError(f"{where}: wanted a token for each byte, got none for {missing[0]}")


def _parts(component: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    """Yield the parts of a component, those of a sequence one by one."""
    if component is None:
        return
    if component["type"] != "Sequence":
        yield component
        return
    for part in component.get("normalizers", component.get("pretokenizers", ())):
        yield from _parts(part)
