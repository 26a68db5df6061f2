"""Checks a data set by other means than those that made it.

Nothing of the sampler, of the format's readers and writers or of its list of findings is used
here: transcripts are taken apart by hand, and pyflakes is asked directly. For each row: the text
is a transcript to the letter, its edits only insert and fit, they build the program whose hash the
row states, and no prefix has a finding that the program does not have.

Not covered: findings in programs with `# noqa`, which may stand on a line that came later; prefixes
of rows that were made with another linter than pyflakes, or by the method that uses none, have to
parse only, or not even that.
"""

import ast
import hashlib
import json
import re
import signal
import warnings
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path, PurePath
from typing import Any

from pyflakes.checker import Checker

from lintseq.dataset.lines import read_rows
from lintseq.errors import LintseqError

# Apart from the list in `lintseq.lint` on purpose: these must never be new in a prefix.
SERIOUS = ("Undefined", "OutsideFunction", "OutsideLoop", "PercentFormat", "TwoStarred")

_MARK = "\n<|diff|>"
_HEADER = re.compile(r"@@ -(0|[1-9]\d*),0 \+([1-9]\d*)(?:,([2-9]|[1-9]\d+))? @@", re.ASCII)
_NO_NEWLINE = "\\ No newline at end of file"


class BrokenPromiseError(LintseqError):
    """A promise that a row does not keep."""


