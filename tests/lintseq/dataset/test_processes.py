"""A record that hangs or kills its process costs itself alone.

The processes are real ones; the work in them is what stands here.
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Generator, Iterable
from multiprocessing.connection import Connection
from unittest.mock import patch

import pytest

from lintseq.dataset import processes
from lintseq.dataset.processes import Batch, Done, work_locally
from lintseq.dataset.records import Record
from lintseq.dataset.work import Made, WorkOptions


def work(record: Record, _options: WorkOptions) -> Made:
    """What the instruction says."""
    match record.instruction:
        case "hang":
            while True:
                time.sleep(1)
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "exit":
            os._exit(3)
        case "slow":
            time.sleep(0.3)
    return Made(record.index, (f"{record.index}",))


def serve(pipe: Connection, options: WorkOptions) -> None:
    """The loop of a process, with that work."""
    with patch.object(processes, "make", work):
        processes._serve(pipe, options)


@pytest.fixture(autouse=True)
def _work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_PATIENCE_S", 0.5)
    original = processes._CONTEXT.Process

    def process(target: object, args: tuple[object, ...], daemon: bool) -> object:
        return original(target=serve, args=args, daemon=daemon)

    monkeypatch.setattr(processes._CONTEXT, "Process", process)


def batches(*instructions: Iterable[str]) -> list[Batch]:
    result: list[Batch] = []
    index = 0
    for number, each in enumerate(instructions):
        records = []
        for instruction in each:
            records.append(Record(index, f"r{index}", instruction, ""))
            index += 1
        result.append(Batch(number, tuple(records)))
    return result


def outcomes(done: Iterable[Done]) -> dict[int, str]:
    return {
        made.index: made.reject.kind if made.reject else made.rows[0]
        for each in done
        for made in each.made
    }


@pytest.mark.parametrize("jobs", [1, 3])
def test_each_record_has_its_outcome(jobs: int) -> None:
    given = batches(["", "crash", ""], [], ["hang", ""], ["exit"], ["", "", ""])
    done = list(work_locally(given, WorkOptions(timeout_s=0.1), jobs))
    assert sorted(each.number for each in done) == [0, 1, 2, 3, 4]
    assert outcomes(done) == {
        0: "0",
        1: "crash",
        2: "2",
        3: "timeout",
        4: "4",
        5: "crash",
        6: "6",
        7: "7",
        8: "8",
    }


def test_what_killed_a_process_is_told() -> None:
    (done,) = work_locally(batches(["crash", "exit"]), WorkOptions(), 1)
    details = [made.reject.detail for made in done.made if made.reject]
    assert "SIGSEGV" in details[0]
    assert "status 3" in details[1]


def test_no_more_batches_are_taken_than_there_are_processes() -> None:
    taken: list[int] = []

    def watched() -> Iterable[Batch]:
        for batch in batches(*[["slow"]] * 9):
            taken.append(batch.number)
            yield batch

    for count, _ in enumerate(work_locally(watched(), WorkOptions(), 2), 1):
        assert len(taken) <= count + 2


def test_processes_end_with_the_iterator() -> None:
    done = work_locally(batches(*[["slow"]] * 4), WorkOptions(), 2)
    assert isinstance(done, Generator)
    next(done)
    children = multiprocessing.active_children()
    assert len(children) == 2
    done.close()
    assert not any(child.is_alive() for child in children)
