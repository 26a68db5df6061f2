"""The default model, its manifest, and whether the file is the one the manifest means."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from lintseq.errors import EngineError
from lintseq.infer.model_file import default_model, models_folder, read_manifest, verify

CONTENT = b"GGUF\3\0\0\0" + bytes(100)


def write_folder(folder: Path, **changes: Any) -> Path:  # noqa: ANN401
    path = folder / "lintseq-x.gguf"
    path.write_bytes(CONTENT)
    manifest = {
        "file": path.name,
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
        "size_bytes": len(CONTENT),
        "format_version": 1,
        "quantization": "Q8_0",
        "linter": "pyflakes 4.1.0",
        "calibration": {"threshold": 0.5},
    } | changes
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return path


def test_verify(tmp_path: Path) -> None:
    manifest = verify(write_folder(tmp_path))
    assert manifest.calibration == {"threshold": 0.5}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"file": "other.gguf"}, "describes other.gguf"),
        ({"sha256": "0" * 64}, "is damaged"),
        ({"size_bytes": 1}, "its manifest says 1"),
        ({"format_version": 2}, "format version 2"),
    ],
)
def test_verify_refuses(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(EngineError, match=words):
        verify(write_folder(tmp_path, **changes))


@pytest.mark.parametrize(("text", "words"), [("{", "not JSON"), ("[]", "keys"), ("{}", "keys")])
def test_manifest_out_of_form(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(EngineError, match=words):
        read_manifest(tmp_path)


def test_manifest_missing(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no manifest"):
        read_manifest(tmp_path)


def test_environment_names_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINTSEQ_MODEL", "/some/where.gguf")
    assert default_model() == Path("/some/where.gguf")


def test_models_lie_beside_the_package() -> None:
    assert models_folder() == Path(__file__).parents[2] / "models"
