"""The GGUF says and computes what the checkpoint does."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import gguf
import llama_cpp
import numpy as np
import pytest
import torch

from lintseq.format import FORMAT_VERSION, Special
from tests.training.checkpoints import repository_texts, write_checkpoint, write_tokenizer
from tests.training.logits import llama_logits, open_llama, torch_logits
from tests.training.odd_texts import ODD_TEXTS
from training.export import ExportConfig, export_gguf
from training.families.tensors import interleave_rotary
from training.model import ModelConfig
from training.tokenizer import Tokenizer

SHAPE = ModelConfig(
    hidden=128, layers=2, heads=4, feed_forward=256, vocabulary=640, context=256, rope_theta=5e4
)


@dataclass(frozen=True, slots=True)
class Exported:
    model: torch.nn.Module
    tokenizer: Tokenizer
    checkpoint: Path
    gguf: Path


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    folder = tmp_path_factory.mktemp("export")
    tokenizer = write_tokenizer(folder / "tokenizer.json")
    model = write_checkpoint(folder / "checkpoint", SHAPE, folder / "tokenizer.json")
    export_gguf(folder / "checkpoint", folder / "model.gguf")
    return Exported(model, tokenizer, folder / "checkpoint", folder / "model.gguf")


@pytest.fixture(scope="module")
def llama(exported: Exported) -> llama_cpp.Llama:
    return open_llama(exported.gguf)


def test_logits_equal_transformers(exported: Exported, llama: llama_cpp.Llama) -> None:
    tokens = np.random.default_rng(0).integers(2, 600, 200).tolist()
    wanted = torch_logits(exported.model, tokens)
    got = llama_logits(llama, tokens)
    assert wanted.std() > 0.8
    assert np.abs(got - wanted).max() < 0.001
    assert (got.argmax(1) == wanted.argmax(1)).mean() >= 0.995


def test_tokens_equal_the_tokenizer_on_this_repository(
    exported: Exported, llama: llama_cpp.Llama
) -> None:
    for text in repository_texts():
        assert _tokens(llama, text) == exported.tokenizer.encode_text(text)


@pytest.mark.parametrize("text", ["", *ODD_TEXTS])
def test_tokens_equal_the_tokenizer_on_odd_texts(
    exported: Exported, llama: llama_cpp.Llama, text: str
) -> None:
    assert _tokens(llama, text) == exported.tokenizer.encode_text(text)


def test_control_tokens_are_known_to_llama(exported: Exported, llama: llama_cpp.Llama) -> None:
    for special in Special:
        tokens = llama.tokenize(special.value.encode(), add_bos=False, special=True)
        assert tokens == [exported.tokenizer.token_id(special)]
    assert llama.token_eos() == exported.tokenizer.token_id(Special.END)


def test_metadata(exported: Exported) -> None:
    fields = gguf.GGUFReader(exported.gguf).fields
    contents = {name: fields[name].contents() for name in fields}
    assert contents["lintseq.format_version"] == FORMAT_VERSION
    assert str(contents["lintseq.linter"]).startswith("pyflakes ")
    assert {"lintseq.data_hash", "lintseq.code_revision"} <= set(contents)
    assert contents["general.license"] == "mit"
    assert contents["tokenizer.ggml.add_bos_token"] is False
    assert contents["llama.context_length"] == SHAPE.context


def test_output_layer_is_left_out_and_half_precision_is_half_the_size(
    exported: Exported, tmp_path: Path
) -> None:
    half = tmp_path / "half.gguf"
    export_gguf(exported.checkpoint, half, ExportConfig(weight_type="f16"))
    reader = gguf.GGUFReader(half)
    assert "output.weight" not in {tensor.name for tensor in reader.tensors}
    assert {str(tensor.tensor_type.name) for tensor in reader.tensors} == {"F16", "F32"}
    assert half.stat().st_size < 0.6 * exported.gguf.stat().st_size


def test_interleaving_puts_the_halves_of_a_head_side_by_side() -> None:
    rows = torch.arange(8)
    assert interleave_rotary(rows[:, None], 2)[:, 0].tolist() == [0, 2, 1, 3, 4, 6, 5, 7]
    assert interleave_rotary(rows, 2).tolist() == [0, 2, 1, 3, 4, 6, 5, 7]


def test_a_folder_without_a_model_is_refused(exported: Exported, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no model\.json .* no config\.json"):
        export_gguf(tmp_path, tmp_path / "model.gguf")
    assert list(tmp_path.iterdir()) == []
    shutil.copy(exported.checkpoint / "model.json", tmp_path)
    with pytest.raises(ValueError, match=r"no model\.safetensors"):
        export_gguf(tmp_path, tmp_path / "model.gguf")


def test_a_tokenizer_too_large_is_refused(exported: Exported, tmp_path: Path) -> None:
    small = ModelConfig(hidden=128, layers=1, heads=4, feed_forward=128, vocabulary=500, context=64)
    write_checkpoint(tmp_path / "small", small, exported.checkpoint / "tokenizer.json")
    with pytest.raises(ValueError, match="600 tokens"):
        export_gguf(tmp_path / "small", tmp_path / "model.gguf")
    assert not (tmp_path / "model.gguf").exists()


def _tokens(llama: llama_cpp.Llama, text: str) -> list[int]:
    if not text:
        return []
    return list(llama.tokenize(text.encode(), add_bos=False, special=False))
