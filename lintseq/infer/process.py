"""One run of the worker: started, asked, ended."""

import contextlib
import logging
import os
import subprocess
import sys
import sysconfig
import threading
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import IO

import lintseq.errors
from lintseq.errors import EngineError
from lintseq.infer import wire
from lintseq.infer.request import ModelInfo, PromptTooLong

# A model of this size loads in a fraction of a second; a cold disk and a busy machine do not.
_START_TIMEOUT_S = 60.0
_END_TIMEOUT_S = 5.0
_KEPT_LINES = 20

logger = logging.getLogger(__name__)
_started: "weakref.WeakSet[WorkerProcess]" = weakref.WeakSet()


def end_workers() -> None:
    """End every worker of this process, also one that is still loading its model."""
    for worker in tuple(_started):
        worker.kill()


class WorkerProcess:
    """A worker with its model loaded.

    Args:
        arguments: of its command line.
        on_lost: is called with the reason if it ends, once it is ready, and nobody has ended it.

    Raises:
        EngineError: the model is refused, or the process ends or hangs before it is ready.
    """

    def __init__(self, arguments: Sequence[str], on_lost: Callable[[str], None]) -> None:
        self._arguments = arguments
        self._on_lost = on_lost
        self._is_wanted = True
        self._ready: Future[wire.Message] = Future()
        self._lock = threading.Lock()
        self._waiting: dict[int, Future[wire.Message]] = {}
        self._last_id = 0
        self._has_ended = False
        self._errors: deque[str] = deque(maxlen=_KEPT_LINES)
        self._process: subprocess.Popen[bytes] | None = None
        # Linux ends the worker with the THREAD that started it, so that thread stays: it reads.
        self._thread = threading.Thread(target=self._run, name="lintseq-engine", daemon=True)
        _started.add(self)
        self._thread.start()
        self.model = self._handshake()

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return not self._has_ended

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None  # noqa: S101  since the handshake
        return self._process.pid

    def ask(self, message: wire.Message) -> tuple[int, Future[wire.Message]]:
        """The id of the request and its future reply, which fails if the worker ends."""
        future: Future[wire.Message] = Future()
        with self._lock:
            self._last_id += 1
            request_id = self._last_id
            if self._has_ended:
                future.set_exception(self._failure())
                return request_id, future
            self._waiting[request_id] = future
        self._send({"id": request_id, **message})
        return request_id, future

    def cancel(self, request_id: int) -> None:
        """Ask for an early end of a request."""
        self._send({"id": request_id, "do": "cancel"})

    def abandon(self, reason: str) -> None:
        """End it because it is of no use any more, and say so."""
        if self._is_wanted:
            self.kill()
            self._on_lost(reason)

    def kill(self) -> None:
        """End it now; what is asked of it fails."""
        self._is_wanted = False
        if self._process is not None:
            self._process.kill()
        # The garbage collector may call this from any thread.
        if threading.current_thread() is not self._thread:
            self._thread.join(_END_TIMEOUT_S)

    def _handshake(self) -> ModelInfo:
        try:
            message = self._ready.result(_START_TIMEOUT_S)
        except TimeoutError as error:
            self.kill()
            raise EngineError(f"the model did not load within {_START_TIMEOUT_S:.0f} s") from error
        if "error" in message:
            self.kill()
            raise EngineError(message["error"])
        return wire.decode_info(message["model"])

    def _send(self, message: wire.Message) -> None:
        assert self._process is not None  # noqa: S101  since the handshake
        assert self._process.stdin is not None  # noqa: S101  a pipe
        # If the worker has ended, the thread that reads from it says so.
        with self._lock, contextlib.suppress(BrokenPipeError, ValueError):
            wire.write_message(self._process.stdin, message)

    def _run(self) -> None:
        try:
            # Closing a pipe to a process that has ended may find it broken.
            with contextlib.suppress(BrokenPipeError), self._start() as process:
                self._process = process
                if not self._is_wanted:
                    process.kill()
                self._read(process)
        except (OSError, ValueError) as error:
            self._errors.append(str(error))
        with self._lock:
            self._has_ended = True
            abandoned = [self._ready, *self._waiting.values()]
            self._waiting.clear()
        for future in abandoned:
            if not future.done():
                future.set_exception(self._failure())
        if self._is_wanted and self._is_ready():
            self._on_lost(str(self._failure()))

    def _is_ready(self) -> bool:
        return self._ready.exception() is None and "error" not in self._ready.result()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "lintseq.infer.worker", *self._arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | _import_path(),
        )

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None  # noqa: S101  a pipe
        assert process.stderr is not None  # noqa: S101  a pipe
        listener = threading.Thread(target=self._listen, args=[process.stderr], daemon=True)
        listener.start()
        try:
            while (message := wire.read_message(process.stdout)) is not None:
                self._deliver(message)
        except ValueError:
            # Whatever writes no JSON would be waited for in vain.
            process.kill()
            raise
        listener.join(_END_TIMEOUT_S)

    def _listen(self, stderr: IO[bytes]) -> None:
        for line in stderr:
            text = line.decode("utf-8", "replace").rstrip()
            self._errors.append(text)
            logger.debug("worker: %s", text)

    def _deliver(self, message: wire.Message) -> None:
        if "id" not in message:
            self._ready.set_result(message)
            return
        with self._lock:
            future = self._waiting.pop(message["id"], None)
        if future is None:
            return
        if "error" in message:
            kind = PromptTooLong if message["is_too_long"] else EngineError
            future.set_exception(kind(message["error"]))
        else:
            future.set_result(message)

    def _failure(self) -> EngineError:
        code = None if self._process is None else self._process.returncode
        last = "; ".join(list(self._errors)[-3:]) or "it said nothing"
        return EngineError(f"the model's process ended (exit code {code}): {last}")


def _import_path() -> dict[str, str]:
    # The worker has to find this very package, also in a checkout that is not installed.
    root = Path(lintseq.errors.__file__).parents[1]
    if str(root) in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        return {}
    rest = os.environ.get("PYTHONPATH")
    return {"PYTHONPATH": f"{root}{os.pathsep}{rest}" if rest else str(root)}
