"""Where a calibration lies: the manifest beside a model, or a file for `install --calibration`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lintseq.infer.calibration import Calibration, read_calibration
from lintseq.infer.model_file import MANIFEST, verify


def calibration_entry(calibration: Calibration, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON object that `read_calibration` reads, with the facts of its making beside it."""
    entry = {"intercept": calibration.intercept, "weights": dict(calibration.weights)}
    return {**facts, **entry}


def write_calibration(path: Path, entry: Mapping[str, Any]) -> None:
    """Write the entry to a file of its own."""
    _write(path, entry)


def install_calibration(model: Path, entry: Mapping[str, Any]) -> Path:
    """The manifest beside the model, which now has this calibration and is else unchanged.

    Raises:
        EngineError: there is no manifest, or it describes another file.
        ValueError: the entry is no calibration.
    """
    read_calibration(entry)
    verify(model)
    path = model.parent / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    _write(path, {**manifest, "calibration": dict(entry)})
    return path


def _write(path: Path, values: Mapping[str, Any]) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    part.replace(path)
