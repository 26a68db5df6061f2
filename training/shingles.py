"""Words in a row as 64-bit hashes: what de-duplication and decontamination compare."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]

# Odd, from the fraction of the golden ratio; its powers weigh a word by its place in the row.
_BASE = 0x9E3779B97F4A7C15


def hash_words(words: Sequence[str]) -> Hashes:
    """Return one hash per word: its CRC-32, the same in every process."""
    crc32 = zlib.crc32
    return np.array([crc32(word.encode("utf-8", "replace")) for word in words], dtype=np.uint64)


def shingle_hashes(hashes: Hashes, length: int) -> Hashes:
    """Return the hash of each `length` words in a row, in order; empty if there are fewer."""
    count = len(hashes) - length + 1
    if count <= 0:
        return np.empty(0, dtype=np.uint64)
    total = np.zeros(count, dtype=np.uint64)
    for place in range(length):
        weight = np.uint64(pow(_BASE, place + 1, 1 << 64))
        total += hashes[place : place + count] * weight
    return _mix(total)


def _mix(values: Hashes) -> Hashes:
    """Return the values with every bit depending on every other.

    Source: the finalizer of SplitMix64 (Steele, Lea and Flood 2014).
    """
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
