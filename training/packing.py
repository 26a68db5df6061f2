"""Rows of tokens on disk: examples of any length packed into rows of one length.

A packed data set is one folder:

- `tokens.bin`: `rows * context` little-endian uint16, row after row; uint32 where the vocabulary
  is larger than 65,536;
- `mask.bin`: one bit per token, most significant first: 1 = the token is a target with loss;
- `begins.bin`: the same: 1 = an example begins with the token, or the padding behind the last one;
- `meta.json`: what `PackingMeta` says. It is written last: a folder without it is unfinished.

Every row begins at the beginning of an example and holds whole examples, so that the model never
sees a text from its middle on, and knows where another begins. What remains at the end of a row is
padding: token 0 (`<|endoftext|>`) without loss. Only an example longer than a row is cut, at the
row's end.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lintseq.format import FORMAT_VERSION
from training.bestfit import TokenizedExample, pack
from training.json_values import write_json
from training.rows import Rows, joined

Tokens = npt.NDArray[np.uint16 | np.uint32]
Bits = npt.NDArray[np.uint8]

PADDING = 0


@dataclass(frozen=True, slots=True)
class PackingConfig:
    """How examples become rows."""

    context: int = 2048
    """Tokens in a row; a multiple of 8."""
    vocabulary: int = 8192
    """Token ids are smaller than this."""
    buffer: int = 1024
    """Examples that wait for a row with room for them. More of them, less padding."""
    seed: int = 0
    """Seed of whatever made the examples: only noted in the meta data."""
    tokenizer_hash: str = ""
    """Hash of the tokenizer's file: only noted in the meta data."""

    def __post_init__(self) -> None:
        """Refuse what cannot be written."""
        if self.context <= 0 or self.context % 8:
            raise ValueError(f"context must be a positive multiple of 8, got {self.context}")
        if not 0 < self.vocabulary <= 1 << 32:
            raise ValueError(f"need 0 < vocabulary <= 2**32, got {self.vocabulary}")
        if self.buffer < 1:
            raise ValueError(f"buffer must be at least 1, got {self.buffer}")


@dataclass(frozen=True, slots=True)
class PackingMeta:
    """What a packed data set says about itself in `meta.json`."""

    rows: int
    context: int
    vocabulary: int
    tokens: int
    """Tokens of examples, padding not counted."""
    targets: int
    """Tokens with loss."""
    pairs: int
    """The squared lengths of all examples, summed: which tokens can look at which."""
    examples: int
    cut: int
    """Examples that were longer than a row."""
    format_version: int
    seed: int
    tokenizer_hash: str
    data_hash: str
    """sha256 of all rows, tokens, mask and begins, in hexadecimal."""

    @property
    def padding(self) -> float:
        """The share of tokens that are padding, between 0 and 1."""
        size = self.rows * self.context
        return 1 - self.tokens / size if size else 0.0


class Shards:
    """Packed rows of one or several folders, memory-mapped and read by row number."""

    def __init__(self, *folders: Path) -> None:
        """Open the folders in the order given; rows are numbered through.

        Raises:
            ValueError: A folder is unfinished or damaged, or the folders do not go together.
        """
        if not folders:
            raise ValueError("need at least one folder of packed rows, got none")
        self.metas = tuple(_read_meta(folder) for folder in folders)
        _check_together(folders, self.metas)
        self.context = self.metas[0].context
        self.vocabulary = max(meta.vocabulary for meta in self.metas)
        self._tokens = [_map_tokens(*pair) for pair in zip(folders, self.metas, strict=True)]
        self._masks, self._begins = (
            [
                _map_bits(folder / name, meta)
                for folder, meta in zip(folders, self.metas, strict=True)
            ]
            for name in ("mask.bin", "begins.bin")
        )
        self._ends = np.cumsum([meta.rows for meta in self.metas])

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self._ends[-1])

    @property
    def data_hash(self) -> str:
        """The hash that identifies the rows: that of the folder, or of all folders' hashes."""
        hashes = [meta.data_hash for meta in self.metas]
        return (
            hashes[0] if len(hashes) == 1 else hashlib.sha256(" ".join(hashes).encode()).hexdigest()
        )

    @property
    def span(self) -> float:
        """How many tokens the example of a token has, on average; of padding none."""
        size = sum(meta.rows for meta in self.metas) * self.context
        return sum(meta.pairs for meta in self.metas) / size if size else 0.0

    def batch(self, numbers: npt.NDArray[np.int64]) -> Rows:
        """Return the rows with these numbers.

        The caller shifts: position t predicts token t + 1.
        """
        return joined([self._row(int(number)) for number in numbers])

    def _row(self, number: int) -> Rows:
        if not 0 <= number < len(self):
            raise IndexError(f"need 0 <= row < {len(self)}, got {number}")
        folder = int(np.searchsorted(self._ends, number, side="right"))
        local = number - (int(self._ends[folder - 1]) if folder else 0)
        mask, begins = (
            np.unpackbits(bits[folder][local]).astype(np.bool_)
            for bits in (self._masks, self._begins)
        )
        tokens = self._tokens[folder][local].astype(np.int64)
        return Rows(tokens[None], mask[None], begins[None])


def epoch_order(rows: int, epoch: int, seed: int) -> npt.NDArray[np.int64]:
    """Return the numbers 0..rows-1 in this epoch's order: the same for the same arguments."""
    return np.random.default_rng([seed, epoch]).permutation(rows)


