"""A model of fill-in-the-middle behind the requests of a model of edits."""

import threading
from pathlib import Path

import pytest

from lintseq.format import Segment, Special, text_of
from lintseq.infer.engine import Answer, Candidate, Engine, Request, start_engine
from lintseq.infer.request import Ended, ModelInfo
from lintseq.infer.written import written_at_cursor
from lintseq.tasks import CursorTask, cursor_task, next_edit_task
from tests.infer.tiny_model import TinyModel, write_tiny_model
from tests.training.evaluate.oracle import documents
from training.evaluate.cursors import random_cursors
from training.evaluate.fill_in_the_middle import FillInTheMiddle, speaking
from training.evaluate.lines import ask_lines
from training.evaluate.surroundings import Surroundings

DIFF, END = Special.DIFF, Special.END
TEXT = "def area(r):\n    pi = 3.14\n    return pi * r\n"


class Middle:
    """Writes one text, and keeps what it was asked."""

    def __init__(self, *segments: Segment, ended: Ended) -> None:
        self.model = ModelInfo("m", Path("m"), 1, "pyflakes", 512, "F32", 1, 1, {})
        self.asked: list[Request] = []
        self._candidate = Candidate(segments, (-0.5,) * 3, ended)

    def generate(self, request: Request, cancel: threading.Event | None = None) -> Answer:
        del cancel
        self.asked.append(request)
        return Answer((self._candidate,), 0.25, 1, 0, 3, 1.0)

    def count(self, prompt: tuple[Segment, ...]) -> int:
        return len(prompt)

    def close(self) -> None:
        pass


def request_of(task: CursorTask, lines: int = 1) -> Request:
    return Request(task.prompt(), task.forced(), lines=lines, line_number=task.line_number())


def filled(task: CursorTask, middle: Middle, lines: int = 1) -> tuple[str | None, Candidate]:
    answer = FillInTheMiddle(middle).generate(request_of(task, lines))
    return written_at_cursor(task, answer.candidates[0]), answer.candidates[0]


@pytest.mark.parametrize(
    ("line", "character", "before", "after"),
    [
        (1, 4, "def area(r):\n", "    return pi * r\n"),
        (0, 0, "", "    pi = 3.14\n    return pi * r\n"),
        (2, 11, "def area(r):\n    pi = 3.14\n", ""),
        (3, 0, TEXT, ""),
    ],
)
def test_what_the_model_reads(line: int, character: int, before: str, after: str) -> None:
    lines = TEXT.split("\n")
    lines[line] = lines[line][:character]
    middle = Middle("x", ended="until")
    filled(cursor_task("\n".join(lines), line, character), middle)
    (asked,) = middle.asked
    assert asked.prompt == ("\n", DIFF, before, DIFF, after, DIFF)
    assert asked.forced == lines[line]
    assert (asked.stop, asked.until) == ("text", ("\n",))


def test_lines_typed_since_the_snapshot_are_read_too() -> None:
    first = cursor_task("a = 1\n", 1, 0)
    typed = cursor_task("a = 1\nb = 2\nc", 2, 1, first.snapshot)
    middle = Middle("x", ended="until")
    filled(typed, middle)
    assert middle.asked[0].prompt == ("\n", DIFF, "a = 1\nb = 2\n", DIFF, "", DIFF)
    assert middle.asked[0].forced == "c"


@pytest.mark.parametrize(
    ("segments", "ended", "lines", "shown", "said"),
    [
        (("i = 3.14",), "until", 1, "i = 3.14", "edit"),
        (("i = 3.14\n", END), "sequence", 1, "i = 3.14", "edit"),
        (("i = 3", END), "sequence", 2, "i = 3", "sequence"),
        (("i = 3\n    b = 1\n    c = 2\n    d",), "tokens", 2, "i = 3\n    b = 1", "edit"),
        (("i = 3\n    b",), "tokens", 3, "i = 3", "tokens"),
        (("i = 3",), "tokens", 1, None, "tokens"),
        ((), "cancelled", 1, None, "cancelled"),
    ],
)
def test_what_it_writes(
    segments: tuple[Segment, ...], ended: Ended, lines: int, shown: str | None, said: Ended
) -> None:
    task = cursor_task("def area(r):\n    p\n", 1, 5)
    written, candidate = filled(task, Middle(*segments, ended=ended), lines)
    assert (written, candidate.ended) == (shown, said)


def test_how_sure_it_is_that_something_is_missing_is_not_known() -> None:
    answer = FillInTheMiddle(Middle("x", ended="until")).generate(request_of(cursor_task("", 0, 0)))
    assert answer.p_edit == 1.0


def test_it_writes_no_sequences() -> None:
    task = next_edit_task(TEXT, 1)
    engine = FillInTheMiddle(Middle("x", ended="until"))
    with pytest.raises(ValueError, match="at a known line only"):
        engine.generate(Request(task.prompt(), stop="edits"))


def test_forms() -> None:
    engine: Engine = Middle("x", ended="until")
    assert speaking(engine, "edits") is engine
    assert isinstance(speaking(engine, "fim"), FillInTheMiddle)
    with pytest.raises(ValueError, match="got 'diff'"):
        speaking(engine, "diff")


def test_a_real_engine_spells_the_begun_word(tmp_path: Path) -> None:
    path = write_tiny_model(tmp_path / "tiny.gguf", TinyModel(newline_bias=0.5, context=512))
    engine = start_engine(path, threads=1)
    try:
        prompt: tuple[Segment, ...] = ("\n", DIFF, "import os\n", DIFF, "", DIFF)
        for forced in ("impor", "x = os.pa", "    x", "1"):
            (candidate,) = engine.generate(
                Request(prompt, forced, stop="text", max_tokens=20)
            ).candidates
            assert candidate.logprobs
            # New characters only: what was forced is not written again.
            assert not text_of(candidate.segments).startswith(forced)
        cursors = random_cursors(documents(2), 6, seed=0)
        outcomes = list(ask_lines(speaking(engine, "fim"), cursors, Surroundings(), 2))
        assert len(outcomes) == 6
    finally:
        engine.close()
