import threading
from pathlib import Path

import pytest

from lintseq.format import Segment, text_of
from lintseq.infer.ask import Completion, Judgement
from lintseq.infer.engine import Answer, Candidate, ModelInfo, PromptTooLong, Request
from lintseq.infer.ghost import TOO_LONG, Ghost, write_ghost
from lintseq.infer.propose import Proposal, Rejected
from lintseq.tasks import cursor_task

BEFORE = "if ready:\n    \n"
SHOWN = "go()\r\n    stop()"
GHOST = Ghost(BEFORE, 14, SHOWN, 0.9)


def typed(text: str) -> str:
    return BEFORE[:14] + text + BEFORE[14:]


@pytest.mark.parametrize("count", range(len(SHOWN)))
def test_what_is_left_after_typing_along(count: int) -> None:
    left = GHOST.after_typing(typed(SHOWN[:count]), 14 + count)
    assert left == Ghost(typed(SHOWN[:count]), 14 + count, SHOWN[count:], 0.9)
    # What is left goes on in the same way.
    further = min(count + 3, len(SHOWN) - 1)
    assert left.after_typing(typed(SHOWN[:further]), 14 + further) == Ghost(
        typed(SHOWN[:further]), 14 + further, SHOWN[further:], 0.9
    )


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        (typed(SHOWN), 14 + len(SHOWN)),  # all of it was typed
        (typed("x"), 15),
        (typed("go"), 15),  # the cursor went back
        (BEFORE, 13),
        (BEFORE + "x = 1\n", 14),  # something else changed too
        ("", 0),
    ],
)
def test_nothing_is_left_otherwise(text: str, offset: int) -> None:
    assert GHOST.after_typing(text, offset) is None


def test_what_is_left_is_linted_where_it_stands() -> None:
    text = "ready = 1\nprint(\n"
    assert isinstance(Ghost(text, len("ready = 1\nprint("), "ready)", 0.9).verified(), Proposal)
    assert isinstance(Ghost(text, len("ready = 1\nprint("), "steady)", 0.9).verified(), Rejected)


def test_a_prompt_that_is_too_long_is_asked_with_less_around_it() -> None:
    task = cursor_task("a = 1\n" * 300 + "x = ", 300, 4)
    engine = Short(500)
    completion, snapshot = write_ghost(engine, task, Judgement(0.0))
    assert completion.proposals[0].shown == "a"
    assert snapshot is not None
    assert 0 < len(snapshot.before) < len(task.snapshot.before)
    assert 250 < engine.read <= 500


def test_a_prompt_that_is_always_too_long() -> None:
    task = cursor_task("a = 1\n" * 300 + "x = ", 300, 4)
    assert write_ghost(Short(5), task, Judgement(0.0)) == (Completion(silent=TOO_LONG), None)


class Short:
    """Reads at most so many characters, and writes `a`."""

    model = ModelInfo("short", Path("short.gguf"), 1, "pyflakes", 9, "F32", 1, 1, {})

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self.read = 0

    def generate(self, request: Request, cancel: threading.Event | None = None) -> Answer:
        del cancel
        if self.count(request.prompt) > self._longest:
            raise PromptTooLong("too long")
        self.read = self.count(request.prompt)
        return Answer((Candidate(("a\n",), (-0.1,), "edit"),), 1.0, 1, 0, 1, 1.0)

    def count(self, prompt: tuple[Segment, ...]) -> int:
        return len(text_of(prompt))

    def close(self) -> None:
        pass
