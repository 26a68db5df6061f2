"""Wheels, source distributions and other archives, read without unpacking them to disk.

An archive that could hurt is refused whole: one with a path that leaves it, with too many
members, or that unpacks to far more than it should.
"""

from __future__ import annotations

import email
import itertools
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path, PurePosixPath

from training.corpus.filters import Reason
from training.corpus.license import is_license_file, license_of_archive
from training.corpus.project import Kind, Project, RawFile

SUFFIXES = (".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar")
MOST_MEMBERS = 200_000
MOST_UNPACKED = 4 << 30
"""Bytes of all members together."""
_MOST_METADATA = 1 << 20

_DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
)
# Where each kind of distribution states what it is.
_METADATA = re.compile(r"[^/]+\.dist-info/METADATA|[^/]+/PKG-INFO")
_LICENSE_PLACE = re.compile(r"[^/]+\.dist-info/(?:licenses/)?[^/]+|(?:[^/]+/)?[^/]+")


@dataclass(frozen=True, slots=True)
class _Member:
    path: str
    size: int
    read: Callable[[int], bytes]
    """Gives so many bytes at most; only while the archive is open and stands at this member."""

    def bytes(self, archive: Path, most: int) -> bytes:
        """Return what it holds, `most` bytes of it at most."""
        with _readable(archive):
            return self.read(most)


def is_archive(path: Path) -> bool:
    """Return whether a file's name is that of an archive."""
    return path.name.endswith(SUFFIXES)


def archive_project(path: Path) -> Project:
    """Return the project that an archive holds.

    Raises:
        ValueError: The file is no archive, or one that is refused.
    """
    metadata: Message | None = None
    licenses: list[str] = []
    for member in _members(path):
        if _METADATA.fullmatch(member.path) and metadata is None:
            metadata = email.message_from_string(_text(path, member))
        elif _LICENSE_PLACE.fullmatch(member.path) and is_license_file(member.path):
            licenses.append(_text(path, member))
    name = path.name
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return Project(
        name=str(metadata["Name"]) if metadata and metadata["Name"] else name,
        kind=Kind.ARCHIVE,
        location=path,
        license=license_of_archive(metadata, licenses),
        version=str(metadata["Version"]) if metadata and metadata["Version"] else "",
    )


def archive_files(path: Path, most_bytes: int) -> Iterator[RawFile]:
    """Yield the Python files of an archive, in its order.

    The folder that a source distribution puts around everything is no part of the paths.

    Raises:
        ValueError: The file is no archive, or one that is refused.
    """
    top = re.compile(r"[^/]+/") if ".tar" in path.name or path.suffix == ".tgz" else None
    for member in _members(path):
        if not member.path.endswith(".py"):
            continue
        inside = top.sub("", member.path, count=1) if top else member.path
        if member.size > most_bytes:
            yield RawFile(inside, Reason.TOO_LARGE)
            continue
        # What a header says is not to be trusted.
        data = member.bytes(path, most_bytes + 1)
        yield RawFile(inside, data if len(data) <= most_bytes else Reason.TOO_LARGE)


def _text(path: Path, member: _Member) -> str:
    return member.bytes(path, _MOST_METADATA).decode("utf-8", "replace")


def _members(path: Path) -> Iterator[_Member]:
    members = _zip_members if zipfile.is_zipfile(path) else _tar_members
    unpacked = 0
    listed = members(path)
    for number in itertools.count():
        with _readable(path):
            member = next(listed, None)
        if member is None:
            return
        unpacked += member.size
        _refuse(path, member, number, unpacked)
        yield member


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Tell of a damaged archive by its name.

    Raises:
        ValueError: The archive is damaged, or encrypted.
    """
    try:
        yield
    except _DAMAGED as error:
        raise ValueError(f"{path}: not a readable archive: {error}") from error


def _refuse(path: Path, member: _Member, number: int, unpacked: int) -> None:
    parts: Sequence[str] = PurePosixPath(member.path.replace("\\", "/")).parts
    if ".." in parts or member.path.startswith("/") or re.match(r"[A-Za-z]:", member.path):
        raise ValueError(f"{path}: refused: {member.path!r} leaves the archive")
    if number >= MOST_MEMBERS or unpacked > MOST_UNPACKED:
        raise ValueError(
            f"{path}: refused: wanted at most {MOST_MEMBERS} members and {MOST_UNPACKED} bytes,"
            f" got {number + 1} and {unpacked}"
        )


def _zip_members(path: Path) -> Iterator[_Member]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if not info.is_dir():
                yield _Member(info.filename, info.file_size, _ZipMember(archive, info))


@dataclass(frozen=True, slots=True)
class _ZipMember:
    archive: zipfile.ZipFile
    info: zipfile.ZipInfo

    def __call__(self, size: int) -> bytes:
        with self.archive.open(self.info) as file:
            return file.read(size)


def _tar_members(path: Path) -> Iterator[_Member]:
    # As a stream: memory holds one member, and nothing is looked for twice. Links are no files.
    with tarfile.open(path, "r|*") as archive:
        for info in archive:
            archive.members = []  # type: ignore[attr-defined]
            if info.isfile():
                yield _Member(info.name.removeprefix("./"), info.size, _TarMember(archive, info))


@dataclass(frozen=True, slots=True)
class _TarMember:
    archive: tarfile.TarFile
    info: tarfile.TarInfo

    def __call__(self, size: int) -> bytes:
        file = self.archive.extractfile(self.info)
        return file.read(size) if file else b""
