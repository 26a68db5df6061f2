from __future__ import annotations

import random

import pytest
from datasketch import MinHash

from training.dedup import Duplicate, DuplicateIndex, exact_key, signature, similarity

WORDS = [f"name{number}" for number in range(400)]


def text(length: int, seed: int = 0) -> str:
    rng = random.Random(seed)
    return "".join(f"{rng.choice(WORDS)} = {rng.choice(WORDS)}\n" for _ in range(length))


def changed(original: str, lines: int) -> str:
    rows = original.splitlines(keepends=True)
    for place in range(0, lines * 7, 7):
        rows[place % len(rows)] = f"different = {place}\n"
    return "".join(rows)


def kinds(*texts: str) -> list[Duplicate | None]:
    index = DuplicateIndex()
    return [index.add(exact_key(each), signature(each)) for each in texts]


BASE = text(100)


@pytest.mark.parametrize(
    ("second", "kind"),
    [
        (BASE, Duplicate.EXACT),
        (BASE.replace(" = ", "  =  ") + "\n\n", Duplicate.EXACT),
        (changed(BASE, 2), Duplicate.NEAR),
        ("# copyright notice\n" + BASE, Duplicate.NEAR),
    ],
)
def test_duplicates(second: str, kind: Duplicate) -> None:
    assert kinds(BASE, second) == [None, kind]


@pytest.mark.parametrize("second", [text(100, seed=1), changed(BASE, 40), text(3, seed=2), "", "x"])
def test_duplicates_noop(second: str) -> None:
    assert kinds(BASE, second) == [None, None]


@pytest.mark.parametrize("lines", [0, 3, 10, 30])
def test_similarity_agrees_with_datasketch(lines: int) -> None:
    other = changed(BASE, lines)
    ours = similarity(signature(BASE), signature(other))
    theirs = _datasketch(BASE).jaccard(_datasketch(other))
    # Both estimate with an error of about 1 / sqrt(permutations).
    assert ours == pytest.approx(theirs, abs=0.2)


def test_index_counts_the_kept() -> None:
    index = DuplicateIndex()
    for each in (BASE, BASE, text(100, seed=3)):
        index.add(exact_key(each), signature(each))
    assert len(index) == 2


def test_bad_threshold() -> None:
    with pytest.raises(ValueError, match=r"got 0\.1"):
        DuplicateIndex(threshold=0.1)


def _datasketch(source: str) -> MinHash:
    tokens = source.split()
    found = MinHash(num_perm=256)
    found.update_batch([" ".join(tokens[at : at + 5]).encode() for at in range(len(tokens) - 4)])
    return found
