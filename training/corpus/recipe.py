"""A recipe: the projects that a corpus is made of, named and pinned, so that anyone can make it.

It names distributions by version, file and SHA-256 and repositories by commit, never where to
download them from: that is the user's package index, or a folder of local clones.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from training.corpus.license import is_allowed
from training.json_values import from_json

DEFAULT = Path(__file__).with_name("recipe.json")
"""The recipe of the default model."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Pin:
    """A wheel or a source distribution."""

    name: str
    version: str
    file: str
    sha256: str
    license: str

    def __post_init__(self) -> None:
        """Refuse what cannot be fetched or may not be used."""
        if not _SHA256.fullmatch(self.sha256):
            raise ValueError(f"{self.name}: wanted a SHA-256, got {self.sha256!r}")
        if "/" in self.file or not self.file.endswith((".whl", ".tar.gz", ".tgz", ".zip")):
            raise ValueError(f"{self.name}: wanted a file name of an archive, got {self.file!r}")
        if not is_allowed(self.license):
            raise ValueError(f"{self.name}: {self.license!r} is no allowed licence")


@dataclass(frozen=True, slots=True)
class Clone:
    """A git repository that is used where a local clone of it is given."""

    name: str
    """As `owner/name`."""
    commit: str
    license: str

    def __post_init__(self) -> None:
        """Refuse what is not pinned."""
        if self.name.count("/") != 1 or not _COMMIT.fullmatch(self.commit):
            raise ValueError(f"wanted owner/name and a commit, got {self.name!r} {self.commit!r}")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a corpus is made of."""

    hold_out: tuple[str, ...] = ()
    """Names of projects kept apart from training."""
    hold_out_share: float = 0.0
    """Share of the other projects kept apart too, by the hash of their name."""
    standard_libraries: bool = True
    """Whether the standard library of every Python that is found belongs to it."""
    packages: tuple[Pin, ...] = ()
    repositories: tuple[Clone, ...] = ()


def read_recipe(path: Path) -> Recipe:
    """Return the recipe in a file.

    Raises:
        ValueError: It is no recipe, or something in it is not pinned.
    """
    try:
        return from_json(Recipe, json.loads(path.read_text(encoding="utf-8")), "recipe")
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def find_clone(folder: Path, clone: Clone) -> Path | None:
    """Return where a folder of clones has a repository: `owner/name` or `owner+name`, if at all."""
    names = [clone.name, clone.name.replace("/", "+")]
    found = (folder / f"{name}{suffix}" for name in names for suffix in ("", ".git"))
    return next((path for path in found if path.is_dir()), None)
