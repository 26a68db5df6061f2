"""What the data looks like: a few lines of documents, functions and pairs that were drawn."""

from __future__ import annotations

import gzip
import hashlib
import heapq
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lintseq.described import Described, described_functions
from lintseq.program import Lines, split_lines
from training.corpus.document import Document

MOST_LINES = 16
"""Of an excerpt: enough to judge, too little to be a copy."""
DOCUMENT, FUNCTION = "document", "function"
"""What is drawn: each has draws of its own."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines of something that was drawn by its hash, and where they come from."""

    draw: str
    """Those with the smallest are taken: the same ones whatever else there is."""
    title: str
    """Project, file and licence."""
    instruction: str
    """What is asked for; empty for a document."""
    text: str


class Drawn:
    """The documents with the smallest draws among all that were offered."""

    def __init__(self, count: int, salt: str) -> None:
        self._count, self._salt = count, salt
        self._offered = 0
        # heapq has the smallest in front and it is the largest that has to go: draws are negated.
        self._heap: list[tuple[int, int, Document]] = []

    def offer(self, document: Document) -> None:
        """Keep a document while there are no others with smaller draws."""
        self._offered += 1
        entry = (-_draw(document.sha256, self._salt), self._offered, document)
        if len(self._heap) < self._count:
            heapq.heappush(self._heap, entry)
        elif self._heap and entry[0] > self._heap[0][0]:
            heapq.heapreplace(self._heap, entry)

    def taken(self) -> list[Document]:
        """Return them, the smallest draw first."""
        return [document for _, _, document in sorted(self._heap, key=lambda each: -each[0])]


def document_excerpt(document: Document) -> Excerpt:
    """Return a stretch of a document from a drawn function or class on, or from its beginning."""
    lines = document.text.split("\n")
    starts = [at for at, line in enumerate(lines) if line.startswith(("def ", "class ", "async "))]
    number = _draw(document.sha256, "place")
    start = starts[number % len(starts)] if starts else 0
    text = "\n".join(_shortened(lines[start:]))
    return Excerpt(f"{_draw(document.sha256, DOCUMENT):016x}", _title(document), "", text)


def function_excerpt(document: Document) -> Excerpt | None:
    """Return one of the functions of a document that say what they do, if there is one."""
    lines = split_lines(document.text)
    functions = described_functions(lines)
    if not functions:
        return None
    function = functions[_draw(document.sha256, "place") % len(functions)]
    body = "".join(lines[function.start : function.stop])
    text = "\n".join(_shortened(f"{_header(lines, function)}{body}".split("\n")))
    draw = f"{_draw(document.sha256, FUNCTION):016x}"
    return Excerpt(draw, _title(document), function.instruction, text)


def pair_excerpts(path: Path, count: int) -> list[Excerpt]:
    """Return pairs of instructions and programs that were drawn from a file.

    Raises:
        ValueError: A line is no pair.
    """
    return heapq.nsmallest(count, _pairs(path), key=lambda excerpt: excerpt.draw)


def markdown(title: str, excerpts: Iterable[Excerpt]) -> str:
    """Return a section with all of them."""
    parts = [f"## {title}"]
    for number, excerpt in enumerate(excerpts, 1):
        parts.append(f"{number}. {excerpt.title}")
        if excerpt.instruction:
            quoted = excerpt.instruction.strip().split("\n")
            parts.append("\n".join(f"> {line}".rstrip() for line in _shortened(quoted)))
        parts.append(f"````python\n{excerpt.text.strip(chr(10))}\n````")
    return "\n\n".join(parts)


def _pairs(path: Path) -> Iterator[Excerpt]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                pair = json.loads(line)
                instruction, program = str(pair["instruction"]), str(pair["code"])
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{path}, line {number}: no pair, got {line[:60]!r}") from error
            origin = ", ".join(str(pair[name]) for name in ("source", "license") if name in pair)
            draw = f"{_draw(f'{instruction}{program}', 'pair'):016x}"
            text = "\n".join(_shortened(program.split("\n")))
            yield Excerpt(draw, origin or path.name, instruction, text)


def _header(lines: Lines, function: Described) -> str:
    """The lines with `def`, up to the colon that ends them."""
    header = lines[function.first : function.start]
    ends = (at for at, line in enumerate(header, 1) if line.rstrip().endswith(":"))
    return "".join(header[: next(ends, 1)])


def _title(document: Document) -> str:
    return f"{document.package}, `{document.path}` ({document.license})"


def _shortened(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines if len(lines) <= MOST_LINES else [*lines[:MOST_LINES], "…"]


def _draw(text: str, salt: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{salt} {text}".encode()).digest()[:8], "big")
