"""What the engine's thread does for each kind of request; no editor and no event loop here."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from lintseq.definition import definition_task
from lintseq.imports.known import Surroundings
from lintseq.infer.ask import Completion, Effort, Extent, Judgement, edit
from lintseq.infer.calibration import calibration_beside
from lintseq.infer.engine import Engine
from lintseq.infer.fix import (
    import_fixes,
    misspelt,
    needed_imports,
)
from lintseq.infer.ghost import TOO_LONG, Ghost, write_ghost
from lintseq.infer.locality import locality_beside
from lintseq.infer.needed import is_fixed
from lintseq.infer.propose import Proposal, Rejected
from lintseq.infer.request import PromptTooLong
from lintseq.infer.trial import Trial, run_trials
from lintseq.instruct import instruct_tasks
from lintseq.repair import repair_task
from lintseq.sandbox.run import Sandbox
from lintseq.stub import implement_task
from lintseq.tasks import CursorTask, EditTask, Snapshot, Window, next_edit_task, windows

SAMPLES = 8
_NEXT_EDIT = Effort(steps=1)
_IMPLEMENT = Effort(samples=SAMPLES)
_TRIALS_S = 15.0


@dataclass(frozen=True, slots=True)
class Found:
    """Verified proposals, best first; with none, the reason why not."""

    proposals: tuple[Proposal, ...] = ()
    reason: str = ""
    snapshot: Snapshot | None = None
    """For a cursor: the state that the model has read."""
    passed: int = 0
    """How many examples and tests the proposals have passed."""


@dataclass(frozen=True, slots=True)
class Check:
    """What candidates have to pass, and where they are run."""

    trial: Trial
    sandbox: Sandbox


Work = Callable[[Engine, threading.Event], Found]
Where = Surroundings | None
"""From where imports that come with a proposal may be known; None brings none along."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a text behind the cursor may be."""

    threshold: float = 0.0
    """The confidence, from 0 to 1, below which nothing is shown; by default it is verified only."""
    extent: Extent = field(default_factory=Extent)
    """How much it may be, and how long it may take."""
    where: Surroundings | None = None
    """From where imports that come with it may be known; None brings none along."""
    nearby: Callable[[], tuple[str, ...]] | None = tuple
    """What gives the other texts that it may repeat, the nearest first; with None it repeats
    nothing, not even what stands in the file."""
    unwanted: frozenset[str] = frozenset()
    """Whole lines, without the space around them, that it must not lead to."""


def ghost_work(task: CursorTask, wanted: Wanted) -> Work:
    """Completes the task, or the same one with less text around where that is too long."""

    def work(engine: Engine, stop: threading.Event) -> Found:
        judgement = _judgement(engine, wanted.threshold, wanted.where)
        if wanted.nearby is not None:
            locality = locality_beside(engine.model.path)
            judgement = replace(judgement, others=wanted.nearby(), locality=locality)
        completion, snapshot = write_ghost(engine, task, judgement, stop, wanted.extent)
        found = _found(completion, snapshot)
        wanted_ones = tuple(p for p in found.proposals if _line_of(task, p) not in wanted.unwanted)
        if found.proposals and not wanted_ones:
            return Found((), "what is missing here was rejected before", snapshot)
        return replace(found, proposals=wanted_ones)

    return work


def _line_of(task: CursorTask, proposal: Proposal) -> str:
    """The line of the cursor as the proposal completes it."""
    first, *more = proposal.shown.split("\n")
    return f"{task.prefix}{first}{'' if more else task.suffix}".strip()


def leftover_work(ghost: Ghost) -> Work:
    """Verifies what is left of a shown text, on the text as it is now."""

    def work(_engine: Engine, _stop: threading.Event) -> Found:
        verdict = ghost.verified()
        if isinstance(verdict, Rejected):
            return Found((), f"suppressed: {verdict.reason}")
        return Found((verdict,))

    return work


