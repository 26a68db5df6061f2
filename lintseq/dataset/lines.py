"""Compressed JSON lines and Parquet tables, read and written as a stream of records.

What a file is, its name says: `.jsonl`, `.jsonl.gz`, `.jsonl.zst` or `.parquet`.
"""

import gzip
import io
import json
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, cast

from lintseq.dataset.frames import Frames
from lintseq.errors import LintseqError

JSON_LINES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
PARQUET = ".parquet"
SUFFIXES = (*JSON_LINES, PARQUET)
_ROWS_AT_ONCE = 1024
# In the metadata of a table: the names of the columns that hold JSON.
_NESTED = b"lintseq.nested"


def suffix_of(path: Path) -> str:
    """Which of the known kinds of file it is, by its name.

    Raises:
        LintseqError: of none of them.
    """
    for suffix in SUFFIXES:
        if path.name.endswith(suffix):
            return suffix
    raise LintseqError(f"{path}: wanted a file that ends in {', '.join(SUFFIXES)}")


@contextmanager
def open_lines(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file of JSON lines, decompressed.

    Raises:
        LintseqError: it is damaged.
    """
    with _damage_named(path), ExitStack() as stack:
        raw: IO[bytes] = stack.enter_context(path.open("rb"))
        if path.name.endswith(".gz"):
            raw = cast("IO[bytes]", stack.enter_context(gzip.GzipFile(fileobj=raw)))
        elif path.name.endswith(".zst"):
            frames = Frames(raw, _zstandard().ZstdDecompressor().decompressobj)
            raw = stack.enter_context(io.BufferedReader(frames))
        yield raw


@contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if isinstance(error, _damage_errors()):
            raise LintseqError(f"{path} is damaged: {error}") from error
        raise


def _damage_errors() -> tuple[type[Exception], ...]:
    """What the libraries raise that are there."""
    names = (("zstandard", "ZstdError"), ("pyarrow", "ArrowException"))
    found = (getattr(sys.modules.get(module), name, None) for module, name in names)
    return (EOFError, gzip.BadGzipFile, zlib.error, *filter(None, found))


def read_parquet(path: Path, columns: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file, with those of the columns that it has.

    Raises:
        LintseqError: it cannot be read, or the library for it is missing.
    """
    with _damage_named(path), _parquet().ParquetFile(path) as table:
        wanted = [column for column in columns if column in table.schema_arrow.names]
        for batch in table.iter_batches(_ROWS_AT_ONCE, columns=wanted):
            yield from batch.to_pylist()


def count_records(path: Path) -> int:
    """How many records a file holds, a blank line counted as one.

    Raises:
        LintseqError: it is damaged, or the library for it is missing.
    """
    if suffix_of(path) == PARQUET:
        with _damage_named(path), _parquet().ParquetFile(path) as table:
            rows: int = table.metadata.num_rows
            return rows
    with open_lines(path) as lines:
        return sum(1 for _ in lines)


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a data set.

    Raises:
        LintseqError: a line is no JSON object.
    """
    if suffix_of(path) == PARQUET:
        with _damage_named(path), _parquet().ParquetFile(path) as table:
            schema = table.schema_arrow
        nested = json.loads((schema.metadata or {}).get(_NESTED, b"[]"))
        for row in read_parquet(path, schema.names):
            yield row | {name: json.loads(row[name]) for name in nested}
        return
    with open_lines(path) as lines:
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
            except ValueError as error:
                raise LintseqError(f"{path}, line {number}: no JSON: {error}") from error
            if not isinstance(row, dict):
                raise LintseqError(f"{path}, line {number}: wanted an object, got {line[:60]!r}")
            yield row


def compress(data: bytes, suffix: str) -> bytes:
    """A piece of a file of JSON lines; the pieces in a row are the file."""
    match suffix:
        case ".jsonl.gz":
            return gzip.compress(data, 6, mtime=0)
        case ".jsonl.zst":
            packed: bytes = _zstandard().ZstdCompressor(level=6).compress(data)
            return packed
        case _:
            return data


def write_parquet(path: Path, pieces: Iterable[Path]) -> None:
    """One table of the rows in pieces of JSON lines.

    Raises:
        LintseqError: the library for it is missing.
    """
    arrow, parquet = _arrow(), _parquet()
    tables = (_table(arrow, list(read_rows(piece))) for piece in pieces)
    first = next(tables, arrow.table({}))
    with parquet.ParquetWriter(path, first.schema, compression="zstd") as writer:
        writer.write_table(first)
        for table in tables:
            writer.write_table(table)


def _table(arrow: Any, rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401  a module, a table
    nested = [name for name, value in rows[0].items() if not isinstance(value, str | int)]
    table = arrow.Table.from_pylist([_flat(row) for row in rows])
    return table.replace_schema_metadata({_NESTED: json.dumps(nested)})


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """The row without nested values, which are kept as JSON."""
    return {
        name: value if isinstance(value, str | int) else json.dumps(value)
        for name, value in row.items()
    }


def _zstandard() -> Any:  # noqa: ANN401  a module
    try:
        import zstandard
    except ModuleNotFoundError as error:
        raise _not_installed(".zst files", error) from error
    return zstandard


def _parquet() -> Any:  # noqa: ANN401  a module
    _arrow()
    import pyarrow.parquet

    return pyarrow.parquet


def _arrow() -> Any:  # noqa: ANN401  a module
    try:
        import pyarrow
    except ModuleNotFoundError as error:
        raise _not_installed("Parquet files", error) from error
    return pyarrow


def _not_installed(what: str, error: ModuleNotFoundError) -> LintseqError:
    return LintseqError(
        f"{what} need a library that is not installed ({error}): pip install 'lintseq[data]'"
    )
