"""Smaller files, and the step that makes one the default model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lintseq.errors import EngineError
from lintseq.infer.model_file import read_manifest, verify
from tests.training.checkpoints import write_checkpoint, write_tokenizer
from training.export import export_gguf
from training.install import install_model
from training.model import ModelConfig
from training.quantize import quantize_gguf

SHAPE = ModelConfig(hidden=256, layers=1, heads=4, feed_forward=256, vocabulary=600, context=64)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quantize")
    write_tokenizer(folder / "tokenizer.json")
    write_checkpoint(folder / "checkpoint", SHAPE, folder / "tokenizer.json")
    export_gguf(folder / "checkpoint", folder / "model.gguf")
    return folder / "model.gguf"


@pytest.mark.parametrize(
    ("quantization", "share"), [("F16", 0.55), ("Q8_0", 0.35), ("Q4_K_M", 0.3)]
)
def test_quantized_files_are_smaller(
    full: Path,
    tmp_path: Path,
    quantization: str,
    share: float,
    capfd: pytest.CaptureFixture[str],
) -> None:
    output = tmp_path / "small.gguf"
    size_bytes = quantize_gguf(full, output, quantization, threads=1)
    assert capfd.readouterr() == ("", "")
    assert size_bytes == output.stat().st_size < share * full.stat().st_size
    assert [path.name for path in tmp_path.iterdir()] == ["small.gguf"]


def test_unknown_quantisation_is_refused(full: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="got 'Q1'"):
        quantize_gguf(full, tmp_path / "small.gguf", "Q1")


@pytest.mark.parametrize("content", [b"", b"GGUF", b"not a model" * 9])
def test_what_is_no_gguf_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.gguf").write_bytes(content)
    with pytest.raises(EngineError):
        quantize_gguf(tmp_path / "bad.gguf", tmp_path / "small.gguf", "Q8_0")


def test_a_damaged_gguf_is_refused_and_leaves_nothing(full: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.gguf").write_bytes(full.read_bytes()[:5000])
    with pytest.raises(ValueError, match="could not make Q8_0"):
        quantize_gguf(tmp_path / "bad.gguf", tmp_path / "small.gguf", "Q8_0")
    assert [path.name for path in tmp_path.iterdir()] == ["bad.gguf"]


def test_an_installed_model_is_verified(full: Path, tmp_path: Path) -> None:
    small = tmp_path / "lintseq-test.gguf"
    quantize_gguf(full, small, "Q8_0", threads=1)
    models = tmp_path / "models"
    assert install_model(small, models) == models / "manifest.json"
    manifest = read_manifest(models)
    assert (manifest.file, manifest.quantization) == ("lintseq-test.gguf", "Q8_0")
    assert manifest.calibration == {}
    assert verify(models / "lintseq-test.gguf") == manifest
    assert not list(models.glob("*.part"))


def test_installing_in_place_keeps_the_file_and_takes_a_calibration(
    full: Path, tmp_path: Path
) -> None:
    model = tmp_path / "lintseq-test.gguf"
    model.write_bytes(full.read_bytes())
    (tmp_path / "calibration.json").write_text(json.dumps({"threshold": 0.5}))
    install_model(model, tmp_path, tmp_path / "calibration.json")
    assert read_manifest(tmp_path).calibration == {"threshold": 0.5}
    assert read_manifest(tmp_path).quantization == "F32"


def test_a_calibration_that_is_no_object_is_refused(full: Path, tmp_path: Path) -> None:
    (tmp_path / "calibration.json").write_text("[]")
    with pytest.raises(ValueError, match="wanted a JSON object, got list"):
        install_model(full, tmp_path / "models", tmp_path / "calibration.json")
