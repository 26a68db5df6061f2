"""A corpus as few xz files of a bounded size, to be carried to where a model is trained.

A folder of packs is read like the corpus itself. Whatever is packed is scanned for units of the
evaluation sets first, whoever built the corpus and however: one hit is an error.
"""

from __future__ import annotations

import dataclasses
import json
import lzma
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track

from lintseq.parent import end_with_parent
from training.corpus.document import Document, read_documents
from training.corpus.plan import HELD_OUT
from training.corpus.report import read_report
from training.json_values import from_json, write_json
from training.scan import Scan

# Of text: enough that what projects share is found again, few enough that processes share work.
_GROUP_BYTES = 256 << 20
# xz keeps some of what it was given to itself until its end.
_MARGIN_BYTES = 2 << 20
# The dictionary reaches over whole projects; the default's 8 MiB do not.
_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": 64 << 20}]


@dataclass(frozen=True, slots=True)
class PackConfig:
    """What is packed, and where to."""

    corpus: Path
    output: Path
    against: Path
    """Directory of evaluation sets that must not occur."""
    most_bytes: int = 60 << 20
    """Size of a pack."""
    jobs: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be done."""
        if self.most_bytes < 2 * _MARGIN_BYTES or self.jobs < 1:
            raise ValueError(
                f"need packs of at least {2 * _MARGIN_BYTES} bytes and one process,"
                f" got {self.most_bytes} and {self.jobs}"
            )


@dataclass(frozen=True, slots=True)
class Pack:
    """A file that was written."""

    name: str
    documents: int
    text_bytes: int
    size_bytes: int


def pack(config: PackConfig) -> list[Pack]:
    """Return the packs that now lie in `config.output`; those of an earlier run are kept.

    Raises:
        ValueError: A document has a unit of an evaluation set, or the output folder holds packs
            of another corpus.
    """
    groups = _groups(config.corpus)
    config.output.mkdir(parents=True, exist_ok=True)
    done = {
        number: group.packs
        for number, group in _read_list(config).items()
        # A corpus that was not whole has more shards now.
        if number < len(groups) and group.shards == tuple(groups[number])
    }
    waiting = [number for number in range(len(groups)) if number not in done]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(config.jobs, context, _start_process, (config.against,)) as pool:
        results = pool.map(_pack_group, [(config, n, groups[n]) for n in waiting])
        shown = track(results, "packs", len(waiting), console=Console(stderr=True))
        for number, packs in zip(waiting, shown, strict=True):
            done[number] = tuple(packs)
            _write_list(config, [_Group(n, tuple(groups[n]), done[n]) for n in sorted(done)])
    return [each for number in range(len(groups)) for each in done[number]]


def _groups(corpus: Path) -> list[list[str]]:
    """Return the names of the shards that are packed together, in order."""
    groups: list[list[str]] = [[]]
    size = 0
    for name, shard in sorted(read_report(corpus).shards.items()):
        if name == HELD_OUT:
            continue
        if groups[-1] and size + shard.kept.size_bytes > _GROUP_BYTES:
            groups.append([])
            size = 0
        groups[-1].append(name)
        size += shard.kept.size_bytes
    return groups


def _pack_group(work: tuple[PackConfig, int, list[str]]) -> list[Pack]:
    config, number, shards = work
    documents = read_documents(*(config.corpus / name for name in shards))
    checked = _checked(documents, _process[0])
    packs: list[Pack] = []
    for part in range(1000):
        path = config.output / f"documents-{number:03}-{part:03}.jsonl.xz"
        written = _write_pack(path, checked, config.most_bytes)
        if not written.documents:
            path.unlink()
            break
        packs.append(written)
    return packs


def _write_pack(path: Path, documents: Iterator[Document], most_bytes: int) -> Pack:
    """Write documents until the file is nearly as large as it may be, or there are no more."""
    count = text_bytes = size = 0
    part = path.with_name(path.name + ".part")
    compressor = lzma.LZMACompressor(filters=_FILTERS)
    with part.open("wb") as file:
        for document in documents:
            size += file.write(compressor.compress(_line(document)))
            count += 1
            text_bytes += len(document.text.encode())
            if size > most_bytes - _MARGIN_BYTES:
                break
        size += file.write(compressor.flush())
    part.replace(path)
    return Pack(path.name, count, text_bytes, size)


def _line(document: Document) -> bytes:
    # No hash: it does not compress, and xz has a checksum of its own.
    return (json.dumps(dataclasses.asdict(document), ensure_ascii=False) + "\n").encode()


def _checked(documents: Iterator[Document], scan: Scan) -> Iterator[Document]:
    for document in documents:
        scan.check(f"{document.package}, {document.path}", document.text)
        yield document


@dataclass(frozen=True, slots=True)
class _List:
    corpus: str
    packs: tuple[_Group, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    number: int
    shards: tuple[str, ...]
    packs: tuple[Pack, ...]


def _identity(config: PackConfig) -> str:
    return f"{read_report(config.corpus).settings}, packs of {config.most_bytes} bytes"


def _read_list(config: PackConfig) -> dict[int, _Group]:
    path = config.output / "packs.json"
    if not path.is_file():
        return {}
    found = from_json(_List, json.loads(path.read_text(encoding="utf-8")), str(path))
    if found.corpus != _identity(config):
        raise ValueError(
            f"{config.output} holds packs of another corpus or size: wanted {_identity(config)},"
            f" got {found.corpus}"
        )
    return {group.number: group for group in found.packs}


def _write_list(config: PackConfig, done: list[_Group]) -> None:
    found = _List(_identity(config), tuple(done))
    write_json(config.output / "packs.json", dataclasses.asdict(found))


# What a process scans with, set when it starts.
_process: list[Scan] = []


def _start_process(against: Path) -> None:
    end_with_parent()
    _process.append(Scan(against))
