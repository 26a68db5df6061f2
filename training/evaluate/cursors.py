"""Random cursors in code, and what stood behind them: the question and its answer."""

import io
import random
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass

from lintseq.syntax import counts_lines_alike
from training.corpus.document import Document


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a text whose line ends there, and the rest of the line as it was."""

    document: str
    """The hash of the document."""
    text: str
    """The document without the rest of the line."""
    line: int
    """From 0."""
    character: int
    written: str
    """What was taken out, without the newline; nothing where nothing is missing."""


def random_cursors(documents: Iterable[Document], count: int, seed: int) -> list[Cursor]:
    """`count` cursors before or behind random tokens of the documents, in a random order.

    A document gives cursors in proportion to its length; never inside a string or a comment,
    never where nothing follows on the line.
    """
    spots = [
        (document, *spot)
        for document in documents
        if counts_lines_alike(document.text)
        for spot in _some_spots(document, seed)
    ]
    random.Random(seed).shuffle(spots)
    return [_cursor(*spot) for spot in spots[:count]]


def with_next_lines(cursor: Cursor, count: int) -> Cursor | None:
    """The cursor, at which `count` lines below its own are missing too; None if there are fewer.

    The last of them has something on it: a proposal does not end with an empty line.
    """
    lines = cursor.text.split("\n")
    below = lines[cursor.line + 1 : cursor.line + 1 + count]
    if len(below) < count or not below[-1].strip():
        return None
    text = "\n".join([*lines[: cursor.line + 1], *lines[cursor.line + 1 + count :]])
    written = "\n".join([cursor.written, *below])
    return Cursor(cursor.document, text, cursor.line, cursor.character, written)


def _some_spots(document: Document, seed: int) -> list[tuple[int, int]]:
    rng = random.Random(f"{seed}:{document.sha256}")
    lines = document.text.split("\n")
    spots = sorted(_spots(document.text, lines))
    return rng.sample(spots, min(len(spots), len(lines) // 10))


def _cursor(document: Document, line: int, character: int) -> Cursor:
    lines = document.text.split("\n")
    rest = lines[line][character:]
    lines[line] = lines[line][:character]
    return Cursor(document.sha256, "\n".join(lines), line, character, rest)


def _spots(text: str, lines: list[str]) -> set[tuple[int, int]]:
    spots: set[tuple[int, int]] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in (tokenize.NAME, tokenize.OP, tokenize.NUMBER):
                spots |= {(token.start[0] - 1, token.start[1]), (token.end[0] - 1, token.end[1])}
    except (tokenize.TokenError, SyntaxError):
        return set()
    return {(line, character) for line, character in spots if lines[line][character:].strip()}
