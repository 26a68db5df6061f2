"""How public code imports names, and what the standard library has: a table beside the model.

`lintseq-train imports` makes it. Nothing is imported to know what a module has.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from lintseq.imports.statement import Import, imports_in
from lintseq.infer.model_file import models_folder

TABLE = "imports.json"


@dataclass(frozen=True, slots=True)
class PublicCode:
    """The table, by what is asked of it."""

    counted: Mapping[str, Mapping[Import, int]] = field(default_factory=dict)
    """By the name bound: the imports that bind it, and how many projects have each."""
    standard: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By module of the standard library: its public names."""
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By `module.Class` of the standard library: the attributes."""
    owners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By name: the modules of the standard library that have it."""
    modules: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By any other module: what is imported from it."""

    def imports(self, name: str) -> dict[Import, int]:
        """The imports that bring the name, and how many projects have each; 0 for few or none."""
        found = dict(self.counted.get(name, {}))
        if name in self.standard:
            found.setdefault(Import(name, 0, "", name), 0)
        for module in self.owners.get(name, ()):
            found.setdefault(Import(module, 0, name, name), 0)
        return found

    def names(self, module: str) -> frozenset[str] | None:
        """The public names of a module of the standard library; None for any other."""
        return self.standard.get(module)

    def is_standard(self, module: str) -> bool:
        """Whether the standard library has the module."""
        return module in self.standard


@cache
def public_code() -> PublicCode:
    """The table that came along; an empty one if there is none or it is out of form."""
    return read_public_code(models_folder() / TABLE)


def read_public_code(path: Path) -> PublicCode:
    """The table in a file; an empty one if there is none or it is out of form."""
    try:
        table = json.loads(path.read_text("utf-8"))
        counted: dict[str, dict[Import, int]] = {}
        for statement, count in _counted(table["imported"]):
            counted.setdefault(statement.bound, {})[statement] = int(count)
        standard = _sets(table["standard"])
        attributes = _sets(table["attributes"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return PublicCode()
    owners: dict[str, list[str]] = {}
    for module, names in standard.items():
        for name in names:
            owners.setdefault(name, []).append(module)
    modules: dict[str, set[str]] = {}
    for statements in counted.values():
        for each in statements:
            if each.module not in standard:
                modules.setdefault(each.module, set()).add(each.name)
    return PublicCode(
        counted,
        standard,
        attributes,
        {name: tuple(found) for name, found in owners.items()},
        {module: frozenset(names) for module, names in modules.items()},
    )


def _counted(imported: Mapping[str, Mapping[str, int]]) -> Iterator[tuple[Import, int]]:
    for module, ways in imported.items():
        for words, count in ways.items():
            is_module = not words or words.startswith("as ")
            line = f"import {module} {words}" if is_module else f"from {module} import {words}"
            for statement in imports_in(line):
                yield statement, count


def _sets(texts: Mapping[str, str]) -> dict[str, frozenset[str]]:
    return {name: frozenset(text.split()) for name, text in texts.items()}
