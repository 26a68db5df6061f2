"""Which projects a path stands for, and the files of each: one way to read them all."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from training.corpus.archive import archive_files, archive_project, is_archive
from training.corpus.filters import Reason
from training.corpus.project import Kind, Project, RawFile
from training.corpus.repository import is_repository, repository_files, repository_project
from training.corpus.source import find_packages

# Where system packages, pyenv, uv and python.org put them, below a prefix.
_PREFIXES = (
    "/usr/lib",
    "/usr/local/lib",
    "/Library/Frameworks/Python.framework/Versions/*/lib",
    "~/.pyenv/versions/*/lib",
    "~/.local/share/uv/python/*/lib",
)


def find_projects(path: Path) -> tuple[Project, ...]:
    """Return the projects at a path: an archive, a repository, or a directory.

    Raises:
        ValueError: There is nothing of the kind, or an archive is refused.
    """
    if is_archive(path) and path.is_file():
        return (archive_project(path),)
    if not path.is_dir():
        raise ValueError(
            f"wanted a directory of Python files, a git repository or an archive, got {path}"
        )
    if is_repository(path):
        return (repository_project(path),)
    archives = sorted(each for each in path.iterdir() if each.is_file() and is_archive(each))
    if archives and not any(path.glob("*.py")):
        return tuple(archive_project(each) for each in archives)
    is_site = any(path.glob("*.dist-info"))
    return tuple(
        Project(
            name=package.name,
            kind=Kind.DISTRIBUTION if is_site else Kind.TREE,
            location=path,
            license=package.license,
            version=package.version,
            paths=package.paths,
        )
        for package in find_packages(path)
    )


def project_files(project: Project, most_bytes: int) -> Iterator[RawFile]:
    """Yield the Python files of a project, those above `most_bytes` unread.

    Raises:
        ValueError: It can no longer be read.
    """
    if project.kind is Kind.ARCHIVE:
        return archive_files(project.location, most_bytes)
    if project.kind is Kind.REPOSITORY:
        return repository_files(project, most_bytes)
    return (RawFile(path, _read(project.location / path, most_bytes)) for path in project.paths)


def find_standard_libraries() -> tuple[Path, ...]:
    """Return the standard library of this Python and of every other one found, newest first."""
    found = {Path(sysconfig.get_path("stdlib")).resolve()}
    for prefix in _PREFIXES:
        pattern = Path(prefix).expanduser()
        for path in Path(pattern.anchor).glob(f"{pattern.relative_to(pattern.anchor)}/python3.*"):
            if (path / "this.py").is_file():
                found.add(path.resolve())
    return tuple(sorted(found, key=_version, reverse=True))


def find_installed() -> Path:
    """Return the folder of the packages that this Python has installed."""
    return Path(sysconfig.get_path("purelib"))


def _version(library: Path) -> tuple[int, int]:
    digits = library.name.removeprefix("python3.")
    return (int(digits) if digits.isdigit() else sys.version_info.minor, -len(library.parts))


def _read(path: Path, most_bytes: int) -> bytes | Reason:
    try:
        if path.stat().st_size > most_bytes:
            return Reason.TOO_LARGE
        return path.read_bytes()
    except OSError:
        return Reason.UNREADABLE
