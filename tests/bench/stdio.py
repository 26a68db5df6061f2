"""Typing against the real server over stdio, at a human rhythm: how soon an answer comes.

A key comes whether or not the answer to the one before it is there: as in an editor, it ends the
request of the one before it.
"""

import asyncio
import math
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.bench.trace import Trace
from tests.server.editor import REAL_SERVER, Editor, editor

_SETTLE_S = 2.0


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
    idle_cpu: float
    """Of one core, when nobody types."""
    rss_mb: float
    """Resident memory of the server and its model, each counted whole."""
    pss_mb: float
    """The same with shared pages counted once."""


async def type_over_stdio(trace: Trace, path: Path, threads: int, rest_s: float) -> Typed:
    """What each key led to in a session with the server, and what it takes then."""
    options = {"model": str(path), "threads": threads}
    async with editor(REAL_SERVER, options=options) as session:
        started = time.perf_counter()
        session.open(trace.text)
        await session.ghost(trace.keys[0].line, 0)
        first_ms = (time.perf_counter() - started) * 1000
        answers = await _type(session, trace)
        await asyncio.sleep(_SETTLE_S if rest_s else 0)
        before = _used_s(session)
        await asyncio.sleep(rest_s)
        idle = (_used_s(session) - before) / rest_s if rest_s else 0.0
        return Typed(first_ms, answers, idle, *_memory_mb(session))


@contextmanager
def busy_core() -> Iterator[None]:
    """Another process that uses one core, at the same priority."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


async def _type(session: Editor, trace: Trace) -> tuple[Answered, ...]:
    waiting: list[asyncio.Task[tuple[float, bool]]] = []
    starts: list[float] = []
    due = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for key in trace.keys:
            due += key.wait_s
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            starts.append(time.perf_counter())
            end = (key.line, key.character)
            session.replace((key.line, key.character - key.removed), end, key.inserted)
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


def _family(session: Editor) -> list[psutil.Process]:
    server = psutil.Process(session.server_id)
    return [server, *server.children(recursive=True)]


def _used_s(session: Editor) -> float:
    times = [process.cpu_times() for process in _family(session)]
    return float(sum(each.user + each.system for each in times))


def _memory_mb(session: Editor) -> tuple[float, float]:
    family = _family(session)
    rss = sum(process.memory_info().rss for process in family) / 1e6
    is_linux = Path("/proc/self/smaps_rollup").exists()
    pss = sum(process.memory_full_info().pss for process in family) / 1e6 if is_linux else math.nan
    return rss, pss
