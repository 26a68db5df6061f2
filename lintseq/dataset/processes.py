"""Work on this machine: processes of which none may hang, and none take another's work with it.

Each gets a batch of records and answers one by one, so that it is known which record it died of or
is stuck in; that one is rejected, and the rest of the batch is given to a new process. A death may
have come from outside, so the record is tried once more before it is rejected.
"""

import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from lintseq.dataset.records import Record, Reject
from lintseq.dataset.work import Made, WorkOptions, make
from lintseq.errors import LintseqError
from lintseq.parent import end_with_parent

# Beyond the timeout, for what only ends when the process is killed.
_PATIENCE_S = 10.0
# To start Python and import what is needed.
_START_S = 120.0
_CONTEXT = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Batch:
    """Records that are worked on and stored together."""

    number: int
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of the records of a batch, in their order."""

    number: int
    made: tuple[Made, ...]


Engine = Callable[[Iterable[Batch], WorkOptions, int], Iterator[Done]]
"""What becomes of the batches, in the order in which they are done, so many at a time."""


def work_locally(batches: Iterable[Batch], options: WorkOptions, jobs: int) -> Iterator[Done]:
    """What becomes of the batches, in the order in which they are done, in so many processes.

    No more batches are taken than there are processes. These end with the iterator, and with
    this process.
    """
    waiting = iter(batches)
    workers: list[_Worker] = []
    try:
        for _ in range(jobs):
            if (batch := next(waiting, None)) is not None:
                workers.append(_Worker(options, batch))
        while workers:
            yield from _step(workers, waiting)
    finally:
        for worker in workers:
            worker.kill()


def _step(workers: "list[_Worker]", waiting: Iterator[Batch]) -> Iterator[Done]:
    """Wait for a worker that has something to say, or is too late, and see to it."""
    # A batch without records is done before it begins.
    deadline = min(0.0 if worker.is_done else worker.deadline for worker in workers)
    ready = wait([worker.pipe for worker in workers], max(0.0, deadline - time.monotonic()))
    now = time.monotonic()
    for worker in workers.copy():
        if worker.pipe in ready:
            worker.listen()
        elif worker.deadline <= now and not worker.is_done and not worker.pipe.poll():
            worker.give_up("timeout", "did not end in time and was killed")
        if worker.is_done:
            done = worker.done()
            if (batch := next(waiting, None)) is not None:
                worker.take(batch)
            else:
                worker.kill()
                workers.remove(worker)
            yield done


@dataclass(slots=True)
class _Worker:
    """A process, and the batch it works on."""

    options: WorkOptions
    batch: Batch
    deadline: float = 0.0
    pipe: Connection = field(init=False)
    _process: BaseProcess = field(init=False)
    _left: deque[Record] = field(init=False)
    _made: list[Made] = field(init=False)
    _deaths: int = 0
    """Of processes, since the last record that one of them answered."""
    _is_ready: bool = False

    def __post_init__(self) -> None:
        self._start()
        self.take(self.batch)

    @property
    def is_done(self) -> bool:
        return not self._left

    def take(self, batch: Batch) -> None:
        """Begin with a batch."""
        self.batch, self._left, self._made = batch, deque(batch.records), []
        self._send()
        self._wait_for_next()

    def listen(self) -> None:
        """Hear what became of a record, or that the process is no more."""
        try:
            made = self.pipe.recv()
        except (EOFError, OSError):
            self._process.join()
            self._bury(_obituary(self._process.exitcode))
            return
        if made is None:
            self._is_ready = True
        else:
            self._made.append(made)
            self._left.popleft()
            self._deaths = 0
        self._wait_for_next()

    def _bury(self, obituary: str) -> None:
        self._deaths += 1
        if self._deaths == 1:
            self._restart()
        elif self._is_ready:
            self.give_up("crash", f"{obituary}, twice")
        else:
            raise LintseqError(f"the processes that do the work do not start: {obituary}")

    def give_up(self, kind: str, detail: str) -> None:
        """Reject the record under way, and go on with the others in a new process."""
        record = self._left.popleft()
        reject = Reject(record.index, record.id, kind, detail)
        self._made.append(Made(record.index, reject=reject))
        self._deaths = 0
        self._restart()

    def _restart(self) -> None:
        self.kill()
        self._start()
        self._send()
        self._wait_for_next()

    def done(self) -> Done:
        """What became of the batch."""
        return Done(self.batch.number, tuple(self._made))

    def kill(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self.pipe.close()

    def _start(self) -> None:
        self._is_ready = False
        self.pipe, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(theirs, self.options), daemon=True)
        self._process.start()
        theirs.close()

    def _send(self) -> None:
        if self._left:
            with suppress(OSError):
                # A process that died meanwhile is noticed when it does not answer.
                self.pipe.send(tuple(self._left))

    def _wait_for_next(self) -> None:
        start_s = 0.0 if self._is_ready else _START_S
        self.deadline = time.monotonic() + self.options.timeout_s + _PATIENCE_S + start_s


def _serve(pipe: Connection, options: WorkOptions) -> None:
    """Answer batches until the pipe is closed, which it is when the other side ends."""
    # The pipe tells only at the next record, which may take long.
    end_with_parent()
    with suppress(EOFError, OSError):
        # From here on it is the record's time that passes.
        pipe.send(None)
        while True:
            records: Sequence[Record] = pipe.recv()
            for record in records:
                pipe.send(make(record, options))


def _obituary(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        return f"its process was ended by {signal.Signals(-exit_code).name}"
    return f"its process ended with status {exit_code}"
