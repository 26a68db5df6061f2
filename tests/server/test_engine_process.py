"""The engine's process beside the server: it may crash, and it never outlives the server."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from tests.server.editor import REAL_SERVER, Editor, editor

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads /proc")
_WAIT_S = 20.0


def workers(session: Editor) -> list[int]:
    """The processes that the server has started."""
    server = session.server_id
    children = Path(f"/proc/{server}/task").glob("*/children")
    return [int(child) for path in children for child in path.read_text().split()]


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_for_end(process: int) -> None:
    deadline = time.monotonic() + _WAIT_S
    while is_running(process):
        assert time.monotonic() < deadline, "the engine's process goes on"
        time.sleep(0.02)


@pytest.mark.asyncio
async def test_a_crash_of_the_engine_costs_one_request(tiny_model: Path) -> None:
    options = {"model": str(tiny_model), "threads": 1}
    async with editor(REAL_SERVER, options=options) as session:
        session.open("total = \n")
        (worker,) = workers(session)
        os.kill(worker, signal.SIGKILL)
        wait_for_end(worker)
        # Whatever the random model says: it is asked, by a process that was started anew.
        await session.ghost(0, 8)
        await session.ghost(0, 8)
        (restarted,) = [process for process in workers(session) if is_running(process)]
        assert restarted != worker


@pytest.mark.asyncio
@pytest.mark.parametrize("how", ["exit", "kill"])
async def test_the_engine_ends_with_the_server(how: str, tiny_model: Path) -> None:
    options = {"model": str(tiny_model), "threads": 1}
    worker = 0
    try:
        async with editor(REAL_SERVER, options=options) as session:
            (worker,) = workers(session)
            assert is_running(worker)
            if how == "kill":
                os.kill(session.server_id, signal.SIGKILL)
                await asyncio.sleep(0.1)
    except RuntimeError:
        assert how == "kill"
    wait_for_end(worker)
