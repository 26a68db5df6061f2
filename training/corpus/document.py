"""One Python file of the corpus, and the compressed JSON lines that keep many."""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import io
import json
import lzma
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from training.corpus.quality import Quality


@dataclass(frozen=True, slots=True)
class Document:
    """A Python file: where it comes from, under what licence, and its text."""

    package: str
    """Distribution, repository or directory that the file belongs to."""
    path: str
    """Path inside the package's tree, with forward slashes."""
    license: str
    """The licence as the package states it."""
    text: str
    """Decoded text with lines that end in a line feed."""
    version: str = ""
    """Of the package, or the commit of the repository, where it has one."""
    quality: Quality | None = None
    """Figures of the text; None where nobody counted."""

    @property
    def sha256(self) -> str:
        """The text's hash, in hexadecimal: the document's identity."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@contextmanager
def document_writer(path: Path) -> Iterator[Callable[[Document], None]]:
    """Give a function that appends a document; `path` appears when the block ends without error.

    The same documents give the same bytes: neither name nor time is written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        with (
            part.open("wb") as raw,
            gzip.GzipFile("", "wb", 5, raw, mtime=0) as packed,
            io.TextIOWrapper(packed, encoding="utf-8", newline="\n") as lines,
        ):
            yield lambda document: _write_line(lines, document)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.replace(path)


def read_documents(*paths: Path) -> Iterator[Document]:
    """Yield the documents of the files, in order; a folder stands for its `documents-*` files.

    Files are those of `build`, compressed by gzip, or those of `pack`, compressed by xz.

    Raises:
        ValueError: A line is not a document, or does not have the hash that it states.
    """
    for path in paths:
        files = _files(path) if path.is_dir() else [path]
        if not files:
            raise ValueError(f"wanted documents-*.jsonl.gz or .xz in {path}, found none")
        for file in files:
            yield from _read_file(file)


def _write_line(lines: io.TextIOWrapper, document: Document) -> None:
    record = dataclasses.asdict(document) | {"sha256": document.sha256}
    lines.write(json.dumps(record, ensure_ascii=False) + "\n")


def _files(folder: Path) -> list[Path]:
    return sorted([*folder.glob("documents-*.jsonl.gz"), *folder.glob("documents-*.jsonl.xz")])


def _read_file(path: Path) -> Iterator[Document]:
    opener = lzma.open if path.suffix == ".xz" else gzip.open
    with opener(path, "rt", encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            try:
                record = json.loads(line)
                stated = record.pop("sha256", None)
                quality = record.pop("quality", None)
                document = Document(**record, quality=Quality(**quality) if quality else None)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ValueError(f"{path}, line {number}: not a document: {error}") from error
            if stated is not None and document.sha256 != stated:
                raise ValueError(f"{path}, line {number}: the text does not have its hash")
            yield document
