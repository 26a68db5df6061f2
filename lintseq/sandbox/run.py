"""Runs one program after the other, each in a process of its own that it cannot leave.

What holds it is set up in the process itself (`lintseq.sandbox.jail`), before the program is read;
this side feeds it, listens, and ends it when its time is up.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Protocol

from lintseq.errors import LintseqError

Status = Literal["passed", "failed", "timeout", "memory", "output", "killed"]

_JAIL = Path(__file__).with_name("jail")
_START = "import sys; sys.path.insert(0, sys.argv.pop(1)); import start; start.main()"
_TAIL_BYTES = 4096
_CHUNK_BYTES = 65536


class SandboxError(LintseqError):
    """There is no sandbox of the wanted kind here, or it could not be set up."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a program may use."""

    cpu_s: float = 3.0
    """Processor time of each process, rounded up to whole seconds."""
    wall_s: float = 10.0
    """Time from the start to the end."""
    memory_bytes: int = 512 << 20
    """Address space of each process."""
    file_bytes: int = 1 << 20
    """Size of a file, and of all files together where there is a file system of its own."""
    processes: int = 16
    """Processes and threads at a time."""
    output_bytes: int = 64 << 10
    """What it may write to stdout and stderr together."""

    def __post_init__(self) -> None:
        if not all(value > 0 for value in asdict(self).values()):
            raise ValueError(f"limits are greater than 0, got {self}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a program ended."""

    status: Status
    """"passed": its last statement was reached, and the exit status is 0. "failed" with exit
    status 0: it ended itself before. "timeout": of the processor or the wall clock. "memory": it
    ended with a MemoryError. "output": it wrote too much. "killed": by a signal."""
    exit_code: int | None
    """None if it was ended; the number of a signal, negative, if that ended it."""
    output: str
    """The end of what it wrote to stdout and stderr."""
    seconds: float
    """Time from the start to the end."""


class Sandbox(Protocol):
    """Runs programs; from several threads at once."""

    @property
    def isolation(self) -> str:
        """What holds the programs, for reports."""

    def run(self, program: str) -> Outcome:
        """How the Python program ended.

        Raises:
            SandboxError: the sandbox could not be set up.
        """


@dataclass(frozen=True, slots=True)
class JailSandbox:
    """A sandbox of one kind."""

    isolation: str
    limits: Limits

    def run(self, program: str) -> Outcome:
        """How the Python program ended.

        Raises:
            SandboxError: the sandbox could not be set up.
        """
        try:
            made = tempfile.TemporaryDirectory(prefix="lintseq-", ignore_cleanup_errors=True)
        except OSError as error:
            raise SandboxError(f"no folder for the program: {error}") from error
        with made as folder:
            return self._run(program, folder)

    def _run(self, program: str, folder: str) -> Outcome:
        begin = time.monotonic()
        told_by, told_to = os.pipe()
        try:
            process = self._start(told_to, folder)
        except BaseException:
            os.close(told_by)
            raise
        finally:
            os.close(told_to)
        try:
            deadline = begin + self.limits.wall_s
            output, ended = _listen(process, program, self.limits, deadline)
            if ended is None and not _ends_before(process, deadline):
                ended = "timeout"
        finally:
            _end(process)
            with os.fdopen(told_by, "rb") as pipe:
                told = pipe.read()
        seconds = time.monotonic() - begin
        return _outcome(told.decode("utf-8", "replace"), ended, output, seconds)

    def _start(self, told_to: int, folder: str) -> "subprocess.Popen[bytes]":
        settings = asdict(self.limits) | {
            "isolation": self.isolation,
            "told_to": told_to,
            "folder": folder,
            "parent": os.getpid(),
            "as_root": int(os.getuid() == 0),
        }
        return subprocess.Popen(
            # No site-packages, nothing from the working directory.
            [
                *(sys.executable, "-P", "-s", "-S", *(["-B"] * sys.dont_write_bytecode)),
                *("-c", _START, str(_JAIL), *(f"{key}={value}" for key, value in settings.items())),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # A set's order is the same in every run. The program sees no environment.
            env={"PYTHONHASHSEED": "0"},
            cwd="/",
            pass_fds=(told_to,),
            start_new_session=True,
        )


def _listen(
    process: "subprocess.Popen[bytes]", program: str, limits: Limits, deadline: float
) -> tuple[bytes, Status | None]:
    """The output, and what this side ended the program for, if it did."""
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018
    waiting = memoryview(program.encode("utf-8", "surrogatepass"))
    feed, read = process.stdin.fileno(), process.stdout.fileno()
    os.set_blocking(feed, False)
    output = bytearray()
    with select.epoll() as poll:
        poll.register(process.stdout, select.EPOLLIN)
        poll.register(process.stdin, select.EPOLLOUT)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return bytes(output), "timeout"
            for file, _ in poll.poll(left):
                if file == feed:
                    waiting = _feed(feed, waiting)
                    if not waiting:
                        poll.unregister(process.stdin)
                        process.stdin.close()
                    continue
                part = os.read(read, _CHUNK_BYTES)
                if not part:
                    return bytes(output), None
                output += part
                if len(output) > limits.output_bytes:
                    return bytes(output), "output"


def _ends_before(process: "subprocess.Popen[bytes]", deadline: float) -> bool:
    """Whether a process ends that has closed its output."""
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return False
    return True


def _feed(file: int, waiting: memoryview) -> memoryview:
    """What is left of the program; nothing if nobody reads it."""
    try:
        return waiting[os.write(file, waiting[:_CHUNK_BYTES]) :]
    except BlockingIOError:
        return waiting
    except OSError:
        return waiting[:0]


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the process, and with it everything in its sandbox."""
    with contextlib.suppress(ProcessLookupError):
        # Not the process: it takes its sandbox down with it when it is told so.
        process.send_signal(signal.SIGTERM)
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _outcome(told: str, ended: Status | None, output: bytes, seconds: float) -> Outcome:
    text = output[-_TAIL_BYTES:].decode("utf-8", "replace")
    kind, _, rest = told.partition(" ")
    if kind == "error":
        raise SandboxError(f"the sandbox could not be set up: {rest}")
    if ended is not None:
        return Outcome(ended, None, text, seconds)
    if not rest:
        return Outcome("killed", None, text, seconds)
    code, reached_end = map(int, rest.split())
    return Outcome(_status(code, bool(reached_end), text), code, text, seconds)


def _status(code: int, reached_end: bool, output: str) -> Status:
    if code == 0:
        return "passed" if reached_end else "failed"
    if code in {-signal.SIGXCPU, -signal.SIGPROF}:
        return "timeout"
    if code < 0:
        return "killed"
    last = output.rstrip().rpartition("\n")[2]
    return "memory" if last.startswith("MemoryError") else "failed"
