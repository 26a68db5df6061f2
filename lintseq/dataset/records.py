"""The programs that a data set is made from, with their instructions.

They come from files of records (see `lintseq.dataset.lines`), from Python files, and from folders,
which stand for the Python files in them or, without any, for the files of records.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lintseq.dataset.lines import (
    PARQUET,
    SUFFIXES,
    count_records,
    open_lines,
    read_parquet,
    suffix_of,
)
from lintseq.errors import FormatError, LintseqError
from lintseq.source import decode_source


@dataclass(frozen=True, slots=True)
class Record:
    """A program to be sampled."""

    index: int
    """Its place in the input, from 0: it decides on the random choices."""
    id: str
    instruction: str
    program: str


@dataclass(frozen=True, slots=True)
class Reject:
    """Why a record gives no examples."""

    index: int
    id: str
    kind: str
    """The same words for all of a kind, to be counted."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Fields:
    """Where in a record things stand."""

    instruction: str = "instruction"
    """May be missing: then it is empty."""
    program: str = "program"
    id: str = ""
    """Nothing: the record's index is its id."""


def expand(paths: Iterable[Path]) -> list[tuple[Path, str]]:
    """The files that the paths stand for, and what a Python file among them is called.

    Raises:
        LintseqError: there is no such file, or it is of no known kind.
    """
    files: list[tuple[Path, str]] = []
    for path in paths:
        if path.is_dir():
            files += _files_in(path)
        elif path.suffix == ".py" and path.is_file():
            files.append((path, path.name))
        elif path.is_file():
            suffix_of(path)
            files.append((path, ""))
        else:
            raise LintseqError(f"{path}: wanted a file of records, a Python file or a folder")
    return files


def _files_in(folder: Path) -> list[tuple[Path, str]]:
    found = sorted(each for each in folder.rglob("*") if each.is_file())
    if programs := [each for each in found if each.suffix == ".py"]:
        return [(each, each.relative_to(folder).as_posix()) for each in programs]
    if records := [each for each in found if each.name.endswith(SUFFIXES)]:
        return [(each, "") for each in records]
    raise LintseqError(f"{folder}: wanted Python files or files of records in it, got none")


def fingerprint(files: Iterable[tuple[Path, str]]) -> tuple[str, int]:
    """The hash of the input, and how many records it holds, about."""
    digest, count = hashlib.sha256(), 0
    for path, name in files:
        digest.update(name.encode(errors="surrogateescape") + b"\0")
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
        count += 1 if name else count_records(path)
    return digest.hexdigest(), count


def read_records(files: Iterable[tuple[Path, str]], fields: Fields) -> Iterator[Record | Reject]:
    """The records in their order, and what stands in the place of a bad one."""
    index = 0
    for path, name in files:
        if name:
            yield _record_of_file(path, name, index)
            index += 1
            continue
        for values in _values_of_file(path, fields):
            yield _record_of_values(values, fields, index)
            index += 1


def _record_of_file(path: Path, name: str, index: int) -> Record | Reject:
    try:
        return Record(index, name, "", decode_source(path.read_bytes()).text)
    except FormatError as error:
        return Reject(index, name, "encoding", str(error))
    except OSError as error:
        return Reject(index, name, "unreadable", str(error))


def _values_of_file(path: Path, fields: Fields) -> Iterator[Mapping[str, Any] | str]:
    """The values of each record, or what is wrong with it."""
    if suffix_of(path) == PARQUET:
        yield from read_parquet(path, filter(None, (fields.instruction, fields.program, fields.id)))
        return
    with open_lines(path) as lines:
        for line in lines:
            if line.isspace():
                continue
            try:
                values = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield f"no JSON: {error}"
                continue
            yield values if isinstance(values, dict) else f"no JSON object: {line[:40]!r}"


def _record_of_values(
    values: Mapping[str, Any] | str, fields: Fields, index: int
) -> Record | Reject:
    if isinstance(values, str):
        return Reject(index, str(index), "record", values)
    name = str(values.get(fields.id, index)) if fields.id else str(index)
    program = values.get(fields.program)
    instruction = values.get(fields.instruction) or ""
    if not isinstance(program, str) or not isinstance(instruction, str):
        wanted = fields.program if not isinstance(program, str) else fields.instruction
        detail = f"no text in the field {wanted!r}; it has {', '.join(map(repr, values))}"
        return Reject(index, name, "record", detail)
    try:
        f"{name}{instruction}{program}".encode()
    except UnicodeEncodeError as error:
        return Reject(index, name, "encoding", str(error))
    return Record(index, name, instruction, program)
