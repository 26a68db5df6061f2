"""Where documents come from: directories of Python with a licence that allows it.

A directory that holds `*.dist-info` folders is a site-packages directory: each distribution in it
is a package with the licence of its metadata, and its files are those of its RECORD. Any other
directory is one package: a repository or a standard library, with the licence files at its root.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import cast

from training.corpus.license import is_license_file, license_of_files, license_of_metadata

_SKIPPED_FOLDERS = frozenset(
    {"__pycache__", "build", "dist-packages", "node_modules", "site-packages", "venv"}
)


@dataclass(frozen=True, slots=True)
class Package:
    """Files that share an origin and a licence."""

    name: str
    license: str | None
    """None: the licence is unknown or not one that the corpus takes."""
    root: Path
    version: str
    """Of a distribution; empty for a tree."""
    paths: tuple[str, ...]
    """Paths of the Python files below `root`, sorted, with forward slashes."""


def find_packages(directory: Path) -> tuple[Package, ...]:
    """Return the packages in a directory, sorted by name.

    Raises:
        ValueError: There is no such directory.
    """
    if not directory.is_dir():
        raise ValueError(f"wanted a directory of Python files, got {directory}")
    if not any(directory.glob("*.dist-info")):
        return (_tree(directory),)
    found = [_distribution(each, directory) for each in distributions(path=[str(directory)])]
    return tuple(sorted(found, key=lambda package: package.name.lower()))


def names_in_path(path: str, names: Sequence[str]) -> bool:
    """Return whether a folder of the path, or the module itself, has one of the names."""
    parts = path.lower().removesuffix(".py").split("/")
    return any(name.lower() in parts for name in names)


def _distribution(distribution: Distribution, site: Path) -> Package:
    metadata = distribution.metadata
    files = [str(file).replace(os.sep, "/") for file in distribution.files or ()]
    python = sorted(file for file in files if file.endswith(".py") and ".." not in file.split("/"))
    return Package(
        name=metadata["Name"],
        license=license_of_metadata(cast(Message, metadata)),
        root=site,
        version=distribution.version,
        paths=tuple(python),
    )


def _tree(directory: Path) -> Package:
    paths = tuple(sorted(_python_files(directory)))
    return Package(directory.resolve().name, _license_of_tree(directory), directory, "", paths)


def _license_of_tree(directory: Path) -> str | None:
    """Return the licence of a tree, or None if one of its licence files gives no allowed one."""
    if (directory / "this.py").is_file() and (directory / "antigravity.py").is_file():
        # A standard library, whose licence file lies elsewhere where a distributor put it there.
        return "PSF-2.0"
    return license_of_files(
        [
            path.read_text(encoding="utf-8", errors="replace")
            for path in sorted(directory.iterdir())
            if path.is_file() and is_license_file(path.name)
        ]
    )


def _python_files(directory: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(directory):
        folders[:] = [
            name for name in folders if name not in _SKIPPED_FOLDERS and not name.startswith(".")
        ]
        for name in files:
            path = Path(folder, name)
            if name.endswith(".py") and not path.is_symlink():
                yield path.relative_to(directory).as_posix()
