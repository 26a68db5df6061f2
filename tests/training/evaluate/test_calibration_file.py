import hashlib
import json
from pathlib import Path

import pytest

from lintseq.errors import EngineError
from lintseq.infer.calibration import Calibration, calibration_beside, read_calibration
from training.evaluate.calibration_file import (
    calibration_entry,
    install_calibration,
    write_calibration,
)

FITTED = Calibration(1.5, {"sum": 0.25})
ENTRY = calibration_entry(FITTED, {"cursors": 12, "data": ["heldout.jsonl.gz"]})


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "m.gguf"
    path.write_bytes(b"GGUF" + bytes(40))
    manifest = {
        "file": "m.gguf",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "size_bytes": 44,
        "format_version": 1,
        "quantization": "Q8_0",
        "linter": "pyflakes 4.1.0",
        "calibration": {},
        "more": "kept",
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    return path


def test_the_entry_is_read_back(tmp_path: Path) -> None:
    write_calibration(tmp_path / "c.json", ENTRY)
    read = json.loads((tmp_path / "c.json").read_text())
    assert read == {"cursors": 12, "data": ["heldout.jsonl.gz"], "intercept": 1.5} | {
        "weights": {"sum": 0.25}
    }
    assert read_calibration(read) == FITTED


def test_install(model: Path) -> None:
    before = json.loads((model.parent / "manifest.json").read_text())
    assert calibration_beside(model) is None
    path = install_calibration(model, ENTRY)
    assert json.loads(path.read_text()) == before | {"calibration": ENTRY}
    assert calibration_beside(model) == FITTED
    assert sorted(one.name for one in model.parent.iterdir()) == ["m.gguf", "manifest.json"]


def test_install_for_another_model_changes_nothing(model: Path) -> None:
    before = (model.parent / "manifest.json").read_text()
    model.write_bytes(b"GGUF" + bytes(39) + b"x")
    with pytest.raises(EngineError, match="damaged"):
        install_calibration(model, ENTRY)
    with pytest.raises(EngineError, match="no manifest"):
        install_calibration(model.parent / "elsewhere" / "m.gguf", ENTRY)
    assert (model.parent / "manifest.json").read_text() == before


def test_install_refuses_what_is_no_calibration(model: Path) -> None:
    with pytest.raises(ValueError, match="intercept"):
        install_calibration(model, {"cursors": 12})


def test_no_calibration_beside_a_model(model: Path, tmp_path: Path) -> None:
    install_calibration(model, ENTRY)
    assert calibration_beside(model.with_name("other.gguf")) is None
    assert calibration_beside(tmp_path / "elsewhere" / "m.gguf") is None
