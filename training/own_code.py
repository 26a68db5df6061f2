"""A user's own code: the Python files of a folder, some of them held out, none of these twice.

Whatever its licence: nothing of it leaves the machine. Held out are whole files, and of two files
that are nearly alike only one is kept, so that nothing that is asked about was learned from.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lintseq.syntax import parse_module
from training.corpus.document import Document
from training.corpus.filters import FilterConfig, Reason, decode, reason_of_path, reason_of_text
from training.corpus.source import find_packages
from training.dedup import DuplicateIndex, exact_key, signature

FILTERS = FilterConfig(test_share=1.0)
LEAST_CHARACTERS = 20_000
"""Of all files together: some 600 lines. Less is read once in seconds, and says nothing."""


@dataclass(frozen=True, slots=True)
class OwnCode:
    """The files of a folder in two parts."""

    training: tuple[Document, ...]
    held_out: tuple[Document, ...]
    left_out: Mapping[str, int]
    """Why files are in neither, counted."""


def read_own_code(folder: Path, held_out: float, seed: int) -> OwnCode:
    """Return the code in a folder.

    Args:
        held_out: the share of the characters to hold out, at least.

    Raises:
        ValueError: There is no such folder, or too little code in it.
    """
    left_out: Counter[str] = Counter()
    documents = list(_documents(folder, left_out))
    size = sum(len(document.text) for document in documents)
    if size < LEAST_CHARACTERS:
        raise ValueError(
            f"need at least {LEAST_CHARACTERS} characters of Python in {folder}, got {size}"
            f" in {len(documents)} files"
        )
    random.Random(seed).shuffle(documents)
    apart, rest, taken = [], [], 0
    for document in documents:
        if taken < held_out * size:
            apart.append(document)
            taken += len(document.text)
        else:
            rest.append(document)
    return OwnCode(tuple(rest), tuple(apart), left_out)


def _documents(folder: Path, left_out: Counter[str]) -> Iterable[Document]:
    index = DuplicateIndex()
    for package in find_packages(folder):
        for path in package.paths:
            text = _read(package.root / path, path)
            if isinstance(text, Reason):
                left_out[text] += 1
            elif alike := index.add(exact_key(text), signature(text)):
                left_out[alike] += 1
            else:
                yield Document(package.name, path, package.license or "own", text)


def _read(file: Path, path: str) -> str | Reason:
    if reason := reason_of_path(path):
        return reason
    try:
        if file.stat().st_size > FILTERS.most_bytes:
            return Reason.TOO_LARGE
        text = decode(file.read_bytes())
    except OSError:
        return Reason.UNREADABLE
    if text is None:
        return Reason.UNDECODABLE
    reason = reason_of_text(path, text, FILTERS)
    if reason is Reason.LICENSE:
        reason = None if parse_module(text) else Reason.UNPARSABLE
    return reason or text
