"""Git repositories, bare or with a work tree: one commit, read by git's plumbing.

Nothing of the work tree is read and nothing in the repository is run: no hook, no filter, and no
blob that a partial clone lacks is asked for elsewhere.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from training.corpus.filters import Reason
from training.corpus.license import is_license_file, license_of_files
from training.corpus.project import Kind, Project, RawFile

_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}


def is_repository(path: Path) -> bool:
    """Return whether a folder is a git repository, or the root of one's work tree."""
    return (path / ".git").exists() or ((path / "HEAD").is_file() and (path / "objects").is_dir())


def repository_project(path: Path, name: str = "", commit: str = "HEAD") -> Project:
    """Return the project that a repository holds at a commit, which its version then names.

    Raises:
        ValueError: git does not know the repository or the commit.
    """
    full = _git(path, "rev-parse", "--verify", "--end-of-options", f"{commit}^{{commit}}")
    commit = full.decode().strip()
    texts = [
        _git(path, "cat-file", "blob", entry.blob).decode("utf-8", "replace")
        for entry in _entries(path, commit, recursive=False)
        if is_license_file(entry.path)
    ]
    return Project(
        name=name or _name_of(path),
        kind=Kind.REPOSITORY,
        location=path,
        license=license_of_files(texts),
        version=commit,
    )


def repository_files(project: Project, most_bytes: int) -> Iterator[RawFile]:
    """Yield the Python files of a repository's commit, in git's order; links are none.

    Raises:
        ValueError: git cannot read the commit.
    """
    entries = _entries(project.location, project.version, recursive=True)
    with _Blobs(project.location) as blobs:
        for entry in entries:
            if not entry.path.endswith(".py"):
                continue
            if entry.size > most_bytes:
                yield RawFile(entry.path, Reason.TOO_LARGE)
            else:
                data = blobs.read(entry.blob)
                yield RawFile(entry.path, Reason.UNREADABLE if data is None else data)


@dataclass(frozen=True, slots=True)
class _Entry:
    blob: str
    size: int
    path: str


def _entries(path: Path, commit: str, *, recursive: bool) -> Iterator[_Entry]:
    options = ("-r",) if recursive else ()
    listing = _git(path, "ls-tree", "-z", "-l", *options, commit)
    for line in listing.split(b"\0"):
        head, _, name = line.partition(b"\t")
        fields = head.split()
        # 100644 and 100755 are files; 120000 is a link, 160000 another repository.
        if len(fields) == 4 and fields[0].startswith(b"100") and fields[3].isdigit():
            yield _Entry(fields[2].decode(), int(fields[3]), name.decode("utf-8", "replace"))


class _Blobs:
    """A running `git cat-file --batch`."""

    def __init__(self, path: Path) -> None:
        self._process = subprocess.Popen(
            _command(path, "cat-file", "--batch"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )

    def __enter__(self) -> _Blobs:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self._process.wait()

    def read(self, blob: str) -> bytes | None:
        """Return what a blob holds, or None if the repository lacks it."""
        wanted, given = self._pipes()
        wanted.write(f"{blob}\n".encode())
        wanted.flush()
        fields = given.readline().split()
        if len(fields) != 3:
            return None
        data = given.read(int(fields[2]))
        given.read(1)
        return data

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if not self._process.stdin or not self._process.stdout:
            raise ValueError("git cat-file has no pipes")
        return self._process.stdin, self._process.stdout


def _name_of(path: Path) -> str:
    """Return `owner+name` for a mirror that lies in a folder of its own, else the folder's name."""
    resolved = path.resolve()
    if resolved.name in (".git", "repo", "repo.git"):
        return _name_of(resolved.parent)
    return resolved.name.removesuffix(".git")


def _git(path: Path, *arguments: str) -> bytes:
    done = subprocess.run(
        _command(path, *arguments), check=False, capture_output=True, env=_environment()
    )
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip()
        raise ValueError(f"{path}: git {arguments[0]}: {reason}")
    return done.stdout


def _command(path: Path, *arguments: str) -> list[str]:
    # Named by the user: whoever owns it, it is only read.
    return ["git", "-c", "safe.directory=*", "-C", str(path), *arguments]


def _environment() -> dict[str, str]:
    return {**os.environ, **_ENVIRONMENT}
