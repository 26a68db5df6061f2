"""Imports are declared, what is declared is pinned, and what lies in a package is shipped."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
BASE: list[str] = PROJECT["dependencies"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
# Known to type checkers alone.
TYPES_ONLY = {"_typeshed"}
# Imported only where they are asked for, with an error that says what to install.
LINTSEQ_EXTRAS = ("cluster", "data", "pylint", "ruff")
ALLOWED = {
    "lintseq": [*BASE, *(line for name in LINTSEQ_EXTRAS for line in EXTRAS[name])],
    "server": BASE,
    "training": BASE + EXTRAS["training"] + EXTRAS["lora"],
}


def imported(package: str) -> Iterator[str]:
    """The first part of the name of every absolute import in `package`."""
    for path in (ROOT / package).rglob("*.py"):
        for name in imported_by(path):
            # The sandbox starts a folder by its path, whose modules then lie beside each other.
            if path.parent.name != "jail" or not path.with_name(f"{name}.py").is_file():
                yield name


def imported_by(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("package", ALLOWED)
def test_imports_are_declared(package: str) -> None:
    declared = {canonicalize_name(Requirement(line).name) for line in ALLOWED[package]}
    owners = packages_distributions()
    others = set(imported(package)) - {*sys.stdlib_module_names, *ALLOWED, *TYPES_ONLY}
    missing = [
        name
        for name in sorted(others)
        if declared.isdisjoint(canonicalize_name(owner) for owner in owners.get(name, [name]))
    ]
    assert missing == []


def test_pins_lie_in_their_ranges() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if not line.startswith("#")]
    pins = {canonicalize_name(name): version for name, version in pairs}
    for line in [*BASE, *EXTRAS["training"], *EXTRAS["dev"]]:
        requirement = Requirement(line)
        pin = pins.get(canonicalize_name(requirement.name))
        assert pin is not None, f"{line} has no pin in constraints.txt"
        assert pin in requirement.specifier, f"constraints.txt has {pin}, pyproject.toml {line}"


@pytest.mark.parametrize("package", ALLOWED)
def test_data_files_are_shipped(package: str) -> None:
    patterns = PYPROJECT["tool"]["setuptools"]["package-data"]["*"]
    data = [
        path
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".py" and path.parent.name != "__pycache__"
    ]
    assert [path for path in data if not any(map(path.match, patterns))] == []


def test_every_pin_has_its_hash() -> None:
    """What the release is tested with is also there by content."""
    pinned: set[tuple[str, str]] = set()
    locked: set[tuple[str, str]] = set()
    for name, found in (("constraints.txt", pinned), (".ci/requirements.lock", locked)):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if "==" in line:
                package, _, rest = line.partition("==")
                version = rest.partition(" ")[0].partition("+")[0]
                found.add((canonicalize_name(package), version))
                assert name == "constraints.txt" or "--hash=sha256:" in line
    assert pinned == locked
