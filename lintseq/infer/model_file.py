"""Model files: where the default one lies, what its manifest says, and whether a file is whole."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

import lintseq.errors
from lintseq.errors import EngineError
from lintseq.format import FORMAT_VERSION

ENVIRONMENT_VARIABLE = "LINTSEQ_MODEL"
MANIFEST = "manifest.json"

_MAGIC = b"GGUF"
# Magic, version, and the numbers of tensors and of key-value pairs.
_SMALLEST_BYTES = 4 + 4 + 8 + 8


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `models/manifest.json` says of the model beside it."""

    file: str
    sha256: str
    size_bytes: int
    format_version: int
    quantization: str
    linter: str
    calibration: Mapping[str, Any]
    locality: Mapping[str, Any] = field(default_factory=dict)
    """How far repetitions nearby are trusted; empty where that was not fitted."""


def default_model() -> Path:
    """The model to use when none is named: $LINTSEQ_MODEL, or the one that came along.

    Raises:
        EngineError: there is none, or the manifest is out of form.
    """
    named = os.environ.get(ENVIRONMENT_VARIABLE)
    if named:
        return Path(named)
    folder = models_folder()
    return folder / read_manifest(folder).file


def models_folder() -> Path:
    """Where the model that came along lies; beside the package, in a checkout or installed."""
    return Path(lintseq.errors.__file__).parents[1] / "models"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder of models.

    Raises:
        EngineError: it is missing or out of form.
    """
    path = folder / MANIFEST
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise EngineError(f"no manifest of a model at {path}: {error.strerror}") from error
    except ValueError as error:
        raise EngineError(f"{path} is not JSON: {error}") from error
    needed = [each.name for each in fields(Manifest) if each.default_factory is MISSING]
    if not isinstance(data, dict) or not set(needed) <= set(data):
        raise EngineError(f"{path} needs the keys {', '.join(needed)}")
    known = {each.name for each in fields(Manifest)}
    return Manifest(**{name: value for name, value in data.items() if name in known})


def verify(path: Path) -> Manifest:
    """The manifest beside `path`, once the file agrees with it.

    Raises:
        EngineError: the file is not the one the manifest describes, or of another format.
    """
    manifest = read_manifest(path.parent)
    if path.name != manifest.file:
        raise EngineError(f"{path.parent / MANIFEST} describes {manifest.file}, not {path.name}")
    if manifest.format_version != FORMAT_VERSION:
        raise EngineError(
            f"{path} is of format version {manifest.format_version}, "
            f"this program needs {FORMAT_VERSION}"
        )
    check_gguf(path)
    size = path.stat().st_size
    if size != manifest.size_bytes:
        raise EngineError(f"{path} has {size} bytes, its manifest says {manifest.size_bytes}")
    digest = _sha256(path)
    if digest != manifest.sha256:
        raise EngineError(f"{path} is damaged: sha256 {digest}, not {manifest.sha256}")
    return manifest


def check_model(path: Path) -> None:
    """Return if `path` looks like a GGUF, and is the file that a manifest beside it describes.

    Flipped bytes of weights load without a word and make the model talk rubbish. A folder without
    a manifest, or with one of something else, says nothing about the file.

    Raises:
        EngineError: there is no such file, or it is another one.
    """
    check_gguf(path)
    try:
        is_described = read_manifest(path.parent).file == path.name
    except EngineError:
        return
    if is_described:
        verify(path)


def check_gguf(path: Path) -> None:
    """Return if `path` looks like a GGUF by its first bytes.

    Raises:
        EngineError: there is no such file, or it is something else.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_SMALLEST_BYTES)
    except OSError as error:
        raise EngineError(f"cannot read the model {path}: {error.strerror}") from error
    if not head:
        raise EngineError(f"the model {path} is empty")
    if head.startswith(b"version https://git-lfs"):
        raise EngineError(f"{path} is a Git LFS pointer, not the model: run `git lfs pull`")
    if not head.startswith(_MAGIC) or len(head) < _SMALLEST_BYTES:
        raise EngineError(f"the model {path} is not a GGUF: it begins with {head[:8]!r}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
