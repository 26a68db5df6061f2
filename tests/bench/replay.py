"""Typing against the real server: how soon an answer comes, and how much of it was computed.

The passage is typed twice. Over stdio with a client, at its rhythm, whether or not the answer to
the key before is there: as in an editor, a key ends the request of the one before it. And
directly into the engine, key by key, where the tokens can be counted; there every key is asked,
also one that the server would serve from what it had shown.
"""

import asyncio
import math
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from lintseq.infer.engine import Engine, start_engine
from lintseq.infer.request import Answer, Request
from lintseq.tasks import Snapshot, cursor_task
from server.work import Wanted, ghost_work
from tests.bench.engine import FILE, fixed_cursor
from tests.bench.figures import Figure, Section, percentile
from tests.bench.keystrokes import Passage, passage
from tests.server.editor import REAL_SERVER, Editor, editor

# The server's own: what is shown unasked at its default eagerness, and how much.
_USUAL = Wanted(threshold=0.5)


@dataclass(frozen=True, slots=True)
class TypingPlan:
    """How much to type."""

    keys: int = 150
    gap_s: float = 0.08
    """Median time between two keys; people take two to three times as long."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a key led to."""

    ms: float
    """From the change to the answer."""
    is_shown: bool
    is_in_time: bool
    """Whether the answer came before the next key, which ends the request."""
    until_some_ms: float
    """From the change to the first answer in time, to this key or a later one."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A session of typing over the protocol."""

    first_ms: float
    """From opening the file to its first answer: nothing of it was read before."""
    answers: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What one key cost the model, in tokens."""

    prompt: int
    evaluated: int
    """Those of the prompt that were not in the cache."""
    generated: int
    is_new_snapshot: bool


class RecordingEngine:
    """An engine that remembers the last answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.model = engine.model
        self._last: Answer | None = None

    def generate(self, request: Request, cancel: threading.Event | None = None) -> Answer:
        self._last = self._engine.generate(request, cancel)
        return self._last

    def take_answer(self) -> Answer | None:
        """The answer since this was last called, None if nothing was asked."""
        answer, self._last = self._last, None
        return answer

    def count(self, prompt: tuple[str, ...]) -> int:
        return self._engine.count(prompt)

    def close(self) -> None:
        self._engine.close()


def measure_typing(path: Path, threads: int, plan: TypingPlan) -> Section:
    """The latency and the work of typing one passage with the model at `path`."""
    cursor = fixed_cursor()
    text = cursor.path.read_bytes().decode()
    typed_passage = passage(text, cursor.line, keys=plan.keys, gap_s=plan.gap_s)
    try:
        typed = asyncio.run(type_over_stdio(typed_passage, path, threads))
    except RuntimeError as error:
        # Ctrl-C in a terminal ends the server too, and the client reports that instead.
        if isinstance(error.__context__, asyncio.CancelledError):
            raise KeyboardInterrupt from error
        raise
    work = type_into_engine(typed_passage, path, threads)
    return Section(
        "Typing",
        f"{len(typed_passage.keys)} keys in {FILE} from line {cursor.line + 1}, one every "
        f"{plan.gap_s * 1000:.0f} ms; threads: {threads}",
        (*_latencies(typed), *_tokens(work)),
    )


async def type_over_stdio(keys: Passage, path: Path, threads: int) -> Typed:
    """What each key led to in a session with the server."""
    options = {"model": str(path), "threads": threads}
    async with editor(REAL_SERVER, options=options) as session:
        started = time.perf_counter()
        session.open(keys.text)
        await session.ghost(keys.keys[0].line, 0)
        first_ms = (time.perf_counter() - started) * 1000
        return Typed(first_ms, await _type(session, keys))


async def _type(session: Editor, keys: Passage) -> tuple[Answered, ...]:
    waiting: list[asyncio.Task[tuple[float, bool]]] = []
    starts: list[float] = []
    due = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for key in keys.keys:
            due += key.wait_s
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            starts.append(time.perf_counter())
            place = (key.line, key.character)
            session.replace(place, place, key.inserted)
            waiting.append(group.create_task(_answer(session, key.after)))
    return _answered(starts, [task.result() for task in waiting])


def _answered(starts: list[float], ends: list[tuple[float, bool]]) -> tuple[Answered, ...]:
    answers: list[Answered] = []
    following = some = math.inf
    for start, (end, is_shown) in reversed(list(zip(starts, ends, strict=True))):
        is_in_time = end < following
        some = end if is_in_time else some
        answers.append(Answered((end - start) * 1000, is_shown, is_in_time, (some - start) * 1000))
        following = start
    return tuple(reversed(answers))


async def _answer(session: Editor, place: tuple[int, int]) -> tuple[float, bool]:
    shown = await session.ghost(*place)
    return time.perf_counter(), shown is not None


def type_into_engine(keys: Passage, path: Path, threads: int) -> list[Evaluated]:
    """What each key costs when it is asked as the server asks, with nothing cut short."""
    engine = RecordingEngine(start_engine(path, threads=threads))
    try:
        snapshot = _ask(engine, keys.text, (keys.keys[0].line, 0), None)
        engine.take_answer()
        work: list[Evaluated] = []
        for key, text in zip(keys.keys, keys.texts(), strict=True):
            before, snapshot = snapshot, _ask(engine, text, key.after, snapshot)
            if (answer := engine.take_answer()) is not None:
                evaluated = answer.prompt_tokens - answer.reused_tokens
                work.append(
                    Evaluated(
                        answer.prompt_tokens,
                        evaluated,
                        answer.generated_tokens,
                        snapshot is not before,
                    )
                )
        return work
    finally:
        engine.close()


def _ask(
    engine: RecordingEngine, text: str, place: tuple[int, int], snapshot: Snapshot | None
) -> Snapshot | None:
    task = cursor_task(text, *place, snapshot)
    found = ghost_work(task, _USUAL)(engine, threading.Event())
    return found.snapshot or task.snapshot


def _latencies(typed: Typed) -> tuple[Figure, ...]:
    in_time = [answer.ms for answer in typed.answers if answer.is_in_time]
    count = len(typed.answers)
    shown = sum(answer.is_shown for answer in typed.answers)
    return (
        Figure("first answer in a file just opened", typed.first_ms, "ms"),
        Figure("keys answered before the next", 100 * len(in_time) / count, "%"),
        *_percentiles("change to answer, of those", in_time),
        *_percentiles("change to some answer", [each.until_some_ms for each in typed.answers]),
        Figure("keys after which something showed", 100 * shown / count, "%"),
    )


def _percentiles(name: str, ms: list[float]) -> list[Figure]:
    return [
        Figure(f"{name}, p{percent}", percentile(ms, percent), "ms") for percent in (50, 90, 99)
    ]


def _tokens(work: list[Evaluated]) -> tuple[Figure, ...]:
    reused = sum(key.prompt - key.evaluated for key in work)
    return (
        Figure("prompt, median", median(key.prompt for key in work), "tokens"),
        Figure("evaluated per key, mean", mean(key.evaluated for key in work), "tokens"),
        Figure("evaluated per key, most", max(key.evaluated for key in work), "tokens"),
        Figure("of all prompts in the cache", 100 * reused / sum(key.prompt for key in work), "%"),
        Figure("generated per key, mean", mean(key.generated for key in work), "tokens"),
        Figure("keys with a new snapshot", 100 * mean(key.is_new_snapshot for key in work), "%"),
    )
