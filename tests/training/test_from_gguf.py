"""A GGUF and the checkpoint it came from."""

from __future__ import annotations

from pathlib import Path

import gguf
import pytest
import torch
from safetensors.torch import load_file

from lintseq.errors import EngineError
from tests.training.checkpoints import write_checkpoint, write_tokenizer
from training.checkpoint import load_model
from training.export import ExportConfig, export_gguf
from training.from_gguf import write_from_gguf
from training.model import ModelConfig
from training.quantize import quantize_gguf
from training.tokenizer import load_tokenizer

SHAPE = ModelConfig(hidden=256, layers=2, heads=4, feed_forward=256, vocabulary=640, context=64)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("from_gguf")
    # Fewer tokens than the model has weights for: the others have no text.
    write_tokenizer(folder / "tokenizer.json", 600)
    write_checkpoint(folder / "checkpoint", SHAPE, folder / "tokenizer.json")
    export_gguf(folder / "checkpoint", folder / "full.gguf", ExportConfig("f32"))
    return folder / "checkpoint"


def test_there_and_back_is_the_same(checkpoint: Path, tmp_path: Path) -> None:
    assert write_from_gguf(checkpoint.parent / "full.gguf", tmp_path / "back") == SHAPE
    weights = [load_file(path / "model.safetensors") for path in (checkpoint, tmp_path / "back")]
    assert weights[0].keys() == weights[1].keys()
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])
    hashes = [
        load_tokenizer(path / "tokenizer.json").hash for path in (checkpoint, tmp_path / "back")
    ]
    assert hashes[0] == hashes[1]
    assert load_model(tmp_path / "back")[1] == SHAPE
    assert [path.name for path in tmp_path.iterdir()] == ["back"]


@pytest.mark.parametrize(("kind", "error"), [("Q8_0", 0.005), ("Q4_K_M", 0.08)])
def test_quantised_weights_come_back_rounded(
    checkpoint: Path, tmp_path: Path, kind: str, error: float
) -> None:
    quantize_gguf(checkpoint.parent / "full.gguf", tmp_path / "small.gguf", kind, threads=1)
    write_from_gguf(tmp_path / "small.gguf", tmp_path / "back")
    back = load_file(tmp_path / "back/model.safetensors")
    for name, wanted in load_file(checkpoint / "model.safetensors").items():
        assert (back[name] - wanted).abs().max() <= error * wanted.abs().max(), name


def test_other_models_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="cannot read"):
        write_from_gguf(tmp_path / "none.gguf", tmp_path / "back")
    writer = gguf.GGUFWriter(tmp_path / "qwen.gguf", "qwen2")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    with pytest.raises(ValueError, match=r"wanted general\.architecture 'llama', got 'qwen2'"):
        write_from_gguf(tmp_path / "qwen.gguf", tmp_path / "back")
    assert not (tmp_path / "back").exists()
