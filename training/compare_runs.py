"""Runs side by side: what they came to, and in which settings they differ."""

from __future__ import annotations

import json
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from training.json_values import from_json
from training.loss_plot import plot_losses
from training.metrics import read_metrics
from training.model import ModelConfig
from training.run_folder import CONFIG, METRICS, PROVENANCE

Facts = dict[str, Any]
"""Facts of one run, by name; JSON values."""


def compare_runs(folders: Sequence[Path]) -> dict[str, Facts]:
    """Return the facts of each run by its name, with the settings that are not the same in all.

    Raises:
        ValueError: A folder is no run.
    """
    names = _names(folders)
    configs = [_flat(_read(folder, CONFIG)) for folder in folders]
    keys = dict.fromkeys(key for config in configs for key in config)
    differing = [
        key for key in keys if len({json.dumps(config.get(key)) for config in configs}) > 1
    ]
    return {
        name: {**_facts(folder), **{key: config.get(key) for key in differing}}
        for name, folder, config in zip(names, folders, configs, strict=True)
    }


def as_table(comparison: Mapping[str, Facts]) -> Table:
    """Return a table with one column a run."""
    table = Table("", *comparison)
    for key in dict.fromkeys(key for facts in comparison.values() for key in facts):
        table.add_row(key, *(_cell(facts.get(key)) for facts in comparison.values()))
    return table


def plot_runs(folders: Sequence[Path], picture: Path) -> None:
    """Draw the losses of all runs into one PNG."""
    runs = [read_metrics(folder / METRICS) for folder in folders]
    plot_losses(dict(zip(_names(folders), runs, strict=True)), picture)


def _facts(folder: Path) -> Facts:
    records = read_metrics(folder / METRICS)
    steps = [record for record in records if "loss" in record]
    held_out = [record for record in records if "held_out_loss" in record]
    provenance = _read(folder, PROVENANCE)
    shape = from_json(ModelConfig, _read(folder, CONFIG)["model"])
    facts: Facts = {"parameters": shape.parameters}
    if steps:
        last = steps[-1]
        facts |= {
            "steps": last["step"],
            "tokens": last["tokens"],
            "minutes": last["elapsed_s"] / 60,
            "plan done": last.get("done"),
            "loss": last["loss"],
            "tokens/s": statistics.median(record["tokens_per_s"] for record in steps),
            "utilization": statistics.median(record.get("utilization", 0.0) for record in steps),
        }
    if held_out:
        facts |= {
            "held-out loss": held_out[-1]["held_out_loss"],
            "best held-out loss": min(record["held_out_loss"] for record in held_out),
            "held-out bits per byte": held_out[-1]["held_out_bits_per_byte"],
        }
    return facts | {
        "code revision": provenance["code_revision"],
        "data": provenance["data_hash"][:12],
        "machine": provenance.get("machine"),
    }


def _read(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    if not path.is_file():
        raise ValueError(f"{folder} is no run: it has no {name}")
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return values


def _names(folders: Sequence[Path]) -> list[str]:
    """Return the folders' own names, or whole paths if two are the same."""
    short = [folder.resolve().name for folder in folders]
    return short if len(set(short)) == len(short) else [str(folder) for folder in folders]


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        inner = _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else None
        flat |= {f"{prefix}{key}": value} if inner is None else inner
    return flat


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value:,}" if type(value) is int else str(value)
