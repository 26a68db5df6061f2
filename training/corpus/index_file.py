"""What de-duplication knows of a shard, kept beside it: a run that goes on reads it in seconds."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from training.dedup import PERMUTATIONS, DuplicateIndex, KeySet, Signature


@dataclass(slots=True)
class ShardIndex:
    """The keys and signatures of one shard's documents, and the hashes of all files read for it."""

    files: array[int] = field(default_factory=lambda: array("Q"))
    keys: array[int] = field(default_factory=lambda: array("Q"))
    signatures: list[npt.NDArray[np.uint16]] = field(default_factory=list)

    def keep(self, key: bytes, signature: Signature) -> None:
        """Note a document that was kept."""
        self.keys.append(int.from_bytes(key[:8], "big"))
        self.signatures.append(signature.astype(np.uint16))

    def enter(self, index: DuplicateIndex, files: KeySet) -> None:
        """Tell the index and the set of files what an earlier run found."""
        for each in self.files:
            files.add(each)
        for key, signature in zip(self.keys, self.signatures, strict=True):
            index.keep(key, signature)


def write_index(path: Path, found: ShardIndex) -> None:
    """Write what is known of a shard; `path` holds all of it or is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    rows = np.array(found.signatures, dtype=np.uint16).reshape(-1, PERMUTATIONS)
    with part.open("wb") as file:
        np.savez(
            file,
            files=np.frombuffer(found.files, dtype=np.uint64),
            keys=np.frombuffer(found.keys, dtype=np.uint64),
            signatures=rows,
        )
    part.replace(path)


def read_index(path: Path) -> ShardIndex:
    """Return what is known of a shard.

    Raises:
        ValueError: The file is not there or holds something else.
    """
    try:
        with np.load(path) as values:
            return ShardIndex(
                array("Q", values["files"].tobytes()),
                array("Q", values["keys"].tobytes()),
                list(values["signatures"]),
            )
    except (OSError, KeyError, EOFError) as error:
        raise ValueError(f"{path}: not the index of a shard: {error}") from error
