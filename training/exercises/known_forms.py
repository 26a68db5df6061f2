"""The functions of evaluation sets, compared by their shape: the second unit of decontamination."""

from __future__ import annotations

import ast
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from training.exercises.skeleton import normal_form

_SOLUTIONS = ("canonical_solution", "code")


def function_forms(tree: ast.Module) -> frozenset[str]:
    """Return the normal form of every top-level function, each on its own."""
    return frozenset(
        normal_form(ast.Module([node], []))
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    )


def read_forms(directory: Path) -> frozenset[str]:
    """Return the forms of all functions in the solutions of `*.jsonl` and `*.jsonl.gz` files."""
    files = sorted([*directory.glob("*.jsonl"), *directory.glob("*.jsonl.gz")])
    forms: set[str] = set()
    for text in (text for file in files for text in _solutions(file)):
        try:
            forms |= function_forms(ast.parse(text))
        except SyntaxError:
            continue
    return frozenset(forms)


def _solutions(path: Path) -> Iterator[str]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            prompt, suffix = record.get("prompt", ""), record.get("suffix", "")
            for name in _SOLUTIONS:
                if isinstance(record.get(name), str):
                    # MBPP's prompts are sentences: its solutions stand alone.
                    yield (record[name] if name == "code" else prompt + record[name] + suffix)
