"""Which files become documents, and the reasons why the others do not."""

from __future__ import annotations

import ast
import hashlib
import io
import re
import tokenize
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from lintseq.syntax import parse_module
from training.corpus.license import refused_license


class Reason(StrEnum):
    """Why a file is not in the corpus."""

    VENDORED = "vendored copy of another package"
    HELD_OUT = "name of a held-out package in its path"
    UNREADABLE = "not there or a link"
    UNDECODABLE = "not text in the encoding it states"
    TOO_LARGE = "too large"
    TOO_SHORT = "too few lines"
    TOO_LONG = "too many lines"
    GENERATED = "generated"
    LONG_LINES = "minified: lines too long"
    DATA = "mostly data"
    LICENSE = "names another licence"
    TEST_NOT_DRAWN = "test outside the drawn share"
    PYTHON_2 = "Python 2"
    UNPARSABLE = "does not parse"
    CONTAMINATED = "contains text of the evaluation sets"
    EXACT_DUPLICATE = "exact duplicate"
    NEAR_DUPLICATE = "near duplicate"


@dataclass(frozen=True, slots=True)
class FilterConfig:
    """Bounds on what a document is."""

    least_lines: int = 5
    most_lines: int = 4000
    most_bytes: int = 200_000
    longest_line: int = 1000
    """Characters."""
    longest_mean_line: float = 100
    """Characters."""
    least_letters: float = 0.4
    """Share of letters and underscores among the characters that are not white space."""
    most_data_lines: float = 0.5
    """Share of lines that hold only numbers, strings and brackets, at least one not a bracket."""
    longest_statement: int = 300
    """Lines of a top-level statement that is no function, class or docstring."""
    test_share: float = 0.5
    """Share of test files kept, drawn by the hash of their text."""


_VENDORED = frozenset(
    {
        "_vendor",
        "_vendored",
        "bundled",
        "extern",
        "node_modules",
        "site-packages",
        "third_party",
        "thirdparty",
        "vendor",
        "vendored",
    }
)
_TESTS = frozenset({"test", "tests", "testing"})
_TEST_FILE = re.compile(r"(test_.*|.*_test|tests?|conftest)\.py")
_GENERATED = re.compile(
    r"^\s*#.*\bgenerated (?:by|from|with|using)\b|\bdo not edit\b|auto-?generated"
    r"|\bgenerated from .* (?:with|by|using)\b|automatically generated|@generated"
    r"|generated protocol buffer"
    r"|this (?:file|module) (?:was|is|has been) generated",
    re.IGNORECASE | re.MULTILINE,
)
# What a file's head is: in characters, from its beginning.
_HEAD = 1500
_DATA_LINE = re.compile(
    r"(?!\s*(?:[()\[\]{},:]+\s*$|[bru]?\"\"\"|[bru]?\'\'\'))"
    r"[ \t]*(?:0x[0-9a-fA-F]+|[\d\-+.,:;()\[\]{}\s]"
    r"|[bru]{0,2}\"(?:[^\"\\\n]|\\.)*\"|[bru]{0,2}'(?:[^'\\\n]|\\.)*')+"
)
_PYTHON_2 = re.compile(
    r"^\s*(?:print\s+[\"'\w%]|exec\s+[\"'\w]|raise\s+\w+\s*,)",
    re.MULTILINE,
)


def reason_of_path(path: str) -> Reason | None:
    """Return why a file with this path is not taken, whatever it contains."""
    return Reason.VENDORED if _VENDORED.intersection(path.lower().split("/")[:-1]) else None


def decode(data: bytes) -> str | None:
    r"""Return the text by its byte order mark or encoding cookie, UTF-8 without one, or None.

    Every line ends in a line feed: `\r\n` and a lone `\r` are replaced.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
        text.encode()
    except (SyntaxError, UnicodeError, LookupError):
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def reason_of_text(path: str, text: str, config: FilterConfig) -> Reason | None:
    """Return why a file with this text is not taken; the cheap questions come first."""
    parsed = parse_file(path, text, config)
    return parsed if isinstance(parsed, Reason) else None


def parse_file(path: str, text: str, config: FilterConfig) -> ast.Module | Reason:
    """Return the syntax tree of a file that is taken, or why it is not."""
    return (
        _reason_of_size(text, config)
        or _reason_of_head(text)
        or _reason_of_test(path, text, config)
        or _reason_of_lines(text, config)
        or _parse(text, config)
    )


def is_test(path: str) -> bool:
    """Return whether a file is a test, by its path."""
    parts = PurePosixPath(path.lower())
    return bool(_TESTS.intersection(parts.parts[:-1]) or _TEST_FILE.fullmatch(parts.name))


def _reason_of_size(text: str, config: FilterConfig) -> Reason | None:
    lines = text.count("\n") + 1
    if lines > config.most_lines:
        return Reason.TOO_LONG
    full = sum(bool(line.strip()) for line in text.split("\n"))
    return Reason.TOO_SHORT if full < config.least_lines else None


def _reason_of_head(text: str) -> Reason | None:
    head = text[:_HEAD]
    comments = "\n".join(line for line in head.split("\n") if line.lstrip()[:1] in ("#", '"', "'"))
    if _GENERATED.search(comments):
        return Reason.GENERATED
    return Reason.LICENSE if refused_license(head) else None


def _reason_of_lines(text: str, config: FilterConfig) -> Reason | None:
    lines = [line for line in text.split("\n") if line.strip()]
    if max(map(len, lines)) > config.longest_line:
        return Reason.LONG_LINES
    if sum(map(len, lines)) > config.longest_mean_line * len(lines):
        return Reason.LONG_LINES
    dense = sum(map(len, text.split()))
    if sum(map(len, re.findall(r"[^\W\d]+", text))) < config.least_letters * dense:
        return Reason.DATA
    data_lines = sum(map(_is_data, lines))
    return Reason.DATA if data_lines > config.most_data_lines * len(lines) else None


def _is_data(line: str) -> bool:
    # Most lines of a program begin with a letter that begins no string: that is cheaper to see.
    first = line.lstrip()[0]
    if (first.isalpha() or first in "_@#") and first not in "bru":
        return False
    return _DATA_LINE.fullmatch(line) is not None


def _reason_of_test(path: str, text: str, config: FilterConfig) -> Reason | None:
    if not is_test(path):
        return None
    draw = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / (1 << 32)
    return Reason.TEST_NOT_DRAWN if draw >= config.test_share else None


def _parse(text: str, config: FilterConfig) -> ast.Module | Reason:
    tree = parse_module(text)
    if tree is None:
        return Reason.PYTHON_2 if _PYTHON_2.search(text) else Reason.UNPARSABLE
    longest = max((_lines_of_data(node) for node in tree.body), default=0)
    return Reason.DATA if longest > config.longest_statement else tree


def _lines_of_data(node: ast.stmt) -> int:
    if not isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr):
        return 0
    if isinstance(node.value, ast.Constant) and isinstance(node, ast.Expr):
        return 0
    return (node.end_lineno or node.lineno) - node.lineno + 1
