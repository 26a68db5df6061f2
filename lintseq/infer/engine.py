"""A model to ask: one request at a time, from any thread, in a process that may crash.

The values that are asked and answered are in `lintseq.infer.request`.
"""

import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol

from lintseq.errors import EngineError
from lintseq.format import Segment
from lintseq.infer import wire
from lintseq.infer.model_file import check_model
from lintseq.infer.process import WorkerProcess
from lintseq.infer.request import Answer, Candidate, ModelInfo, PromptTooLong, Request

__all__ = [
    "Answer",
    "Candidate",
    "Engine",
    "ModelInfo",
    "PromptTooLong",
    "Request",
    "start_engine",
]

_POLL_S = 0.01
# What a worker may take beyond a request's budget, on a machine that is very busy.
_GRACE_S = 10.0
# A process that is killed is back at once; a file that crashes it does not cost a start a key.
_QUICK_STARTS, _PAUSE_S = 2, 5.0


class Engine(Protocol):
    """What proposals need of a model."""

    @property
    def model(self) -> ModelInfo:
        """What is known of the model."""
        ...

    def generate(self, request: Request, cancel: threading.Event | None = None) -> Answer:
        """The answer; cut off when `cancel` is set, also while others are answered first.

        Raises:
            PromptTooLong: it does not fit into the context.
            EngineError: the model failed or its process ended; the next request starts another.
        """
        ...

    def count(self, prompt: tuple[Segment, ...]) -> int:
        """The tokens of a prompt; does not wait for requests.

        Raises:
            EngineError: the model's process ended.
        """
        ...

    def close(self) -> None:
        """End it; later requests are refused."""
        ...


def start_engine(
    path: Path,
    *,
    threads: int | None = None,
    context: int | None = None,
    has_separate_caches: bool = False,
    on_lost: Callable[[str], None] | None = None,
) -> Engine:
    """An engine that has loaded the model at `path`.

    Args:
        path: a GGUF with the metadata of a LintSeq model.
        threads: of the model; by default as many as its size gives work to, and one core fewer.
        context: tokens; at most, and by default, what the model was made for.
        has_separate_caches: gives each candidate of a request a cache of its own. Many long
            candidates need it: without, they share 2,048 tokens, and the last ones are cut off.
        on_lost: is called with the reason, from any thread, when the model's process ends by itself
            or hangs; once, until a request has been answered again.

    Raises:
        EngineError: the file is missing, damaged, or not a LintSeq model of this format.
    """
    for name, value in (("threads", threads), ("context", context)):
        if value is not None and value < 1:
            raise ValueError(f"need {name} >= 1, got {value}")
    arguments = [str(path)]
    arguments += [] if threads is None else ["--threads", str(threads)]
    arguments += [] if context is None else ["--context", str(context)]
    arguments += ["--separate"] if has_separate_caches else []
    return _ProcessEngine(path, arguments, on_lost or _tell_nobody)


class _ProcessEngine:
    def __init__(self, path: Path, arguments: list[str], on_lost: Callable[[str], None]) -> None:
        self._path = path
        self._arguments = arguments
        self._outage = _Outage(on_lost)
        self._is_closed = False
        self._lost_in_a_row = 0
        self._start_at = 0.0
        self._turn = threading.Lock()
        self._starting = threading.Lock()
        self._process = self._start()

    def generate(self, request: Request, cancel: threading.Event | None = None) -> Answer:
        if not self._wait_for_turn(cancel):
            return _cancelled(request)
        try:
            process = self._running()
            request_id, reply = process.ask(
                {"do": "generate", "request": wire.encode_request(request)}
            )
            message = _wait(process, request_id, reply, request.budget_ms, cancel)
        finally:
            self._turn.release()
        self._lost_in_a_row = 0
        self._outage.is_over()
        return wire.decode_answer(message["answer"])

    def count(self, prompt: tuple[Segment, ...]) -> int:
        process = self._running()
        message = {"do": "count", "prompt": wire.encode_segments(prompt)}
        request_id, reply = process.ask(message)
        return int(_wait(process, request_id, reply, 0, None)["count"])

    def close(self) -> None:
        self._is_closed = True
        self._process.kill()
        with self._starting:
            self._process.kill()

    def _start(self) -> WorkerProcess:
        check_model(self._path)
        process = WorkerProcess(self._arguments, self._outage.begins)
        weakref.finalize(self, process.kill)
        # A file may have been replaced since the last process was started.
        self.model = process.model
        return process

    def _running(self) -> WorkerProcess:
        with self._starting:
            if self._is_closed:
                raise EngineError("the engine is closed")
            if not self._process.is_alive:
                self._start_again()
            return self._process

    def _start_again(self) -> None:
        """Start another process; not over and over one that does not live to answer."""
        if (wait_s := self._start_at - time.monotonic()) > 0:
            raise EngineError(f"the model failed {self._lost_in_a_row} times, {wait_s:.0f} s pause")
        self._lost_in_a_row += 1
        if self._lost_in_a_row > _QUICK_STARTS:
            self._start_at = time.monotonic() + _PAUSE_S
        self._process = self._start()

    def _wait_for_turn(self, cancel: threading.Event | None) -> bool:
        if cancel is None:
            return self._turn.acquire()
        while not cancel.is_set():
            if self._turn.acquire(timeout=_POLL_S):
                return True
        return False


class _Outage:
    """Tells once that the process was lost, until it works again."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._is_told = False

    def begins(self, reason: str) -> None:
        with self._lock:
            is_told, self._is_told = self._is_told, True
        if not is_told:
            self._tell(reason)

    def is_over(self) -> None:
        with self._lock:
            self._is_told = False


def _tell_nobody(_reason: str) -> None:
    pass


def _wait(
    process: WorkerProcess,
    request_id: int,
    reply: Future[wire.Message],
    budget_ms: int,
    cancel: threading.Event | None,
) -> wire.Message:
    deadline = time.monotonic() + budget_ms / 1000 + _GRACE_S
    is_cancelled = False
    while time.monotonic() < deadline:
        if cancel is not None and cancel.is_set() and not is_cancelled:
            is_cancelled = True
            process.cancel(request_id)
        try:
            return reply.result(_POLL_S)
        except TimeoutError:
            continue
    reason = f"no answer within {budget_ms / 1000 + _GRACE_S:.0f} s: the model hangs"
    process.abandon(reason)
    raise EngineError(reason)


def _cancelled(request: Request) -> Answer:
    nothing = Candidate((), (), "cancelled")
    return Answer((nothing,) * request.samples, 0.0, 0, 0, 0, 0.0)
