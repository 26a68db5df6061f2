"""Where modules lie in a project, and how near two places are."""

from pathlib import PurePosixPath

Place = tuple[str, ...]
"""The folders from the project's down, and the module's own name; a package has its folder's."""


def place_of(path: str) -> Place:
    """The place of the module in a file, its path with forward slashes."""
    parts = PurePosixPath(path).with_suffix("").parts
    return parts[:-1] if parts[-1:] == ("__init__",) else parts


def folder_of(path: str) -> Place:
    """The folder that a file lies in: where its relative imports start."""
    return PurePosixPath(path).parent.parts


def common(one: Place, other: Place) -> int:
    """How many folders both begin with."""
    count = 0
    for mine, its in zip(one, other, strict=False):
        if mine != its:
            break
        count += 1
    return count


def shared(here: Place, there: Place) -> float:
    """The share of `here` that `there` begins with, above 0 and up to 1."""
    return (1 + common(here, there)) / (1 + len(here))
