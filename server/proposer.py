"""The bridge between the event loop and the engine: one request per text, cancellable.

A request runs in a thread of this module's own pool, never in asyncio's default pool, which
also reads stdin. It stops within a token when a newer request for the same text comes, when
that text changes or closes, when the client cancels, and when the server ends.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from lintseq.errors import LintseqError
from lintseq.infer.engine import Engine
from lintseq.infer.propose import Proposal
from lintseq.tasks import Snapshot
from server.documents import Document
from server.status import Outcome, State, StatusBoard
from server.work import Found, Work

logger = logging.getLogger(__name__)

_THREADS = 4
_RETRY_S = 5.0
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Reply:
    """Verified proposals, best first; with none, the reason why not."""

    proposals: tuple[Proposal, ...] = ()
    reason: str = ""
    outcome: Outcome = Outcome.SHOWN
    ms: float = 0.0
    snapshot: Snapshot | None = None
    """For a cursor: the state that the model has read."""
    passed: int = 0
    """How many examples and tests the proposals have passed."""


@dataclass(frozen=True, slots=True)
class _Running:
    is_asked: bool
    stop: threading.Event = field(default_factory=threading.Event)


class Proposer:
    """Owns the engine and the threads that wait for it; used on the event loop only."""

    def __init__(self, board: StatusBoard) -> None:
        self._board = board
        self._engine: Engine | None = None
        self._start_again: Callable[[], Engine] | None = None
        """What loads the model that was unloaded, or that failed to load."""
        self._start_at = 0.0
        self._start_engine: Callable[[], Engine] | None = None
        self._idle: asyncio.TimerHandle | None = None
        self.unload_after_s: float | None = None
        """How long the model stays when nobody asks; None is for ever."""
        self._running: dict[str, _Running] = {}
        # The engine answers one request after another; verifying what is shown need not wait.
        self._pool = ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="lintseq")

    async def start(self, start_engine: Callable[[], Engine]) -> str:
        """Start the engine in the background; "" when it is ready, else why it is not.

        One that runs is ended, and what is being computed with it.
        """
        self._board.set(State.LOADING, "the model is being loaded")
        self._end_engine()
        self._start_engine, self._start_again = start_engine, None
        loop = asyncio.get_running_loop()
        try:
            self._engine = await loop.run_in_executor(self._pool, start_engine)
        except (LintseqError, OSError) as error:
            return self._failed(str(error))
        except Exception as error:  # the edge of a start: the server goes on without a model
            logger.exception("the engine did not start")
            return self._failed(f"internal error: {type(error).__name__}: {error}")
        self._board.set(State.READY, model=self._engine.model.name)
        self._wait_idle()
        return ""

    async def ask(self, document: Document, work: Work, *, is_asked: bool) -> Reply:
        """The reply of `work` for `document`.

        Args:
            is_asked: whether the user asked for it; what comes by itself gives way to that.
        """
        started = time.perf_counter()
        if self._start_again is not None and time.monotonic() >= self._start_at:
            await self.start(self._start_again)
        engine, before = self._engine, self._running.get(document.uri)
        if engine is None:
            return Reply((), self._board.status().reason, Outcome.SILENT)
        if before is not None and before.is_asked and not is_asked:
            return self._ended(Reply((), "busy with what was asked for", Outcome.CANCELLED))
        self.cancel(document.uri)
        running = self._running[document.uri] = _Running(is_asked)
        self._board.set(State.BUSY)
        try:
            found = await self._in_thread(work, engine, running.stop)
        except asyncio.CancelledError:
            running.stop.set()
            self._forget(document.uri, running)
            self._ended(Reply((), "cancelled by the client", Outcome.CANCELLED))
            raise
        self._forget(document.uri, running)
        ms = (time.perf_counter() - started) * 1000
        return self._ended(_reply(found, running.stop, ms))

    async def prepare(self, document: Document, work: Work) -> Found | None:
        """What comes of work that nobody waits for; None if something else is more urgent."""
        engine = self._engine
        if engine is None or document.uri in self._running:
            return None
        running = self._running[document.uri] = _Running(is_asked=False)
        try:
            found = await self._in_thread(work, engine, running.stop)
        finally:
            self._forget(document.uri, running)
        return None if running.stop.is_set() else found

    async def in_background(self, function: Callable[[], Result]) -> Result:
        """What the function returns, which may take a while and asks no model."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, function)

    def decline(self, reason: str) -> None:
        """Show why nothing is asked at all; nothing: something may be again."""
        self._rest(State.SILENT if reason else State.READY, reason)

    def lost(self, reason: str) -> None:
        """Show that the engine's process has ended; the next request starts another."""
        self._rest(State.SILENT, reason)

    def cancel(self, uri: str) -> None:
        """Stop the running request for this text, if there is one."""
        if (running := self._running.pop(uri, None)) is not None:
            running.stop.set()

    def close(self) -> None:
        """Stop everything and end the engine's process."""
        for uri in tuple(self._running):
            self.cancel(uri)
        # First, so that nobody waits for an engine that hangs.
        self._end_engine()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _end_engine(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        for uri in tuple(self._running):
            self.cancel(uri)
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def _wait_idle(self) -> None:
        """Unload the model in a while, unless something happens before; until then nothing runs."""
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        if self.unload_after_s is not None and self._engine is not None:
            loop = asyncio.get_running_loop()
            self._idle = loop.call_later(self.unload_after_s, self._unload)

    def _unload(self) -> None:
        if self._running:
            self._wait_idle()
            return
        self._end_engine()
        self._start_again, self._start_at = self._start_engine, 0.0
        self._board.set(State.READY, "the model is unloaded, and comes back when it is needed")

    def _failed(self, reason: str) -> str:
        # The file may be put right while the session goes on.
        self._start_again, self._start_at = self._start_engine, time.monotonic() + _RETRY_S
        self._board.set(State.SILENT, reason)
        return reason

    async def _in_thread(self, work: Work, engine: Engine, stop: threading.Event) -> Found:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, _work, work, engine, stop)

    def _forget(self, uri: str, running: _Running) -> None:
        if self._running.get(uri) is running:
            del self._running[uri]

    def _ended(self, reply: Reply) -> Reply:
        is_answer = reply.outcome in (Outcome.SHOWN, Outcome.SILENT)
        self._board.count(reply.outcome, reply.ms if is_answer else None)
        self._wait_idle()
        is_silent = reply.outcome is Outcome.SILENT
        self._rest(State.SILENT if is_silent else State.READY, reply.reason)
        return reply

    def _rest(self, state: State, reason: str) -> None:
        """Show the state unless something is being computed, or there is no model."""
        if self._engine is not None and not self._running:
            self._board.set(state, reason)


def _work(work: Work, engine: Engine, stop: threading.Event) -> Found:
    if stop.is_set():
        return Found((), "cancelled")
    try:
        return work(engine, stop)
    except LintseqError as error:
        return Found((), str(error))
    except Exception as error:  # the edge of a request: the server goes on
        logger.exception("a request for a proposal failed")
        # Not its repr, which may hold the whole text.
        return Found((), f"internal error: {type(error).__name__}: {error}")


def _reply(found: Found, stop: threading.Event, ms: float) -> Reply:
    if stop.is_set():
        reason = "it was cancelled, or a newer request or text took its place"
        return Reply((), reason, Outcome.CANCELLED, ms)
    if found.proposals:
        return Reply(found.proposals, "", Outcome.SHOWN, ms, found.snapshot, found.passed)
    return Reply((), found.reason, Outcome.SILENT, ms, found.snapshot)
