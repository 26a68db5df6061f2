"""A project: files that share an origin and a licence, wherever they lie."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from training.corpus.filters import Reason


class Kind(StrEnum):
    """How a project's files are read."""

    TREE = "directory"
    DISTRIBUTION = "installed distribution"
    ARCHIVE = "archive"
    REPOSITORY = "git repository"


@dataclass(frozen=True, slots=True)
class Project:
    """Something that Python files come from."""

    name: str
    kind: Kind
    location: Path
    license: str | None = None
    """None: unknown or not one that the corpus takes."""
    version: str = ""
    """Of a distribution, or the commit of a repository; empty where there is none."""
    paths: tuple[str, ...] = ()
    """The Python files of a directory or of an installed distribution, sorted."""


@dataclass(frozen=True, slots=True)
class RawFile:
    """A Python file as it lies there."""

    path: str
    """Inside the project, with forward slashes."""
    data: bytes | Reason
    """What it holds, or why it was not read."""


def is_held_out(name: str, names: Sequence[str], share: float = 0.0) -> bool:
    """Return whether a project is kept apart from training.

    `owner/name` and `owner+name` count as `name` too: a repository and the distribution made from
    it are on the same side.

    Args:
        names: those that always are, however they are spelled.
        share: of all other names, drawn by their hash: between 0 and 1.
    """
    own = {normalized(name), base_name(name)}
    if own & {normalized(each) for each in names}:
        return True
    digest = hashlib.sha256(base_name(name).encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * (1 << 64)


def base_name(name: str) -> str:
    """Return a project's name without its owner, as package indexes compare names."""
    return normalized(re.split(r"[+/]", name)[-1])


def normalized(name: str) -> str:
    """Return a name as package indexes compare them: lower case, single hyphens."""
    return re.sub(r"[-_.]+", "-", name).lower()
