"""The table that `lintseq.imports.public` reads: JSON, small enough to go with the model."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from lintseq.imports.statement import Import
from training.imports.count import Counts
from training.imports.stubs import PYTHON, Stubs

# Their users are the interpreter and its tests.
_NOT_MEANT = ("test", "idlelib", "distutils", "lib2to3")


def import_table(counts: Counts, stubs: Stubs, least: int) -> dict[str, Any]:
    """The table of what is imported in at least so many projects, and of the standard library."""
    modules = stubs.modules()
    standard = {module: stubs.names(module) for module in modules}
    kept = {
        each: count
        for each, count in counts.imports.items()
        if count >= least and _is_public(each.module) and _is_there(each, standard)
    }
    return {
        "made": {
            "documents": counts.documents,
            "projects": counts.projects,
            "least": least,
            "licenses": dict(sorted(counts.licenses.items(), key=lambda each: -each[1])[:12]),
            "stubs": f"typeshed, as in mypy {version('mypy')}, Apache License 2.0",
            "python": ".".join(map(str, PYTHON)),
        },
        "imported": _imported(kept),
        "standard": {each: " ".join(sorted(names)) for each, names in standard.items()},
        "attributes": _attributes(kept, stubs, frozenset(modules)),
    }


def _imported(kept: Mapping[Import, int]) -> dict[str, dict[str, int]]:
    """By module, what follows `import` in the statement; nothing for the module itself."""
    found: dict[str, dict[str, int]] = {}
    ordered = sorted(kept.items(), key=lambda each: (each[0].module, -each[1], each[0].line))
    for each, count in ordered:
        words = each.line.split(" import ")[-1] if each.name else each.line.split(each.module, 1)[1]
        found.setdefault(each.module, {})[words.strip()] = count
    return found


def _attributes(
    kept: Mapping[Import, int], stubs: Stubs, standard: frozenset[str]
) -> dict[str, str]:
    """The attributes of the standard library's classes that are imported."""
    classes = sorted({(each.module, each.name) for each in kept if each.module in standard})
    found = ((f"{module}.{name}", stubs.attributes(module, name)) for module, name in classes)
    return {name: " ".join(sorted(attributes)) for name, attributes in found if attributes}


def _is_there(each: Import, standard: Mapping[str, frozenset[str]]) -> bool:
    """Whether the standard library still has it, if it is of that."""
    names = standard.get(each.module)
    is_submodule = f"{each.module}.{each.name}" in standard
    return names is None or not each.name or each.name in names or is_submodule


def _is_public(module: str) -> bool:
    return module.partition(".")[0] not in _NOT_MEANT and not any(
        part.startswith("_") and part != "__future__" for part in module.split(".")
    )
