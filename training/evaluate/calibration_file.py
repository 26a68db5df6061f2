"""Where a calibration lies: the manifest beside a model, or a file for `install --calibration`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lintseq.infer.calibration import Calibration, read_calibration
from lintseq.infer.model_file import MANIFEST, verify
from training.json_values import write_json


def calibration_entry(calibration: Calibration, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON object that `read_calibration` reads, with the facts of its making beside it."""
    entry = {"intercept": calibration.intercept, "weights": dict(calibration.weights)}
    return {**facts, **entry}


def write_calibration(path: Path, entry: Mapping[str, Any]) -> None:
    """Write the entry to a file of its own."""
    write_json(path, entry)


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
    write_json(path, {**manifest, "calibration": dict(entry)})
    return path
