"""A published tokenizer taken up: `<|endoftext|>` and `<|diff|>` are its control tokens.

The family's own end token becomes `<|endoftext|>`: same number, same row of the embedding, another
name. `<|diff|>` gets the next free number. Taking up what was taken up before changes nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import tokenizers

from lintseq.format import Special
from training.families.splits import Document, Kind, canonical, kind_of
from training.json_values import write_json


@dataclass(frozen=True, slots=True)
class AdoptedTokenizer:
    """A tokenizer.json with both control tokens."""

    text: str
    """What the file holds."""
    kind: Kind
    end: int
    diff: int
    size: int
    """One more than the largest number of a token."""
    is_diff_new: bool
    """Whether the model was trained without it."""

    @property
    def document(self) -> Document:
        """The file as JSON."""
        document: Document = json.loads(self.text)
        return document

    def backend(self) -> tokenizers.Tokenizer:
        """Return the tokenizer, with control tokens in a text read as text."""
        backend = tokenizers.Tokenizer.from_str(self.text)
        backend.encode_special_tokens = True
        return backend


def adopt_tokenizer(path: Path, end: int | None) -> AdoptedTokenizer:
    """Return the tokenizer of a published tokenizer.json, taken up.

    Args:
        end: number of the token that becomes `<|endoftext|>` where there is none of that name.

    Raises:
        ValueError: llama.cpp has no tokenizer like it, or there is no end token.
    """
    document = canonical(_read(path), str(path))
    added = {token["id"]: token["content"] for token in document["added_tokens"]}
    names = {*document["model"]["vocab"], *added.values()}
    if Special.END not in names:
        if end not in added:
            raise ValueError(
                f"{path} has no {Special.END}, and the end token in the model's settings, {end}, is"
                " none of its special tokens"
            )
        document = _rename(document, added[end])
    is_diff_new = Special.DIFF not in names
    backend = tokenizers.Tokenizer.from_str(json.dumps(document))
    # Also where they were there: as control tokens, which text never becomes.
    backend.add_special_tokens([_control_token(special) for special in Special])
    numbers = backend.get_vocab(with_added_tokens=True)
    return AdoptedTokenizer(
        text=backend.to_str(pretty=True),
        kind=kind_of(document, str(path)),
        end=numbers[Special.END],
        diff=numbers[Special.DIFF],
        size=max(numbers.values()) + 1,
        is_diff_new=is_diff_new,
    )


def write_adopted(path: Path, tokenizer: AdoptedTokenizer) -> None:
    """Write it as tokenizer.json."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, tokenizer.document)


def _read(path: Path) -> Document:
    if not path.is_file():
        raise ValueError(
            f"wanted a tokenizer.json, got {path}; transformers writes one:"
            " AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)"
        )
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        tokenizers.Tokenizer.from_str(json.dumps(document))
    except Exception as error:  # The library raises bare exceptions.
        raise ValueError(f"{path} is not a tokenizer: {error}") from error
    return dict(document)


def _rename(document: Document, old: str) -> Document:
    """Return the document with the token `old` called `<|endoftext|>`."""

    def new(text: str | None) -> str | None:
        return Special.END.value if text == old else text

    model = dict(document["model"])
    model["vocab"] = {new(text): number for text, number in model["vocab"].items()}
    model["unk_token"] = new(model.get("unk_token"))
    added = [token | {"content": new(token["content"])} for token in document["added_tokens"]]
    return document | {"model": model, "added_tokens": added}


def _control_token(special: Special) -> tokenizers.AddedToken:
    return tokenizers.AddedToken(special.value, special=True, normalized=False)
