r"""Keeps the evaluation sets out of the training text.

The unit is ten lower-cased words (`\w+`) in a row of which at least five differ and have a letter.
A text that shares one with a prompt, an instruction or a solution of the evaluation sets is
contaminated, and so is a function that is one of their solutions under other names (see
`fingerprint`). What can be saved is saved: top-level functions and classes that share one are
removed if the rest still parses and has no finding that it did not have before.
"""

from __future__ import annotations

import ast
import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lintseq.errors import LimitError
from lintseq.lint import added, lint
from lintseq.syntax import first_line, parse_module
from training.fingerprint import fingerprints
from training.shingles import Hashes, hash_words, shingle_hashes

WORDS = 10
DISTINCT = 5

_WORD = re.compile(r"\w+")
_STATEMENTS = ("prompt", "text", "instruction", "docstring", "declaration", "signature")
_SOLUTIONS = ("canonical_solution", "buggy_solution", "code")


@dataclass(frozen=True, slots=True)
class Contamination:
    """What evaluation sets contain, in the unit above."""

    rows: frozenset[str]
    """Ten words each, joined by spaces."""
    hashes: Hashes
    """The hashes of the rows, sorted: they rule out most texts quickly."""
    functions: frozenset[str] = frozenset()
    """Fingerprints of the solutions' functions."""
    shapes: frozenset[str] = frozenset()
    """The shapes of these functions."""

    @classmethod
    def nothing(cls) -> Contamination:
        """Return what no evaluation set at all contains."""
        return cls(frozenset(), np.empty(0, dtype=np.uint64))

    def hits(self, text: str) -> list[tuple[int, int]]:
        """Return the shared rows of words, as half-open spans of lines counted from 0."""
        words = _WORD.findall(text.lower())
        found = shingle_hashes(hash_words(words), WORDS)
        places = np.flatnonzero(self._suspects(found)).tolist()
        certain = [at for at in places if " ".join(words[at : at + WORDS]) in self.rows]
        return list(_line_spans(text, certain)) if certain else []

    def function_hits(self, tree: ast.Module) -> list[tuple[int, int]]:
        """Return the functions that are a solution's but for names, as spans of lines from 0."""
        if not self.functions:
            return []
        return [
            (found.function.lineno - 1, found.function.end_lineno or found.function.lineno)
            for found in fingerprints(tree.body)
            if found.shape in self.shapes and found.digest in self.functions
        ]

    def _suspects(self, found: Hashes) -> npt.NDArray[np.bool_]:
        if not len(self.hashes):
            return np.zeros(len(found), dtype=np.bool_)
        # A binary search: `numpy.isin` would sort both sides again for every text.
        nearest = np.searchsorted(self.hashes, found).clip(max=len(self.hashes) - 1)
        return np.asarray(self.hashes[nearest] == found)


def read_contamination(directory: Path) -> Contamination:
    """Return what the `*.jsonl` and `*.jsonl.gz` files of a directory contain.

    Raises:
        ValueError: There is no such file, or one has a record without any text that is known.
    """
    files = sorted([*directory.glob("*.jsonl"), *directory.glob("*.jsonl.gz")])
    if not files:
        raise ValueError(f"wanted *.jsonl or *.jsonl.gz in {directory}, found none")
    return contamination_of(text for file in files for text in _texts_of_file(file))


def contamination_of(texts: Iterable[str]) -> Contamination:
    """Return what the texts contain."""
    rows: set[str] = set()
    hashes: list[Hashes] = []
    functions: dict[str, str] = {}
    # The same texts come many times: as problems of several sets and as holes in one solution.
    for text in set(texts):
        words = _WORD.findall(text.lower())
        places = [at for at in range(len(words) - WORDS + 1) if _counts(words[at : at + WORDS])]
        rows.update(" ".join(words[at : at + WORDS]) for at in places)
        hashes.append(shingle_hashes(hash_words(words), WORDS)[places])
        if tree := parse_module(text):
            found = ((each.digest, each.shape) for each in fingerprints(tree.body))
            functions |= {digest: shape for digest, shape in found if digest}
    return Contamination(
        frozenset(rows),
        np.unique(np.concatenate([np.empty(0, np.uint64), *hashes])),
        frozenset(functions),
        frozenset(functions.values()),
    )


def clean(text: str, contamination: Contamination, tree: ast.Module | None = None) -> str | None:
    """Return the text without its contaminated functions and classes, or None.

    None: a hit lies outside of them, or what remains does not parse, has new findings or is
    still contaminated. A text without hits comes back unchanged.

    Args:
        tree: the syntax tree of the text, where the caller has it.
    """
    tree = tree or parse_module(text)
    hits = contamination.hits(text)
    hits += contamination.function_hits(tree) if tree else []
    if not hits:
        return text
    if tree is None:
        return None
    # The lines of the parser end at a line feed, as those of the hits: a document has no others.
    lines = text.split("\n")
    for start, end in reversed(_spans_of_definitions(tree)):
        if any(first < end and start < last for first, last in hits):
            del lines[start:end]
    rest = "\n".join(lines)
    return rest if _is_sound(rest, text) and not contamination.hits(rest) else None


def _texts_of_file(path: Path) -> Iterator[str]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            texts = list(_texts_of_record(json.loads(line)))
            if not texts:
                raise ValueError(
                    f"{path}, line {number}: wanted one of {_STATEMENTS + _SOLUTIONS}, got neither"
                )
            yield from texts


def _texts_of_record(record: Mapping[str, object]) -> Iterator[str]:
    """Yield each text on its own, and each solution behind the prompt and before the suffix."""
    texts = {key: value for key, value in record.items() if isinstance(value, str)}
    prompt, suffix = texts.get("prompt", ""), texts.get("suffix", "")
    yield from (texts[key] for key in _STATEMENTS if key in texts)
    yield from (prompt + texts[key] + suffix for key in _SOLUTIONS if key in texts)


def _counts(row: list[str]) -> bool:
    return sum(any(map(str.isalpha, word)) for word in set(row)) >= DISTINCT


def _line_spans(text: str, places: list[int]) -> Iterator[tuple[int, int]]:
    lowered = text.lower()
    matches = list(_WORD.finditer(lowered))
    for place in places:
        start, end = matches[place].start(), matches[place + WORDS - 1].end()
        yield lowered.count("\n", 0, start), lowered.count("\n", 0, end) + 1


def _spans_of_definitions(tree: ast.Module) -> list[tuple[int, int]]:
    """Return the lines of each top-level function and class, decorators included, from 0."""
    return [
        (first_line(node), node.end_lineno)
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and node.end_lineno is not None
    ]


def _is_sound(rest: str, whole: str) -> bool:
    try:
        return not added(lint(whole), lint(rest))
    except LimitError:
        return False
