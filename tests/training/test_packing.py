from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.training.rows import examples_of, read_rows
from training.bestfit import TokenizedExample, pack
from training.packing import PackingConfig, Shards, epoch_order, write_shards

CONFIG = PackingConfig(context=16, vocabulary=100, buffer=4)


def example(length: int, first: int = 1) -> TokenizedExample:
    tokens = [first + place % 50 for place in range(length)]
    return tokens, [place % 2 == 1 for place in range(length)]


def unpacked(folder: Path) -> list[tuple[list[int], list[bool]]]:
    rows = read_rows(folder)
    return list(zip(rows.tokens.tolist(), rows.mask.tolist(), strict=True))


@pytest.mark.parametrize(
    ("lengths", "rows"),
    [
        ([16], [[16]]),
        ([10, 6], [[10, 6]]),
        ([10, 7, 6, 9], [[10, 6], [7, 9]]),
        ([4, 12, 16, 12], [[4, 12], [12], [16]]),
        ([5, 5, 5, 5], [[5, 5, 5], [5]]),
    ],
)
def test_pack(lengths: Sequence[int], rows: list[list[int]]) -> None:
    packed = pack(map(example, lengths), context=16, buffer=4)
    assert [[len(tokens) for tokens, _ in row] for row in packed] == rows


def test_pack_noop() -> None:
    assert list(pack([], context=16, buffer=4)) == []


def test_rows_hold_whole_examples_in_any_mixture(tmp_path: Path) -> None:
    rng = random.Random(0)
    examples = [example(rng.randint(1, 16), first=rng.randint(1, 40)) for _ in range(300)]
    meta = write_shards(tmp_path, examples, replace(CONFIG, buffer=64))
    assert meta.examples == 300
    assert meta.tokens == sum(len(tokens) for tokens, _ in examples)
    assert meta.targets == sum(sum(mask) for _, mask in examples)
    assert meta.padding < 0.03
    assert meta.pairs == sum(len(tokens) ** 2 for tokens, _ in examples)
    kept = [(tokens, mask) for tokens, mask in examples_of(read_rows(tmp_path)) if any(tokens)]
    assert sorted(kept) == sorted(examples)


def test_mask_and_padding(tmp_path: Path) -> None:
    write_shards(tmp_path, [([5, 6, 7], [0, 1, 1])], CONFIG)
    assert unpacked(tmp_path) == [([5, 6, 7] + [0] * 13, [False, True, True] + [False] * 13)]


def test_places_begin_with_every_example(tmp_path: Path) -> None:
    write_shards(tmp_path, [example(7), example(5)], CONFIG)
    rows = read_rows(tmp_path)
    assert rows.places.tolist() == [[*range(7), *range(5), *range(4)]]
    assert Shards(tmp_path).span == (7 * 7 + 5 * 5) / 16


def test_long_example_is_cut_and_counted(tmp_path: Path) -> None:
    meta = write_shards(tmp_path, [example(40)], CONFIG)
    assert (meta.rows, meta.cut, meta.tokens) == (1, 1, 16)


def test_batch_over_several_folders(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in "ab"]
    for number, folder in enumerate(folders):
        write_shards(folder, [example(16, first=1 + 10 * number)] * (2 + number), CONFIG)
    shards = Shards(*folders)
    rows = shards.batch(np.array([4, 1, 2]))
    assert len(shards) == 5
    assert rows.tokens.shape == rows.mask.shape == rows.begins.shape == (3, 16)
    assert str(rows.tokens.dtype) == "int64"
    assert rows.tokens[:, 0].tolist() == [11, 1, 11]
    assert rows.mask[0].tolist() == [False, True] * 8


def test_same_examples_same_hash(tmp_path: Path) -> None:
    metas = [write_shards(tmp_path / name, [example(9)] * 3, CONFIG) for name in "ab"]
    other = write_shards(tmp_path / "c", [example(8)] * 3, CONFIG)
    assert metas[0] == metas[1]
    assert metas[0].data_hash != other.data_hash


def test_epoch_order() -> None:
    first = epoch_order(50, epoch=0, seed=1)
    assert sorted(first.tolist()) == list(range(50))
    assert first.tolist() == epoch_order(50, epoch=0, seed=1).tolist()
    assert first.tolist() != epoch_order(50, epoch=1, seed=1).tolist()


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (([], []), "at least 1, got 0 tokens"),
        (([1, 2], [1]), "got 2 tokens and 1 mask values"),
        (([1, 100], [1, 1]), "need 0 <= token < 100, got 1 to 100"),
        (([-1], [1]), "got -1"),
    ],
)
def test_bad_example(tmp_path: Path, bad: TokenizedExample, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        write_shards(tmp_path, [bad], CONFIG)
    with pytest.raises(ValueError, match=r"no meta\.json"):
        Shards(tmp_path)


def test_damaged_folder(tmp_path: Path) -> None:
    write_shards(tmp_path, [example(16)], CONFIG)
    (tmp_path / "tokens.bin").write_bytes(b"12")
    with pytest.raises(ValueError, match="wanted 32 bytes, got 2"):
        Shards(tmp_path)


def test_other_format_version(tmp_path: Path) -> None:
    write_shards(tmp_path, [example(16)], CONFIG)
    meta = json.loads((tmp_path / "meta.json").read_text())
    (tmp_path / "meta.json").write_text(json.dumps(meta | {"format_version": 99}))
    with pytest.raises(ValueError, match="got 99"):
        Shards(tmp_path)


@pytest.mark.parametrize("number", [-1, 1])
def test_row_out_of_range(tmp_path: Path, number: int) -> None:
    write_shards(tmp_path, [example(16)], CONFIG)
    with pytest.raises(IndexError, match="need 0 <= row < 1"):
        Shards(tmp_path).batch(np.array([number]))


@pytest.mark.parametrize(
    "values", [{"context": 0}, {"context": 12}, {"vocabulary": 1 << 33}, {"buffer": 0}]
)
def test_bad_config(values: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"got|must be"):
        PackingConfig(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("vocabulary", [1 << 16, (1 << 16) + 1, 256_000])
def test_vocabularies_of_published_models_fit(tmp_path: Path, vocabulary: int) -> None:
    tokens = [3, vocabulary - 1, 5]
    config = PackingConfig(context=8, vocabulary=vocabulary)
    write_shards(tmp_path, [(tokens, [True] * 3)], config)
    assert read_rows(tmp_path).tokens.tolist() == [[*tokens, 0, 0, 0, 0, 0]]
