"""What the model proposes at each key while a passage is typed: asked once, for all thresholds.

What is on screen is always the passage as it was written, whether a part of it was typed or
accepted, so that what is proposed at a place does not depend on what was shown before it. The
one exception: a window that has grown too long for the model is made smaller at the first key
that is asked about, and a threshold may skip that key.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from lintseq.infer.ask import Extent, Judgement
from lintseq.infer.engine import Engine
from lintseq.infer.ghost import Ghost, write_ghost
from lintseq.infer.propose import Proposal, Rejected
from lintseq.tasks import Snapshot, cursor_task
from training.evaluate.asking import BUDGET_MS, timed
from training.evaluate.candidates import NO_CANDIDATES, Candidates, candidates_of
from training.evaluate.passages import Passage
from training.evaluate.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is proposed at a place when nothing is on screen there."""

    shown: str
    confidence: float
    lasting: int = 0
    """For so many further places it stays on screen, while its beginning is typed; 0 for what is
    right, which is accepted at once."""


@dataclass(frozen=True, slots=True)
class Key:
    """One place, and what came of asking there."""

    proposed: Proposed | None = None
    """At whatever confidence."""
    silent: str = ""
    """Why nothing is proposed."""
    ms: float = 0.0
    """From the text to what is proposed, verified."""
    candidates: Candidates = NO_CANDIDATES


@dataclass(frozen=True, slots=True)
class Replay:
    """A passage, and what came of each of its places."""

    passage: Passage
    keys: Mapping[int, Key]
    """By place."""


def ask_typing(
    engine: Engine, passages: Iterable[Passage], around: Surroundings, lines: int = 1
) -> Iterator[Replay]:
    """The passages, typed one after the other.

    Args:
        engine: holds the model.
        passages: what is typed.
        around: what stands beside the documents that the passages are in.
        lines: how many lines a proposal may have.
    """
    for passage in passages:
        yield _replay(engine, passage, around.judgement_in(passage.document), lines)


def is_right(passage: Passage, place: int, shown: str) -> bool:
    """Whether the text is what stands there up to the end of a line, but for space at its end."""
    text = "\n".join(line.rstrip() for line in shown.split("\n"))
    behind = place + len(text)
    return passage.written.startswith(text, place) and passage.written[behind : behind + 1] in (
        "",
        "\n",
    )


def _replay(engine: Engine, passage: Passage, judgement: Judgement, lines: int) -> Replay:
    keys: dict[int, Key] = {}
    snapshot: Snapshot | None = None
    for place in passage.places():
        state = passage.state(place)
        task = cursor_task(state.text, state.line, state.character, snapshot)
        ask = partial(
            write_ghost, engine, task, judgement, extent=Extent(lines, budget_ms=BUDGET_MS)
        )
        (completion, read), ms = timed(ask)
        snapshot = read or task.snapshot
        proposed = _proposed(passage, place, completion.proposals)
        keys[place] = Key(proposed, completion.silent, ms, candidates_of(completion))
    return Replay(passage, keys)


def _proposed(passage: Passage, place: int, proposals: tuple[Proposal, ...]) -> Proposed | None:
    if not proposals:
        return None
    best, state = proposals[0], passage.state(place)
    if is_right(passage, place, best.shown):
        return Proposed(best.shown, best.confidence)
    ghost = Ghost(state.text, state.offset, best.shown, best.confidence)
    return Proposed(best.shown, best.confidence, _lasting(ghost, passage, place))


def _lasting(ghost: Ghost, passage: Passage, place: int) -> int:
    """At how many of the places behind `place` something is left of the ghost."""
    count = 0
    for further in passage.places():
        if further <= place:
            continue
        state = passage.state(further)
        left = ghost.after_typing(state.text, state.offset)
        if left is None or isinstance(left.verified(), Rejected):
            break
        count += 1
    return count
