"""What the engine's thread does for each kind of request; no editor and no event loop here."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from lintseq.infer.ask import Completion, Effort, Judgement, edit
from lintseq.infer.calibration import calibration_beside
from lintseq.infer.engine import Engine
from lintseq.infer.ghost import TOO_LONG, Ghost, write_ghost
from lintseq.infer.propose import Proposal, Rejected
from lintseq.infer.request import PromptTooLong
from lintseq.instruct import instruct_tasks
from lintseq.stub import implement_task
from lintseq.tasks import CursorTask, EditTask, Snapshot, Window, next_edit_task, windows

_NEXT_EDIT = Effort(steps=1)
_IMPLEMENT = Effort()


@dataclass(frozen=True, slots=True)
class Found:
    """Verified proposals, best first; with none, the reason why not."""

    proposals: tuple[Proposal, ...] = ()
    reason: str = ""
    snapshot: Snapshot | None = None
    """For a cursor: the state that the model has read."""


Work = Callable[[Engine, threading.Event], Found]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a text behind the cursor may be."""

    threshold: float = 0.0
    """The confidence, from 0 to 1, below which nothing is shown; by default it is verified only."""
    lines: int = 1
    """How many lines it may have."""
    budget_ms: int = 2000
    """How long it may take."""


def ghost_work(task: CursorTask, wanted: Wanted) -> Work:
    """Completes the task, or the same one with less text around where that is too long."""

    def work(engine: Engine, stop: threading.Event) -> Found:
        judgement = Judgement(wanted.threshold, calibration_beside(engine.model.path))
        completion, snapshot = write_ghost(
            engine, task, judgement, stop, lines=wanted.lines, budget_ms=wanted.budget_ms
        )
        return _found(completion, snapshot)

    return work


def leftover_work(ghost: Ghost) -> Work:
    """Verifies what is left of a shown text, on the text as it is now."""

    def work(_engine: Engine, _stop: threading.Event) -> Found:
        verdict = ghost.verified()
        if isinstance(verdict, Rejected):
            return Found((), f"suppressed: {verdict.reason}")
        return Found((verdict,))

    return work


def implement_work(text: str, line: int) -> Work:
    """Writes the body of the stub at `line` (from 0)."""
    return _edit_work(lambda window: implement_task(text, line, window), _IMPLEMENT)


def next_edit_work(text: str, line: int) -> Work:
    """Finds the edit that is missing, seen from `line` (from 0)."""
    return _edit_work(lambda window: next_edit_task(text, line, window), _NEXT_EDIT)


def instruct_work(text: str, words: str, selected: range) -> Work:
    """Does what the words say, for the selected lines or at a place (lines from 0)."""

    def work(engine: Engine, stop: threading.Event) -> Found:
        found = Found((), TOO_LONG)
        # How many ways there are to ask does not depend on the window.
        for way, _ in enumerate(instruct_tasks(text, words, selected)):
            found = _edit_work(_instruct_task(text, words, selected, way), _IMPLEMENT)(engine, stop)
            if found.proposals or stop.is_set():
                break
        return found

    return work


def _instruct_task(
    text: str, words: str, selected: range, way: int
) -> Callable[[Window], EditTask]:
    return lambda window: [*instruct_tasks(text, words, selected, window)][way]


def _edit_work(make_task: Callable[[Window], EditTask | None], effort: Effort) -> Work:
    def work(engine: Engine, stop: threading.Event) -> Found:
        judgement = Judgement(0.0, calibration_beside(engine.model.path))
        for window in windows():
            task = make_task(window)
            if task is None:
                return Found((), "no function waits for its body here")
            try:
                return _found(edit(engine, task, judgement, effort, stop), None)
            except PromptTooLong:
                continue
        return Found((), TOO_LONG)

    return work


def _found(completion: Completion, snapshot: Snapshot | None) -> Found:
    return Found(completion.proposals, completion.silent, snapshot)