_ROWS_AT_ONCE = 16
# A row may hold anything; what cannot be looked into is broken too.
_BROKEN = (
    BrokenPromiseError,
    AttributeError,
    IndexError,
    KeyError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a row."""

    edits: int
    failure: str = ""
    place: tuple[int, int] = (-1, -1)
    """Its record and sample, which must rise from row to row."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found in a data set."""

    rows: int
    edits: int
    failures: tuple[str, ...]


Show = Callable[[int, int], None]


def verify(data: Path, jobs: int, limit: int | None, show: Show) -> Verified:
    """What was found in the rows of a data set, or in `limit` of them, evenly spread.

    Raises:
        LintseqError: it cannot be read, or has no manifest.
    """
    manifest = _manifest(data)
    total: int = manifest["rows"]
    step = max(1, total // limit) if limit else 1
    wanted = len(range(0, total, step))
    options = manifest["settings"]["options"]
    rows, edits, failures = 0, 0, []
    last = (-1, -1)
    for checked in _check_in_processes(islice(read_rows(data), 0, None, step), options, jobs):
        failure = checked.failure
        if not failure and checked.place <= last:
            failure = f"sample {checked.place} of (record, sample) comes after {last}"
        if failure:
            failures.append(f"row {rows * step}: {failure}")
        last = max(last, checked.place)
        rows, edits = rows + 1, edits + checked.edits
        show(rows, wanted)
    if rows != wanted:
        failures.append(f"the manifest says {total} rows, got {rows * step}")
    if not limit and (digest := _sha256(data)) != manifest["sha256"]:
        failures.append(f"the manifest says sha256 {manifest['sha256']}, got {digest}")
    return Verified(rows, edits, tuple(failures))


def _check_in_processes(
    rows: Iterator[dict[str, Any]], options: Mapping[str, Any], jobs: int
) -> Iterator[Checked]:
    """What was found in each row, in order; only so many rows are read ahead."""
    waiting: deque[Future[list[Checked]]] = deque()
    with ProcessPoolExecutor(jobs, get_context("spawn"), _ignore_interrupts) as pool:
        try:
            while part := list(islice(rows, _ROWS_AT_ONCE)):
                waiting.append(pool.submit(_check_all, options, part))
                if len(waiting) > 4 * jobs:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        except BrokenProcessPool as error:
            raise LintseqError("a process that checks rows died: too little memory?") from error


def _check_all(options: Mapping[str, Any], rows: list[dict[str, Any]]) -> list[Checked]:
    return [check(options, row) for row in rows]


def check(options: Mapping[str, Any], row: Mapping[str, Any]) -> Checked:
    """What is wrong with a row, if anything."""
    try:
        place = (int(row["record"]), int(row["sample"]))
        edits = _check_transcript(options, row) if "transcript" in row else _check_example(row)
        return Checked(edits, place=place)
    except _BROKEN as error:
        return Checked(0, f"{row.get('id')!r}: {type(error).__name__}: {error}")


def _check_transcript(options: Mapping[str, Any], row: Mapping[str, Any]) -> int:
    text, instruction = row["transcript"], row["instruction"]
    beginning, end = f"{instruction}{_MARK}", f"{_MARK}{_MARK}<|endoftext|>"
    _require(text.startswith(beginning), "it does not begin with its instruction")
    _require(text.endswith(end), "it does not end with two empty edits")
    states = list(_states(text[len(beginning) : -len(end)].split(_MARK)))
    program = "".join(states[-1])
    digest = hashlib.sha256(program.encode()).hexdigest()
    _require(digest == row["program_sha256"], "the edits build another program")
    if options["method"] != "random":
        filename = PurePath(str(row["id"])).name
        _check_prefixes(states, filename, lints=options["linter"] == "pyflakes")
    return len(states)


def _check_example(row: Mapping[str, Any]) -> int:
    both = row["prompt"], row["answer"]
    _require(all(isinstance(each, list) for each in both), "prompt and answer must be lists")
    parts = [*row["prompt"], *row["answer"]]
    text = "".join(part if isinstance(part, str) else part["special"] for part in parts)
    _, *edits = text.removesuffix("<|endoftext|>").split(_MARK)
    while edits and not edits[-1].strip():
        edits.pop()
    return len(list(_states(edits)))


def _states(edits: list[str]) -> Iterator[list[str]]:
    """The lines after each edit."""
    lines: list[str] = []
    for edit in edits:
        before, shift = len(lines), 0
        _require(bool(edit), "an empty edit")
        last = -1
        for at, first, inserted in _hunks(edit):
            _require(last < at <= before, f"a hunk behind line {at} of {before}, after {last}")
            _require(first == at + shift + 1, f"line {first} in a header, wanted {at + shift + 1}")
            lines[at + shift : at + shift] = inserted
            shift, last = shift + len(inserted), at
        _require(all(line.endswith("\n") for line in lines[:-1]), "a line is joined to the next")
        yield lines.copy()


def _hunks(edit: str) -> Iterator[tuple[int, int, list[str]]]:
    rest = edit.split("\n")
    while rest:
        header = _HEADER.fullmatch(rest.pop(0))
        if header is None:
            raise BrokenPromiseError("no header where one has to be")
        at, first, count = (1 if group is None else int(group) for group in header.groups())
        inserted = []
        for _ in range(count):
            _require(bool(rest), "fewer lines than the header says")
            line = rest.pop(0)
            _require(line.startswith("+"), f"wanted an inserted line, got {line[:40]!r}")
            is_unended = bool(rest) and rest[0] == _NO_NEWLINE
            inserted.append(line[1:] if is_unended else f"{line[1:]}\n")
            if is_unended:
                rest.pop(0)
        yield at, first, inserted


def _check_prefixes(states: list[list[str]], filename: str, *, lints: bool) -> None:
    program = "".join(states[-1])
    allowed = _problems(program, filename) if lints else Counter[tuple[str, str]]()
    for number, state in enumerate(states, 1):
        found = _problems("".join(state), filename)
        if found is None:
            raise BrokenPromiseError(f"edit {number} leaves a text that does not parse")
        if lints and allowed is not None and "noqa" not in program:
            _require(found <= allowed, f"edit {number} brings {dict(found - allowed)}")


def _problems(text: str, filename: str) -> Counter[tuple[str, str]] | None:
    """What pyflakes finds; None for a text that does not parse."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError):
            return None
    return Counter(
        (type(message).__name__, str(message.message_args))
        for message in Checker(tree, filename=filename).messages
        if any(word in type(message).__name__ for word in SERIOUS)
    )


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise BrokenPromiseError(message)


def _manifest(data: Path) -> dict[str, Any]:
    path = data.with_name(data.name + ".manifest.json")
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise LintseqError(f"{data} has no manifest ({path.name}): it is not finished") from error
    return manifest


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
