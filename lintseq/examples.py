"""Examples of every task, made from a program: what was there is the answer.

Each maker takes the lines of a program and a random generator and gives one example, or None
where the program has nothing of the kind. The prompts are those of `lintseq.tasks`, so that the
model is trained on exactly what the editor asks.
"""

import ast
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lintseq.described import Described, described_functions
from lintseq.errors import LimitError
from lintseq.format import Segment, Special, Transcript, render, render_edit
from lintseq.program import Edit, Hunk, Lines
from lintseq.repair import import_place, repair_instruction, repair_snapshot
from lintseq.sample import sample_edits
from lintseq.syntax import counts_lines_alike, first_line, parse_module
from lintseq.tasks import Snapshot, Window, state_prompt, take_snapshot

NOTHING = ("\n", Special.DIFF, Special.END)
_LINES_ASKED = 8


@dataclass(frozen=True, slots=True)
class Example:
    """What the model reads, and what it should write behind it."""

    task: str
    prompt: tuple[Segment, ...]
    answer: tuple[Segment, ...]


Maker = Callable[[Lines, random.Random, Window], Example | None]


def cursor(lines: Lines, rng: random.Random, window: Window) -> Example | None:
    """A few missing lines at a random cursor, one edit a line, as somebody would type them.

    Some cursors stand in front of something on their line, which the state has as the first
    line behind the cursor. Where much is missing, only the beginning is asked for.
    """
    start = _code_line(lines, rng)
    if start is None:
        return None
    stop = start + 1 if rng.random() < 0.4 else _end_of_block(lines, start, rng)
    missing, rest = lines[start:stop], lines[stop:]
    if len(missing) == 1 and rng.random() < 0.6:
        missing, rest = _split_suffix(missing[0], rest, rng)
    snapshot = take_snapshot(lines[:start], rest, window)
    typed = rng.randrange(1, 5) if rng.random() < 0.3 else 0
    snapshot, typed_lines = _move_back(snapshot, typed)
    at = len(snapshot.before) + len(typed_lines)
    edits = tuple(Edit((Hunk(at + n, (line,)),)) for n, line in enumerate(missing))
    answer = _answer(edits)
    if len(edits) > _LINES_ASKED:
        answer = answer[: 2 * _LINES_ASKED]
    return Example("cursor", state_prompt(snapshot, typed_lines), answer)


def block(lines: Lines, rng: random.Random, window: Window) -> Example | None:
    """A missing block at an empty place, as one edit whose length is the model's to say."""
    start = _code_line(lines, rng)
    if start is None:
        return None
    stop = _end_of_block(lines, start, rng)
    snapshot = take_snapshot(lines[:start], lines[stop:], window)
    edit = Edit((Hunk(len(snapshot.before), lines[start:stop]),))
    return Example("block", state_prompt(snapshot), _answer((edit,)))


def implement(lines: Lines, rng: random.Random, window: Window) -> Example | None:
    """The missing body of a described function: its description in front, its edits behind."""
    functions = described_functions(lines)
    return implement_one(lines, rng.choice(functions), rng, window) if functions else None


def implement_one(lines: Lines, function: Described, rng: random.Random, window: Window) -> Example:
    """The same for one of the functions of a program."""
    start, stop = function.start, function.stop
    snapshot = take_snapshot(lines[:start], lines[stop:], window)
    at = len(snapshot.before)
    if rng.random() < 0.5:
        edits: tuple[Edit, ...] = (Edit((Hunk(at, lines[start:stop]),)),)
    else:
        edits = _body_edits(lines[function.first : stop], start - function.first, at, rng)
    prompt = state_prompt(snapshot, instruction=function.instruction)
    return Example("implement", prompt, _answer(edits))


def repair(lines: Lines, rng: random.Random, window: Window) -> Example | None:
    """An import that is missing behind the others; the state shows one use of its name."""
    found = [
        (node, alias)
        for node in _tree(lines[: import_place(lines)])
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if alias.name != "*"
    ]
    if not found:
        return None
    node, alias = rng.choice(found)
    name = (alias.asname or alias.name).split(".")[0]
    kept = lines[: node.lineno - 1] + lines[node.end_lineno :]
    place = import_place(kept)
    word = re.compile(rf"\b{re.escape(name)}\b")
    uses = [at for at in range(place, len(kept)) if word.search(kept[at])]
    if not uses:
        return None
    snapshot = repair_snapshot(kept, place, rng.choice(uses), window)
    edit = Edit((Hunk(len(snapshot.before), (_import_line(node, alias),)),))
    prompt = state_prompt(snapshot, instruction=repair_instruction(name))
    return Example("repair", prompt, _answer((edit,)))


def nothing_missing(lines: Lines, rng: random.Random, window: Window) -> Example | None:
    """A program in which nothing is missing at a random cursor; the answer is the empty edit."""
    if not lines:
        return None
    cut = rng.randrange(len(lines) + 1)
    return Example(
        "nothing", state_prompt(take_snapshot(lines[:cut], lines[cut:], window)), NOTHING
    )


