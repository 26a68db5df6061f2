"""The promise, over random texts, cursors and output of a model.

A proposal is the text on screen with insertions only (a stub loses its placeholder), and it lints
with nothing that the text on screen lacks.
"""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lintseq.format import Segment, Special, header
from lintseq.infer.ask import Effort, Extent, Judgement, complete, edit
from lintseq.infer.propose import Proposal
from lintseq.infer.request import Answer, Candidate, Ended, ModelInfo, Request
from lintseq.lint import lint
from lintseq.program import Lines, split_lines
from lintseq.stub import implement_task
from lintseq.tasks import EditTask, Window, cursor_task, next_edit_task
from tests.lintseq.programs import texts

PROMISE = settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
STATEMENTS = (
    *("alpha = 1", "beta = alpha", "print(alpha)", "alpha = alpha + beta", "import os as alpha"),
    *("return 1", "return alpha", "pass", "break", "raise ValueError(beta)", "# note", ""),
    *("if alpha:", "else:", "try:", "except ValueError:", "def alpha(beta):", "class alpha:"),
    *("match alpha:", "case 1:", "with alpha as beta:", "x = 'a\rb'", "x = {1: alpha,", "'''"),
)
PIECES = (
    *("alpha", "beta", "x", "len", "(", ")", "[", "]", ":", " = ", ", ", " ", "1", "_", ".", "'"),
    *("\r", "\f", "é", "\\"),
)
LINES = st.one_of(
    st.sampled_from(STATEMENTS),
    st.sampled_from(STATEMENTS),
    st.lists(st.sampled_from(PIECES), max_size=5).map("".join),
)
INDENTS = st.sampled_from(["", "", "    ", "\t", "        "])
NEWLINES = st.sampled_from(["\n", "\n", "\r\n"])


FAKE = ModelInfo("fake", Path("fake"), 1, "", 2048, "", 0, 0, {})


@dataclass(frozen=True, slots=True)
class FakeEngine:
    """Answers what it is told, whatever is asked."""

    candidates: tuple[Candidate, ...]
    model: ModelInfo = FAKE

    def generate(self, request: Request, cancel: threading.Event | None = None) -> Answer:
        del request, cancel
        return Answer(self.candidates, 1.0, 0, 0, 0, 0.0)

    def count(self, prompt: tuple[Segment, ...]) -> int:
        return len(prompt)

    def close(self) -> None:
        """Nothing runs."""


def wrote(segments: Sequence[Segment], ended: Ended) -> FakeEngine:
    return FakeEngine((Candidate(tuple(segments), (-0.1,), ended),))


@dataclass(frozen=True, slots=True)
class Screen:
    """A text while somebody types in it."""

    text: str
    offset: int
    """The cursor."""
    wanted: str
    """What stood behind the cursor on its line."""


