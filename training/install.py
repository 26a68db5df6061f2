"""A GGUF made the default model: copied, described by a manifest, checked."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import gguf

from lintseq.infer.locality import Locality
from lintseq.infer.model_file import MANIFEST, Manifest, check_gguf, models_folder, verify
from training.json_values import write_json


def install_model(
    source: Path,
    models: Path | None = None,
    calibration: Path | None = None,
    locality: Locality | None = None,
) -> Path:
    """Return the manifest of the folder in which this model now is the default.

    Args:
        models: that folder; None = the one beside the package.
        calibration: JSON object to go into the manifest; without it a placeholder, {}.
        locality: how far repetitions are trusted; without it none is.

    Raises:
        EngineError: The source is no GGUF, or the copy differs from what the manifest says.
        ValueError: It is not a LintSeq model, or the calibration is no JSON object.
    """
    check_gguf(source)
    models = models or models_folder()
    models.mkdir(parents=True, exist_ok=True)
    manifest = dataclasses.asdict(_describe(source, _read_calibration(calibration)))
    manifest["locality"] = dataclasses.asdict(locality) if locality else {}
    if source.resolve().parent != models.resolve():
        part = models / (source.name + ".part")
        shutil.copyfile(source, part)
        part.replace(models / source.name)
    write_json(models / MANIFEST, manifest)
    verify(models / source.name)
    return models / MANIFEST


def install_locality(model: Path, locality: Locality) -> None:
    """Put it into the manifest beside the model.

    Raises:
        EngineError: there is no manifest, or it describes another file.
    """
    verify(model)
    path = model.parent / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    write_json(path, {**manifest, "locality": dataclasses.asdict(locality)})


def _describe(source: Path, calibration: dict[str, Any]) -> Manifest:
    fields = gguf.GGUFReader(source).fields
    missing = {"lintseq.format_version", "lintseq.linter", "general.file_type"} - set(fields)
    if missing:
        raise ValueError(f"{source} is no LintSeq model: it lacks {', '.join(sorted(missing))}")
    file_type = gguf.LlamaFileType(fields["general.file_type"].contents())
    return Manifest(
        file=source.name,
        sha256=hashlib.sha256(source.read_bytes()).hexdigest(),
        size_bytes=source.stat().st_size,
        format_version=int(fields["lintseq.format_version"].contents()),
        quantization=file_type.name.removeprefix("MOSTLY_").removeprefix("ALL_"),
        linter=str(fields["lintseq.linter"].contents()),
        calibration=calibration,
    )


def _read_calibration(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    values = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(values, dict):
        raise ValueError(f"{path}: wanted a JSON object, got {type(values).__name__}")
    return values