def sequence(lines: Lines, rng: random.Random, window: Window) -> Example | None:
    """A whole small program or a run of its top-level statements, as a LintSeq sequence."""
    part = _some_statements(lines, rng, window.before + window.after)
    if not part:
        return None
    try:
        edits = sample_edits(part, rng, keep_findings=True)
    except LimitError:
        return None
    segments = render(Transcript("", edits))
    return Example("sequence", segments[:2], segments[2:])


def source(lines: Lines, rng: random.Random, window: Window) -> Example | None:
    """A stretch of a program as one insertion: plain source in the form of the transcript."""
    if not lines:
        return None
    start = rng.randrange(len(lines))
    size = window.before + window.after
    part = take_snapshot((), lines[start:], Window(after=size)).after
    if not part:
        return None
    return Example("source", ("\n", Special.DIFF), _answer((Edit((Hunk(0, part),)),)))


MAKERS: Mapping[str, Maker] = {
    "cursor": cursor,
    "block": block,
    "implement": implement,
    "repair": repair,
    "nothing": nothing_missing,
    "sequence": sequence,
    "source": source,
}


def _answer(edits: tuple[Edit, ...]) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    for edit in edits:
        segments += [render_edit(edit), Special.DIFF]
    return (*segments, *NOTHING)


def _body_edits(function: Lines, fixed: int, at: int, rng: random.Random) -> tuple[Edit, ...]:
    """A LintSeq sequence of the body, whose first line stands behind line `at` of the state."""
    # A method is indented: under a header of its own it parses.
    wrapped = ("if True:\n", *function) if function[0][0].isspace() else function
    fixed += len(wrapped) - len(function)
    try:
        sampled = sample_edits(wrapped, rng, keep_findings=True, fixed=fixed)
    except LimitError:
        return (Edit((Hunk(at, wrapped[fixed:]),)),)
    return tuple(
        Edit(tuple(Hunk(hunk.at + at - fixed, hunk.lines) for hunk in edit.hunks))
        for edit in sampled.edits
    )


def _import_line(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    if isinstance(node, ast.Import):
        alone: ast.stmt = ast.Import([alias])
    else:
        alone = ast.ImportFrom(node.module, [alias], node.level)
    return ast.unparse(alone) + "\n"


def _code_line(lines: Lines, rng: random.Random) -> int | None:
    code = [index for index, line in enumerate(lines) if line.strip()]
    return rng.choice(code) if code else None


def _geometric(rng: random.Random, p_more: float) -> int:
    count = 0
    while rng.random() < p_more:
        count += 1
    return count


def _split_suffix(line: str, rest: Lines, rng: random.Random) -> tuple[Lines, Lines]:
    """The line cut in two as an editor cuts it: what follows the cursor goes to the rest."""
    body = line.rstrip("\n")
    first = len(body) - len(body.lstrip())
    if len(body) - first < 2:
        return (line,), rest
    cut = rng.randrange(first + 1, len(body))
    # Closing brackets and quotes are what editors put behind a cursor by themselves.
    closing = [at for at in range(first + 1, len(body)) if body[at] in ")]}\"':"]
    if closing and rng.random() < 0.6:
        cut = rng.choice(closing)
    if not body[cut:].strip():
        return (line,), rest
    return (body[:cut] + "\n",), (line[cut:], *rest)


def _move_back(snapshot: Snapshot, count: int) -> tuple[Snapshot, Lines]:
    """The same state with its last `count` lines before the cursor typed since the snapshot."""
    cut = max(len(snapshot.before) - count, 0)
    before, typed = snapshot.before[:cut], snapshot.before[cut:]
    return Snapshot(snapshot.first, before, snapshot.after), typed


def _end_of_block(lines: Lines, start: int, rng: random.Random) -> int:
    """The end of a stretch that begins at `start`: up to where its indentation ends, at most."""
    indent = len(lines[start]) - len(lines[start].lstrip())
    longest = min(len(lines), start + 2 + _geometric(rng, 0.8))
    stop = start + 1
    while stop < longest:
        line = lines[stop]
        if line.strip() and len(line) - len(line.lstrip()) < indent:
            break
        stop += 1
    while stop > start + 1 and not lines[stop - 1].strip():
        stop -= 1
    return stop


def _tree(lines: Lines) -> list[ast.stmt]:
    """The top-level statements; none for a text that Python counts or parses otherwise."""
    text = "".join(lines)
    tree = parse_module(text) if counts_lines_alike(text) else None
    return tree.body if tree else []


def _some_statements(lines: Lines, rng: random.Random, budget: int) -> Lines:
    """Top-level statements in a row from a random one on, of at most `budget` characters."""
    statements = _tree(lines)
    if not statements:
        return ()
    begin = rng.randrange(len(statements))
    start = stop = first_line(statements[begin])
    for statement in statements[begin:]:
        end = statement.end_lineno or statement.lineno
        if sum(map(len, lines[start:end])) > budget:
            break
        stop = end
    return lines[start:stop]
