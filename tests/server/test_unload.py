"""A model that nobody asks leaves the memory, and comes back with the next request."""

import asyncio
import threading

import pytest

from lintseq.infer.engine import Engine
from server.documents import Document
from server.proposer import Proposer
from server.status import Outcome, StatusBoard
from server.work import Found
from tests.server.fake_server import FakeEngine

DOCUMENT = Document("file:///a.py", 1, "", "python")


class Counted(FakeEngine):
    """Counts how many run."""

    running = 0

    def __init__(self) -> None:
        type(self).running += 1

    def close(self) -> None:
        type(self).running -= 1


def nothing(_engine: Engine, _stop: threading.Event) -> Found:
    return Found((), "nothing")


@pytest.mark.asyncio
async def test_unloaded_when_idle_and_loaded_when_needed() -> None:
    board = StatusBoard(lambda _status: None)
    proposer = Proposer(board)
    proposer.unload_after_s = 0.2
    assert await proposer.start(Counted) == ""
    for _ in range(2):
        reply = await proposer.ask(DOCUMENT, nothing, is_asked=False)
        assert (reply.outcome, reply.reason) == (Outcome.SILENT, "nothing")
        assert Counted.running == 1
        await asyncio.sleep(0.5)
        assert Counted.running == 0
        assert "unloaded" in board.status().reason
    proposer.close()
    assert Counted.running == 0


@pytest.mark.asyncio
async def test_what_runs_is_not_unloaded() -> None:
    proposer = Proposer(StatusBoard(lambda _status: None))
    proposer.unload_after_s = 0.05
    await proposer.start(Counted)

    def slow(_engine: Engine, stop: threading.Event) -> Found:
        assert not stop.wait(0.4)
        assert Counted.running == 1
        return Found((), "slow")

    assert (await proposer.ask(DOCUMENT, slow, is_asked=True)).reason == "slow"
    proposer.close()


@pytest.mark.asyncio
async def test_never_noop() -> None:
    proposer = Proposer(StatusBoard(lambda _status: None))
    await proposer.start(Counted)
    await asyncio.sleep(0.1)
    assert Counted.running == 1
    proposer.close()