def write_shards(
    folder: Path, examples: Iterable[TokenizedExample], config: PackingConfig
) -> PackingMeta:
    """Return the meta data of the rows that the examples were packed into, in this folder.

    Takes one pass and little memory. The files get their names when they are complete; a folder
    that held a data set before holds the new one afterwards.

    Raises:
        ValueError: An example is empty, has a mask of another length, or a token out of range.
    """
    folder.mkdir(parents=True, exist_ok=True)
    counts = _Counts()
    checked = (_check_example(example, config, counts) for example in examples)
    parts = [folder / f"{name}.bin.part" for name in ("tokens", "mask", "begins")]
    digest = hashlib.sha256()
    with ExitStack() as stack:
        files = [stack.enter_context(part.open("wb")) for part in parts]
        for row in pack(checked, config.context, config.buffer):
            for file, data in zip(files, _lay_out(row, config), strict=True):
                file.write(data)
                digest.update(data)
            counts.rows += 1
    meta = _meta(config, counts, digest.hexdigest())
    (folder / "meta.json").unlink(missing_ok=True)
    for part in parts:
        part.replace(part.with_suffix(""))
    write_json(folder / "meta.json", dataclasses.asdict(meta))
    return meta


@dataclass(slots=True)
class _Counts:
    """What `write_shards` counts while it runs."""

    rows: int = 0
    tokens: int = 0
    targets: int = 0
    pairs: int = 0
    examples: int = 0
    cut: int = 0


def _check_example(
    example: TokenizedExample, config: PackingConfig, counts: _Counts
) -> TokenizedExample:
    tokens, mask = example
    if len(tokens) == 0 or len(tokens) != len(mask):
        raise ValueError(
            f"need a mask as long as the tokens, at least 1, got {len(tokens)} tokens"
            f" and {len(mask)} mask values"
        )
    least, most = int(np.min(tokens)), int(np.max(tokens))
    if least < 0 or most >= config.vocabulary:
        raise ValueError(f"need 0 <= token < {config.vocabulary}, got {least} to {most}")
    counts.cut += len(tokens) > config.context
    tokens, mask = tokens[: config.context], mask[: config.context]
    counts.examples += 1
    counts.tokens += len(tokens)
    counts.targets += int(np.count_nonzero(mask))
    counts.pairs += len(tokens) ** 2
    return tokens, mask


def _lay_out(row: list[TokenizedExample], config: PackingConfig) -> tuple[bytes, bytes, bytes]:
    tokens = np.full(config.context, PADDING, dtype=_token_type(config.vocabulary))
    mask, begins = (np.zeros(config.context, dtype=np.bool_) for _ in range(2))
    start = 0
    for example_tokens, example_mask in row:
        end = start + len(example_tokens)
        tokens[start:end] = example_tokens
        mask[start:end] = example_mask
        begins[start] = True
        start = end
    begins[start : start + 1] = True
    return tokens.tobytes(), np.packbits(mask).tobytes(), np.packbits(begins).tobytes()


def _meta(config: PackingConfig, counts: _Counts, data_hash: str) -> PackingMeta:
    return PackingMeta(
        rows=counts.rows,
        context=config.context,
        vocabulary=config.vocabulary,
        tokens=counts.tokens,
        targets=counts.targets,
        pairs=counts.pairs,
        examples=counts.examples,
        cut=counts.cut,
        format_version=FORMAT_VERSION,
        seed=config.seed,
        tokenizer_hash=config.tokenizer_hash,
        data_hash=data_hash,
    )


def _read_meta(folder: Path) -> PackingMeta:
    path = folder / "meta.json"
    if not path.is_file():
        raise ValueError(f"{folder} has no meta.json: no data set, or one not written to its end")
    values = json.loads(path.read_text(encoding="utf-8"))
    wanted = {field.name for field in dataclasses.fields(PackingMeta)}
    if set(values) != wanted:
        raise ValueError(f"{path}: wanted the keys {sorted(wanted)}, got {sorted(values)}")
    return PackingMeta(**values)


def _check_together(folders: tuple[Path, ...], metas: tuple[PackingMeta, ...]) -> None:
    for folder, meta in zip(folders, metas, strict=True):
        if meta.format_version != FORMAT_VERSION:
            raise ValueError(
                f"{folder}: wanted format version {FORMAT_VERSION}, got {meta.format_version}"
            )
        if (meta.context, meta.tokenizer_hash) != (metas[0].context, metas[0].tokenizer_hash):
            raise ValueError(f"{folder} has another context or tokenizer than {folders[0]}")


def _map_tokens(folder: Path, meta: PackingMeta) -> Tokens:
    kind = _token_type(meta.vocabulary)
    return _map(folder / "tokens.bin", kind, (meta.rows, meta.context))


def _token_type(vocabulary: int) -> np.dtype:
    return np.dtype("<u2" if vocabulary <= 1 << 16 else "<u4")


def _map_bits(path: Path, meta: PackingMeta) -> Bits:
    return _map(path, np.dtype(np.uint8), (meta.rows, meta.context // 8))


def _map(path: Path, kind: np.dtype, shape: tuple[int, int]) -> np.ndarray:
    wanted = kind.itemsize * shape[0] * shape[1]
    if path.stat().st_size != wanted:
        raise ValueError(f"{path}: wanted {wanted} bytes, got {path.stat().st_size}")
    if not wanted:
        return np.empty(shape, dtype=kind)
    return np.memmap(path, dtype=kind, mode="r", shape=shape)