def implement_work(text: str, line: int, where: Where = None, samples: int = SAMPLES) -> Work:
    """Writes the body of the stub at `line` (from 0), the best of so many candidates."""
    effort = replace(_IMPLEMENT, samples=samples)
    return _edit_work(lambda window: implement_task(text, line, window), effort, where)


def next_edit_work(text: str, line: int, where: Where = None) -> Work:
    """Finds the edit that is missing, seen from `line` (from 0)."""
    return _edit_work(lambda window: next_edit_task(text, line, window), _NEXT_EDIT, where)


def checked_work(work: Work, check: Check) -> Work:
    """The same work, of whose proposals only those that pass are kept."""

    def checked(engine: Engine, stop: threading.Event) -> Found:
        found = work(engine, stop)
        if not found.proposals:
            return found
        deadline = time.monotonic() + _TRIALS_S
        passed, failure = run_trials(
            found.proposals,
            check.trial,
            check.sandbox,
            lambda: stop.is_set() or time.monotonic() > deadline,
        )
        if passed:
            return replace(found, proposals=passed, passed=check.trial.count)
        count = len(found.proposals)
        return Found((), f"of {count} clean candidates none passes {check.trial.name}: {failure}")

    return checked


def import_work(text: str, line: int, name: str, where: Surroundings) -> Work:
    """Imports the undefined `name` used at `line` (from 0)."""
    by_model = _edit_work(lambda window: repair_task(text, line, name, window), _IMPLEMENT, None)

    def work(engine: Engine, stop: threading.Event) -> Found:
        fixes = import_fixes(text, line, name, where, lambda: by_model(engine, stop).proposals)
        return Found(fixes, "" if fixes else f"no import is known that brings {name!r}")

    return work


def define_work(text: str, line: int, name: str) -> Work:
    """Assigns something to the undefined `name` used at `line` (from 0), unless it is misspelt."""
    by_model = _edit_work(
        lambda window: definition_task(text, line, name, window), _IMPLEMENT, None
    )

    def work(engine: Engine, stop: threading.Event) -> Found:
        if other := misspelt(text, name):
            return Found((), f"{name!r} looks like {other!r} misspelt, and is not defined")
        found = by_model(engine, stop)
        fixes = tuple(each for each in found.proposals if is_fixed(text, each.text, name))
        return Found(fixes, "" if fixes else found.reason or f"nothing clean defines {name!r}")

    return work


def imports_work(text: str, imports: Sequence[str]) -> Work:
    """Inserts the import lines that a text just accepted needs; verified on the text as it is."""

    def work(_engine: Engine, _stop: threading.Event) -> Found:
        fixes = needed_imports(text, imports)
        return Found((fixes,)) if fixes else Found((), "nothing here needs the import")

    return work


def instruct_work(text: str, words: str, selected: range, where: Where = None) -> Work:
    """Does what the words say, for the selected lines or at a place (lines from 0)."""

    def work(engine: Engine, stop: threading.Event) -> Found:
        found = Found((), TOO_LONG)
        # How many ways there are to ask does not depend on the window.
        for way, _ in enumerate(instruct_tasks(text, words, selected)):
            task = _instruct_task(text, words, selected, way)
            found = _edit_work(task, _IMPLEMENT, where)(engine, stop)
            if found.proposals or stop.is_set():
                break
        return found

    return work


def _instruct_task(
    text: str, words: str, selected: range, way: int
) -> Callable[[Window], EditTask]:
    return lambda window: [*instruct_tasks(text, words, selected, window)][way]


def _edit_work(
    make_task: Callable[[Window], EditTask | None], effort: Effort, where: Where
) -> Work:
    def work(engine: Engine, stop: threading.Event) -> Found:
        judgement = _judgement(engine, 0.0, where)
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


def _judgement(engine: Engine, threshold: float, where: Where) -> Judgement:
    return Judgement(threshold, calibration_beside(engine.model.path), where)


def _found(completion: Completion, snapshot: Snapshot | None) -> Found:
    return Found(completion.proposals, completion.silent, snapshot)
