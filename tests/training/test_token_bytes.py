"""The bytes of tokens are those that llama.cpp writes for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from lintseq.infer.llama import Model
from tests.training.odd_texts import ODD_TEXTS
from tests.training.published_models import MODELS, write_published
from training.export import export_gguf
from training.families.published import open_published
from training.token_bytes import token_bytes


@pytest.mark.parametrize("name", MODELS)
def test_bytes_are_those_of_llama_cpp(tmp_path: Path, name: str) -> None:
    folder = write_published(tmp_path / name, name)
    export_gguf(folder, tmp_path / "model.gguf")
    tokenizer = open_published(folder).tokenizer
    pieces = token_bytes(tokenizer.backend())
    model = Model(tmp_path / "model.gguf")
    known = [number for number in range(tokenizer.size) if not model.is_control(number)]
    # No text is ever read as the token for what is unknown.
    unknown = tokenizer.backend().token_to_id("<unk>")
    assert [n for n in known if pieces[n] != model.piece(n) and n != unknown] == []
    assert pieces[tokenizer.end] == pieces[tokenizer.diff] == b""
    for text in ODD_TEXTS:
        ids = tokenizer.backend().encode(text, add_special_tokens=False).ids
        assert b"".join(pieces[number] for number in ids) == text.encode()
