"""The parts of a data set under way, and the data set made of them.

OUT.partial/          numbered pieces; each is renamed into place when it is whole
OUT                   the rows
OUT.rejects.jsonl     the records that gave none, and why
OUT.manifest.json     settings, hashes and counts; it is written last
"""

import dataclasses
import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lintseq.dataset.lines import PARQUET, compress, suffix_of, write_parquet
from lintseq.dataset.lock import only_run
from lintseq.dataset.records import Reject
from lintseq.errors import LintseqError

_SETTINGS, _LOCK = "settings.json", "lock"


class Pieces:
    """Where a data set and its parts lie."""

    def __init__(self, output: Path, settings: Mapping[str, Any]) -> None:
        self._output, self._settings = output, settings
        suffix = suffix_of(output)
        self._suffix = ".jsonl" if suffix == PARQUET else suffix
        self._folder = output.with_name(output.name + ".partial")
        self._rejects = output.with_name(output.name + ".rejects.jsonl")
        self._manifest = output.with_name(output.name + ".manifest.json")

    def manifest(self) -> Mapping[str, Any] | None:
        """That of the finished data set, if there is one.

        Raises:
            LintseqError: there is a data set that was made with other settings.
        """
        if not (self._manifest.is_file() and self._output.is_file()):
            self._manifest.unlink(missing_ok=True)
            if self._output.exists() and not self._folder.is_dir():
                raise LintseqError(f"{self._output} is there and has no manifest: remove it first")
            return None
        manifest: dict[str, Any] = json.loads(self._manifest.read_text(encoding="utf-8"))
        _check_same(manifest["settings"], self._settings, self._output)
        # A run that was killed at the very end left it behind.
        shutil.rmtree(self._folder, ignore_errors=True)
        return manifest

    @contextmanager
    def held(self) -> Iterator[None]:
        """Run the block while no other run works on the same data set.

        Raises:
            LintseqError: one does.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with only_run(self._folder / _LOCK):
            yield

    def begin(self) -> frozenset[int]:
        """The numbers of the pieces that are there.

        Raises:
            LintseqError: they were made with other settings.
        """
        settings = self._folder / _SETTINGS
        if settings.is_file():
            begun = json.loads(settings.read_text(encoding="utf-8"))
            _check_same(begun, self._settings, self._folder)
        else:
            _write(settings, json.dumps(self._settings, indent=1).encode())
        return frozenset(_number(path) for path in self._counts())

    def store(
        self, number: int, rows: Sequence[str], rejects: Iterable[Reject], records: int
    ) -> None:
        """Keep a piece: it is there as a whole or not at all."""
        data = "".join(f"{row}\n" for row in rows).encode()
        piece = self._piece(number, self._suffix)
        if data:
            _write(piece, compress(data, self._suffix))
        else:
            piece.unlink(missing_ok=True)
        told = [json.dumps(dataclasses.asdict(reject)) for reject in rejects]
        _write(self._piece(number, ".rejects"), "".join(f"{line}\n" for line in told).encode())
        # The count comes last: with it the piece is there.
        counts = {"records": records, "rows": len(rows)}
        _write(self._piece(number, ".count"), json.dumps(counts).encode())

    def join(self) -> Mapping[str, Any]:
        """Put the pieces together, and give the manifest."""
        counted = self._counts()
        if (numbers := [_number(path) for path in counted]) != [*range(len(numbers))]:
            raise LintseqError(f"{self._folder} lacks some of its pieces: run the command again")
        counts = [json.loads(path.read_bytes()) for path in counted]
        pieces = [path.with_suffix(self._suffix) for path in counted]
        written = [path for path in pieces if path.is_file()]
        part = _part(self._folder / "rows")
        if suffix_of(self._output) == PARQUET:
            write_parquet(part, written)
        else:
            _concatenate(part, written)
        rejects = [path.with_suffix(".rejects") for path in counted]
        rejects_part = _part(self._folder / "rejects")
        _concatenate(rejects_part, rejects)
        kinds: Counter[str] = Counter()
        with rejects_part.open(encoding="utf-8") as lines:
            kinds.update(json.loads(line)["kind"] for line in lines)
        rejects_part.replace(self._rejects)
        part.replace(self._output)
        manifest = {
            "settings": self._settings,
            "records": sum(each["records"] for each in counts),
            "rows": sum(each["rows"] for each in counts),
            "rejects": dict(kinds.most_common()),
            "sha256": _sha256(self._output),
            "size_bytes": self._output.stat().st_size,
        }
        # Begun in the folder: what a kill leaves of it goes with that.
        whole = self._folder / self._manifest.name
        _write(whole, (json.dumps(manifest, indent=1) + "\n").encode())
        whole.replace(self._manifest)
        shutil.rmtree(self._folder, ignore_errors=True)
        return manifest

    def _counts(self) -> list[Path]:
        return sorted(self._folder.glob("*.count"))

    def _piece(self, number: int, suffix: str) -> Path:
        return self._folder / f"{number:08}{suffix}"


def _number(piece: Path) -> int:
    return int(piece.name.split(".")[0])


def _check_same(found: object, wanted: Mapping[str, Any], where: Path) -> None:
    if not isinstance(found, dict):
        raise LintseqError(f"{where} holds something else: remove it first")
    differing = [name for name in wanted if found.get(name) != wanted[name]]
    if differing:
        was = {name: found.get(name) for name in differing}
        now = {name: wanted[name] for name in differing}
        raise LintseqError(
            f"{where} was made with other settings: {was}, now {now}; "
            "use those, name another file, or remove it"
        )


def _write(path: Path, data: bytes) -> None:
    part = _part(path)
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _part(path: Path) -> Path:
    # The same command may run twice at once; each writes to files of its own.
    return path.with_name(f"{path.name}.{os.getpid()}.part")


def _concatenate(path: Path, pieces: Iterable[Path]) -> None:
    with path.open("wb") as whole:
        for piece in pieces:
            with piece.open("rb") as part:
                shutil.copyfileobj(part, whole)
        whole.flush()
        os.fsync(whole.fileno())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
