"""The same typing in this process, key by key, where the model's tokens can be counted.

The model is asked as the server asks it: what is left of a shown text is served from it, and
nothing is asked in a comment. Behind each request a plain llama.cpp loop does the same tokens, so
that what else the machine does meets both.
"""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lintseq.format import Segment
from lintseq.imports.known import Surroundings
from lintseq.infer.engine import Engine, start_engine
from lintseq.infer.ghost import THRESHOLDS, Ghost
from lintseq.infer.llama import Model
from lintseq.infer.request import Answer, Request
from lintseq.infer.vocabulary import Vocabulary
from lintseq.lexical import place_at
from lintseq.tasks import Snapshot, cursor_task
from server.work import Wanted, ghost_work
from tests.bench.keystrokes import Keystroke
from tests.bench.raw import RawLoop
from tests.bench.trace import Trace

# What is shown unasked by default.
_USUAL = Wanted(threshold=THRESHOLDS["normal"], where=Surroundings())


@dataclass(frozen=True, slots=True)
class Asked:
    """What a key for which the model was asked cost: tokens, and milliseconds."""

    prompt: int
    evaluated: int
    """Those of the prompt that were not in the cache."""
    generated: int
    is_new_snapshot: bool
    engine_ms: float
    """The request, in the model's process and back."""
    again_ms: float
    """The second request, for others where the first answer may not be shown; 0 without one."""
    whole_ms: float
    """With the prompt's making and the verdict on the answer."""
    raw_ms: float
    """The plain loop, for the same tokens."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """A trace in this process."""

    keys: int
    asked: tuple[Asked, ...]


class RecordingEngine:
    """An engine that remembers requests, their answers and what they took."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.model = engine.model
        self._asked: list[tuple[Request, Answer, float]] = []

    def generate(self, request: Request, cancel: threading.Event | None = None) -> Answer:
        started = time.perf_counter()
        answer = self._engine.generate(request, cancel)
        self._asked.append((request, answer, (time.perf_counter() - started) * 1000))
        return answer

    def take(self) -> list[tuple[Request, Answer, float]]:
        """What was asked since, each with its answer and its milliseconds."""
        asked, self._asked = self._asked, []
        return asked

    def count(self, prompt: tuple[Segment, ...]) -> int:
        return self._engine.count(prompt)

    def close(self) -> None:
        self._engine.close()


def replay(traces: Iterable[Trace], path: Path, threads: int) -> list[Replayed]:
    """Each trace with the model at `path`, nothing cut short."""
    engine = RecordingEngine(start_engine(path, threads=threads))
    model = Model(path)
    loop = RawLoop(model, tokens=engine.model.context, threads=threads)
    try:
        return [_Typist(engine, loop, Vocabulary(model)).type(trace) for trace in traces]
    finally:
        engine.close()
        loop.close()


class _Typist:
    def __init__(self, engine: RecordingEngine, loop: RawLoop, vocabulary: Vocabulary) -> None:
        self._engine = engine
        self._loop = loop
        self._vocabulary = vocabulary
        self._snapshot: Snapshot | None = None
        self._ghost: Ghost | None = None

    def type(self, trace: Trace) -> Replayed:
        # Whoever opens a file is served once before the first key, as over stdio.
        first = trace.keys[0]
        self._ask(trace.text, (first.line, 0))
        asked = [
            cost
            for key, text in zip(trace.keys, trace.texts(), strict=True)
            if (cost := self._press(key, text)) is not None
        ]
        return Replayed(len(trace.keys), tuple(asked))

    def _press(self, key: Keystroke, text: str) -> Asked | None:
        line, character = key.after
        offset = sum(len(each) + 1 for each in text.split("\n")[:line]) + character
        self._ghost = self._ghost.after_typing(text, offset) if self._ghost else None
        # Right after a deletion, and in a comment, nothing is asked.
        if self._ghost or key.removed or place_at(text, offset) == "comment":
            return None
        return self._ask(text, key.after)

    def _ask(self, text: str, place: tuple[int, int]) -> Asked | None:
        started = time.perf_counter()
        task = cursor_task(text, *place, self._snapshot)
        found = ghost_work(task, _USUAL)(self._engine, threading.Event())
        whole_ms = (time.perf_counter() - started) * 1000
        if found.proposals:
            best = found.proposals[0]
            self._ghost = Ghost(text, task.offset, best.shown, best.confidence)
        before, self._snapshot = self._snapshot, found.snapshot or task.snapshot
        if not (requests := self._engine.take()):
            return None
        (request, answer, engine_ms), *again = requests
        tokens = self._vocabulary.tokens((*request.prompt, request.forced))
        raw_s = self._loop.same(tokens, answer.reused_tokens, answer.generated_tokens)
        return Asked(
            prompt=answer.prompt_tokens,
            evaluated=answer.prompt_tokens - answer.reused_tokens,
            generated=answer.generated_tokens,
            is_new_snapshot=self._snapshot is not before,
            engine_ms=engine_ms,
            again_ms=sum(ms for _, _, ms in again),
            whole_ms=whole_ms,
            raw_ms=raw_s * 1000,
        )
