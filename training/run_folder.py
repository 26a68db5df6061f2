"""The folder of a run: what was asked for, what it was made with, and where the rest lies.

`config.json`, `provenance.json`, `metrics.jsonl`, `loss.png`, `samples.jsonl`, `checkpoint/`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lintseq.format import FORMAT_VERSION
from training.json_values import write_json
from training.revision import code_revision, linter_version, package_versions

if TYPE_CHECKING:
    from training.loop import TrainConfig


CONFIG = "config.json"
PROVENANCE = "provenance.json"
METRICS = "metrics.jsonl"
PICTURE = "loss.png"
SAMPLES = "samples.jsonl"
CHECKPOINT = "checkpoint"


def write_description(folder: Path, config: TrainConfig, data_hash: str, machine: str) -> None:
    """Write the resolved configuration and the provenance of a run.

    Args:
        data_hash: of the rows of this run; what the run starts from brings its own.
        machine: what it runs on, in words.
    """
    folder.mkdir(parents=True, exist_ok=True)
    provenance = {
        "code_revision": code_revision(),
        "data_hash": joint_hash([*_hashes_before(config.start or config.published), data_hash]),
        "linter": linter_version(),
        "format_version": FORMAT_VERSION,
        "machine": machine,
        "versions": package_versions(),
    }
    write_json(folder / CONFIG, dataclasses.asdict(config))
    write_json(folder / PROVENANCE, provenance)


def joint_hash(hashes: Sequence[str]) -> str:
    """Return one hash for all: the only one itself, else the sha256 of them in this order."""
    return hashes[0] if len(hashes) == 1 else hashlib.sha256(" ".join(hashes).encode()).hexdigest()


def _hashes_before(start: str | None) -> list[str]:
    path = Path(start or "") / PROVENANCE
    if start is None or not path.is_file():
        return []
    return [json.loads(path.read_text(encoding="utf-8"))["data_hash"]]
