"""The held-out documents that a model is measured on."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from training.corpus.document import Document, read_documents


def held_out(paths: Sequence[Path], without: Sequence[str] = ()) -> list[Document]:
    """The documents of the files, but for those of the packages named `without`.

    Raises:
        ValueError: nothing is left, a file is out of form, or no document is of such a package.
    """
    documents = list(read_documents(*paths))
    packages = {document.package for document in documents}
    if unknown := set(without) - packages:
        raise ValueError(
            f"wanted packages of the data to leave out, got {', '.join(sorted(unknown))}; "
            f"there are: {', '.join(sorted(packages))}"
        )
    kept = [document for document in documents if document.package not in without]
    if not kept:
        raise ValueError(f"no document is left in {', '.join(map(str, paths))}")
    return kept


def is_for_fitting(sha256: str) -> bool:
    """Whether a document belongs to the half that a calibration is fitted on.

    The other half reports. It depends on the document alone, so that no choice of documents,
    cursors or seeds moves one from a half to the other.
    """
    return int(sha256[:8], 16) % 2 == 0


def joint_sha256(documents: Sequence[Document]) -> str:
    """One hash for all documents, whatever their order."""
    hashes = sorted(document.sha256 for document in documents)
    return hashlib.sha256(" ".join(hashes).encode()).hexdigest()
