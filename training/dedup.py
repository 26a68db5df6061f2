"""Near-duplicates: MinHash signatures and an index that finds alike ones.

The set of a text is its shingles of five tokens. Two texts are near-duplicates if the estimated
Jaccard similarity of their sets reaches the threshold.

Sources: Broder, "On the resemblance and containment of documents" (1997), for the signature;
Dietzfelbinger et al., "A reliable randomized algorithm for the closest-pair problem" (1997), for
the multiply-shift hashes; Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", section
3.4, for the bands. Written with numpy because it then takes about a millisecond per file, against
tens of milliseconds with `datasketch.MinHash`, which the tests compare it with.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from array import array
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from training.shingles import Hashes, hash_words, shingle_hashes

Signature = npt.NDArray[np.uint32]

PERMUTATIONS = 64
SHINGLE = 5
# 12 bands of 5 rows: a pair with similarity 0.8 shares a band with probability 0.99.
BANDS, ROWS = 12, 5

_TOKEN = re.compile(r"\w+|[^\w\s]")
_MULTIPLIERS, _ADDENDS = np.random.default_rng(1).integers(
    1, np.iinfo(np.uint64).max, (2, PERMUTATIONS, 1), dtype=np.uint64
)
# Shingles hashed at a time: 64 hashes of 8 bytes for each.
_SHINGLES = 4096
# Documents whose signatures share an array.
_BLOCK = 4096
_LEAST_SLOTS = 1 << 12


def exact_key(text: str) -> bytes:
    """Return a key that texts share if they differ in white space only."""
    return hashlib.sha256(" ".join(text.split()).encode()).digest()[:16]


def signature(text: str) -> Signature:
    """Return the MinHash signature of a text: PERMUTATIONS minima."""
    hashes = hash_words(_TOKEN.findall(text))
    return _minima(shingle_hashes(hashes, min(SHINGLE, max(len(hashes), 1))))


def similarity(left: Signature, right: Signature) -> float:
    """Return the estimated Jaccard similarity of two texts, between 0 and 1."""
    return float(np.mean(left == right))


class Duplicate(StrEnum):
    """How a document repeats one that is kept."""

    EXACT = "exact duplicate"
    NEAR = "near duplicate"


class DuplicateIndex:
    """The documents kept so far; grows by about 350 bytes with each, in flat arrays."""

    def __init__(self, threshold: float = 0.8) -> None:
        if not 0.5 <= threshold <= 1:
            raise ValueError(f"need 0.5 <= threshold <= 1, got {threshold}")
        self._threshold = threshold
        self._exact = KeySet()
        # Half of each minimum: two that differ agree in it once in 65,536 times.
        self._blocks: list[npt.NDArray[np.uint16]] = []
        self._count = 0
        # One chained hash table per band: the newest document of a slot, and its predecessors.
        self._slots = _LEAST_SLOTS
        self._newest = [array("i", [-1]) * self._slots for _ in range(BANDS)]
        self._before = [array("i") for _ in range(BANDS)]

    def __len__(self) -> int:
        """Return how many documents are kept."""
        return self._count

    def add(self, key: bytes, new: Signature) -> Duplicate | None:
        """Return what kind of duplicate a document is; None: of none, it is kept now."""
        number = int.from_bytes(key[:8], "big")
        if number in self._exact:
            return Duplicate.EXACT
        short = new.astype(np.uint16)
        if self._has_similar(short):
            return Duplicate.NEAR
        self.keep(number, short)
        return None

    def keep(self, key: int, short: npt.NDArray[np.uint16]) -> None:
        """Keep a document that is known to be no duplicate.

        Args:
            key: the first 8 bytes of its exact key.
            short: its signature, 16 bits of each minimum.
        """
        if self._count == self._slots:
            self._grow()
        self._exact.add(key)
        if self._count % _BLOCK == 0:
            self._blocks.append(np.empty((_BLOCK, PERMUTATIONS), dtype=np.uint16))
        self._blocks[-1][self._count % _BLOCK] = short
        self._link(self._count)
        self._count += 1

    def _has_similar(self, new: npt.NDArray[np.uint16]) -> bool:
        candidates: set[int] = set()
        for band, slot in enumerate(self._places(new)):
            number = self._newest[band][slot]
            while number >= 0:
                candidates.add(number)
                number = self._before[band][number]
        return any(
            np.count_nonzero(self._short(number) == new) >= self._threshold * PERMUTATIONS
            for number in candidates
        )

    def _short(self, number: int) -> npt.NDArray[np.uint16]:
        short: npt.NDArray[np.uint16] = self._blocks[number // _BLOCK][number % _BLOCK]
        return short

    def _places(self, short: npt.NDArray[np.uint16]) -> list[int]:
        """Return the slot of each band."""
        data, size = short.tobytes(), ROWS * short.itemsize
        return [
            zlib.crc32(data[band * size : (band + 1) * size]) & (self._slots - 1)
            for band in range(BANDS)
        ]

    def _link(self, number: int) -> None:
        for band, slot in enumerate(self._places(self._short(number))):
            self._before[band].append(self._newest[band][slot])
            self._newest[band][slot] = number

    def _grow(self) -> None:
        self._slots *= 2
        self._newest = [array("i", [-1]) * self._slots for _ in range(BANDS)]
        self._before = [array("i") for _ in range(BANDS)]
        for number in range(self._count):
            self._link(number)


class KeySet:
    """A set of 64-bit keys in a flat array: 16 to 32 bytes each, where a `set` takes 70."""

    def __init__(self) -> None:
        self._places = array("Q", [0]) * _LEAST_SLOTS
        self._count = 0

    def __len__(self) -> int:
        """Return how many keys it holds."""
        return self._count

    def __contains__(self, key: int) -> bool:
        """Return whether it holds a key."""
        return self._places[self._place(key)] != 0

    def add(self, key: int) -> bool:
        """Add a key, and return whether it is new."""
        place = self._place(key)
        if self._places[place]:
            return False
        self._places[place] = key or 1
        self._count += 1
        if 2 * self._count > len(self._places):
            keys = [each for each in self._places if each]
            self._places = array("Q", [0]) * (2 * len(self._places))
            for each in keys:
                self._places[self._place(each)] = each
        return True

    def _place(self, key: int) -> int:
        """Return where a key is, or the free place where it belongs."""
        # Zero is what a free place holds.
        key = key or 1
        mask = len(self._places) - 1
        place = key & mask
        while self._places[place] not in (0, key):
            place = (place + 1) & mask
        return place


def _minima(shingles: Hashes) -> Signature:
    minima = np.full(PERMUTATIONS, np.iinfo(np.uint32).max, dtype=np.uint32)
    for start in range(0, len(shingles), _SHINGLES):
        block = shingles[None, start : start + _SHINGLES]
        hashes = (block * _MULTIPLIERS + _ADDENDS) >> np.uint64(32)
        np.minimum(minima, hashes.min(axis=1).astype(np.uint32), out=minima)
    return minima