@st.composite
def screens(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Screen:
    """A program with a line that is typed up to the cursor, and maybe one that is broken."""
    lines = [*draw(texts()), draw(st.sampled_from(["", "", "    ", "\r", "def f(alpha):\n"]))]
    if draw(st.integers(0, 3)) == 0:
        lines[draw(st.integers(0, len(lines) - 1))] = draw(LINES) + "\n"
    index = draw(st.integers(0, len(lines) - 1))
    body = lines[index].rstrip("\r\n")
    indent = len(body) - len(body.lstrip())
    cut = draw(st.one_of(st.sampled_from([0, indent, len(body)]), st.integers(0, len(body))))
    rest = body[cut:] if draw(st.integers(0, 3)) == 0 else ""
    newlines = lines[index][len(body) :]
    lines[index] = body[:cut] + rest + newlines
    return Screen("".join(lines), sum(map(len, lines[:index])) + cut, body[cut:])


def new_findings(before: str, after: str) -> Counter[tuple[str, str]]:
    old, new = (Counter((f.kind, f.name) for f in lint(text)) for text in (before, after))
    return new - old


def parses(text: str) -> bool:
    return all(finding.kind != "SyntaxError" for finding in lint(text))


def with_any_body(text: str, offset: int) -> str:
    """The text as it is, or with a body behind `offset`, whichever parses."""
    line = text[text.rfind("\n", 0, offset) + 1 :].partition("\n")[0]
    indent = line[: len(line) - len(line.lstrip())].rstrip("\r\n")
    end = text.find("\n", offset)
    before, after = (text + "\n", "") if end < 0 else (text[: end + 1], text[end + 1 :])
    bodies = ("    pass\n", f"    pass\n{indent}finally: pass\n", "    case _: pass\n")
    candidates = [text, *(f"{before}{indent}{body}{after}" for body in bodies)]
    return next((candidate for candidate in candidates if parses(candidate)), text)


def without_line(text: str, offset: int) -> str:
    lines, line = split_lines(text), text.count("\n", 0, offset)
    return "".join(lines[:line] + lines[line + 1 :])


def check_at_cursor(text: str, offset: int, proposal: Proposal) -> None:
    assert proposal.text == text[:offset] + proposal.shown + text[offset:]
    after = with_any_body(proposal.text, offset + len(proposal.shown))
    for baseline in (text, without_line(text, offset)):
        if parses(baseline):
            assert not new_findings(baseline, after)


@PROMISE
@given(screens(), st.data())
def test_at_the_cursor(screen: Screen, data: st.DataObject) -> None:
    text, offset = screen.text, screen.offset
    start = text.rfind("\n", 0, offset) + 1
    task = cursor_task(text, text.count("\n", 0, offset), offset - start)
    first = data.draw(st.one_of(st.just(screen.wanted), LINES))
    segments: list[Segment] = [first, data.draw(NEWLINES)]
    indent = data.draw(INDENTS)
    for number in range(task.line_number(), task.line_number() + data.draw(st.integers(0, 2))):
        line = f"{header(number, number + 1, 1)}+{indent}{data.draw(LINES)}"
        segments += [Special.DIFF, line + data.draw(NEWLINES)]
    completion = complete(wrote(segments, "edit"), task, Judgement(0.0), extent=Extent(3))
    for proposal in completion.proposals:
        check_at_cursor(text, offset, proposal)


def check_edits(task: EditTask, proposal: Proposal) -> None:
    lines = split_lines(task.text)
    before = ended(lines[: task.removed.start] + lines[task.removed.stop :])
    if not task.removed:
        before = ended(lines)
    for step in proposal.steps:
        after = ended(split_lines(step))
        rest = iter(after)
        assert all(line in rest for line in before)
        assert not new_findings(task.text, step)
        assert parses(step)
        assert ("\r\n" in task.text) >= ("\r\n" in step) or "\r" in task.text
        before = after
    assert proposal.text != task.text


def ended(lines: Lines) -> Lines:
    """The bodies of the lines: whether the last one has a newline is the file's business."""
    return tuple(line.rstrip("\r\n") for line in lines)


def draw_edits(task: EditTask, data: st.DataObject) -> tuple[Segment, ...]:
    """Edits at random places, each behind the one before it as often as not."""
    at, size = len(task.snapshot.before), len(task.snapshot.before) + len(task.snapshot.after)
    indent = "    " if task.forced else data.draw(INDENTS)
    segments: list[Segment] = []
    if task.forced:
        segments = [f" @@\n+{indent}{data.draw(LINES)}{data.draw(NEWLINES)}", Special.DIFF]
    for _ in range(data.draw(st.integers(0 if task.forced else 1, 2))):
        line = f"{header(at, at + 1, 1)}+{indent}{data.draw(LINES)}"
        segments += [line + data.draw(NEWLINES), Special.DIFF]
        at = data.draw(st.one_of(st.just(at + 1), st.integers(0, size + 1)))
    return (*segments, "\n", Special.DIFF)


@PROMISE
@given(screens(), st.sampled_from([30, 1000]), st.data())
def test_next_edits(screen: Screen, size: int, data: st.DataObject) -> None:
    line = screen.text.count("\n", 0, screen.offset)
    task = next_edit_task(screen.text, line, Window(size, size))
    engine = wrote(draw_edits(task, data), "sequence")
    for proposal in edit(engine, task, Judgement(), Effort()).proposals:
        check_edits(task, proposal)


STUBS = (
    "def f(alpha):\n    pass",
    "def f(alpha):\n    '''Do.'''",
    "def f(alpha):\n    '''Do.'''\n    raise NotImplementedError",
    "def f(\n    alpha): pass",
    "def f(alpha):\n    '''Do.'''; pass",
)


@PROMISE
@given(texts(), st.sampled_from(STUBS), texts(), st.data())
def test_implemented_stubs(above: Lines, stub: str, below: Lines, data: st.DataObject) -> None:
    top = "".join(above).removesuffix("\n") + "\n"
    newline = "\r\n" if "\r\n" in top else "\n"
    text = f"{top}{stub.replace(chr(10), newline)}{newline}" + "".join(below)
    if data.draw(st.booleans()):
        text = text.rstrip("\n").rstrip("\r")
    task = implement_task(text, top.count("\n"))
    if task is None:
        return
    engine = wrote(draw_edits(task, data), "sequence")
    for proposal in edit(engine, task, Judgement(), Effort()).proposals:
        check_edits(task, proposal)
