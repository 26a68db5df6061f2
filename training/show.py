"""The command `lintseq-train show`: recipes, what lies in a file or folder, runs side by side."""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `show`."""
    parser.add_argument(
        "what",
        nargs="*",
        help="a recipe, a run, a checkpoint, a folder of rows or a GGUF; without it all recipes;"
        " several runs are compared in a table",
    )
    parser.add_argument("--plot", type=Path, metavar="PNG", help="draw the losses of the runs")
    parser.add_argument("--json", action="store_true", help="the comparison as JSON")


def run(args: argparse.Namespace) -> int:
    """Print a description as JSON or a comparison of runs, and return the exit status.

    Raises:
        ValueError: There is no such thing, or what is to be compared is no run.
    """
    if len(args.what) < 2 and args.plot is None:
        print(json.dumps(describe(*args.what), indent=1))
        return 0
    from training.compare_runs import as_table, compare_runs, plot_runs

    comparison = compare_runs([Path(name) for name in args.what])
    if args.json:
        print(json.dumps(comparison, indent=1))
    else:
        from rich.console import Console

        Console().print(as_table(comparison))
    if args.plot is not None:
        plot_runs([Path(name) for name in args.what], args.plot)
    return 0


def describe(what: str | None = None) -> object:
    """Return what is known of a recipe by name, or of a file or folder by path.

    Raises:
        ValueError: It is neither.
    """
    from training.recipes import RECIPES

    if what is None:
        return {
            name: {"is": recipe.__doc__, "parameters": recipe().model.parameters}
            for name, recipe in RECIPES.items()
        }
    if what in RECIPES:
        return dataclasses.asdict(RECIPES[what]())
    path = Path(what)
    if path.suffix == ".gguf" and path.is_file():
        return _gguf(path)
    for name in ("provenance.json", "state.json", "meta.json"):
        if (path / name).is_file():
            return {each.name: json.loads(each.read_text("utf-8")) for each in _small_json(path)}
    raise ValueError(f"wanted a recipe, a run, a checkpoint, rows or a GGUF; got {what!r}")


def _small_json(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.json") if path.name != "tokenizer.json")


def _gguf(path: Path) -> dict[str, object]:
    from gguf import GGUFReader

    reader = GGUFReader(path)
    return {
        name: field.contents()
        for name, field in reader.fields.items()
        if name.removeprefix("tokenizer.ggml.") not in ("tokens", "token_type", "merges")
    } | {"tensors": len(reader.tensors), "size_bytes": path.stat().st_size}
