r"""Texts that stand word for word in documents: one pass over these, memory for the texts alone.

Words are `\w+`, with their case; what stands between words does not count.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from training.corpus.document import Document
from training.shingles import Hashes, hash_words, shingle_hashes

WORDS = 10
"""A run: so many words in a row. Shorter texts are not looked for."""

_WORD = re.compile(r"\w+")
Words = tuple[str, ...]


@dataclass(slots=True)
class Matches:
    """What was found of one text."""

    whole: Document | None = None
    """The first document in which all of it stands."""
    run: Document | None = None
    """The first document in which any ten words of it stand in a row."""


@dataclass(slots=True)
class Scan:
    """How much was read."""

    documents: int = 0
    words: int = 0
    matches: list[Matches] = field(default_factory=list)
    """For each text."""


def words_of(text: str) -> Words:
    """The words of a text."""
    return tuple(_WORD.findall(text))


def stands_in(words: Words, text: str) -> bool:
    """Whether the words stand in the text, in a row."""
    return f" {' '.join(words)} " in f" {' '.join(_WORD.findall(text))} "


def scan(texts: Sequence[Words], documents: Iterable[Document]) -> Scan:
    """What stands in the documents of texts of at least ten words.

    Raises:
        ValueError: a text is shorter.
    """
    runs = _runs(texts)
    hashes = np.array(sorted(runs), dtype=np.uint64)
    found = Scan(matches=[Matches() for _ in texts])
    for document in documents:
        words = words_of(document.text)
        found.documents += 1
        found.words += len(words)
        for place in _suspects(words, hashes):
            run = words[place : place + WORDS]
            for number, at in runs[_hash_of(run)]:
                if texts[number][at : at + WORDS] != run:
                    continue
                match = found.matches[number]
                match.run = match.run or document
                rest = words[place : place + len(texts[number])]
                if at == 0 and match.whole is None and rest == texts[number]:
                    match.whole = document
    return found


def _runs(texts: Sequence[Words]) -> Mapping[int, list[tuple[int, int]]]:
    """By hash of a run, the texts that have it and where."""
    runs: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, text in enumerate(texts):
        if len(text) < WORDS:
            raise ValueError(f"wanted at least {WORDS} words, got {len(text)}: {' '.join(text)}")
        for at, value in enumerate(shingle_hashes(hash_words(text), WORDS).tolist()):
            runs[value].append((number, at))
    return runs


def _suspects(words: Words, hashes: Hashes) -> Iterator[int]:
    """Where a run begins that has the hash of one that is looked for."""
    if not len(hashes):
        return
    found = shingle_hashes(hash_words(words), WORDS)
    # A binary search: `numpy.isin` would sort both sides again for every document.
    nearest = np.searchsorted(hashes, found).clip(max=len(hashes) - 1)
    yield from np.flatnonzero(hashes[nearest] == found).tolist()


def _hash_of(run: Words) -> int:
    return int(shingle_hashes(hash_words(run), WORDS)[0])
