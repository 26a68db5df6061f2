"""The engine's process beside the server: it may crash, and it never outlives the server."""

import asyncio
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.server.editor import REAL_SERVER, REPOSITORY, editor, message

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads /proc")
_WAIT_S = 20.0


def workers(server: int) -> list[int]:
    """The processes that the server has started."""
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
        (worker,) = workers(session.server_id)
        os.kill(worker, signal.SIGKILL)
        wait_for_end(worker)
        # Whatever the random model says: it is asked, by a process that was started anew.
        await session.ghost(0, 8)
        await session.ghost(0, 8)
        (restarted,) = [process for process in workers(session.server_id) if is_running(process)]
        assert restarted != worker


@pytest.mark.asyncio
async def test_a_crash_while_a_request_runs_answers_it(tiny_model: Path) -> None:
    options = {"model": str(tiny_model), "threads": 1}
    async with editor(REAL_SERVER, options=options) as session:
        session.open("total = \n")
        (worker,) = workers(session.server_id)
        os.kill(worker, signal.SIGSTOP)
        asked = asyncio.create_task(session.ghost(0, 8))
        await session.until("busy")
        os.kill(worker, signal.SIGKILL)
        assert await asyncio.wait_for(asked, _WAIT_S) is None
        status = await session.request("lintseq/status")
        assert status.state == "silent"
        assert status.reason


@pytest.mark.asyncio
async def test_the_engine_ends_with_the_session(tiny_model: Path) -> None:
    options = {"model": str(tiny_model), "threads": 1}
    async with editor(REAL_SERVER, options=options) as session:
        (worker,) = workers(session.server_id)
        assert is_running(worker)
    wait_for_end(worker)


def test_the_engine_ends_with_a_server_that_is_killed(tiny_model: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "LINTSEQ_MODEL": str(tiny_model)}
    with subprocess.Popen(
        REAL_SERVER, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment
    ) as server:
        assert server.stdin is not None
        server.stdin.write(message(1, "initialize", {"capabilities": {}}))
        server.stdin.write(message(None, "initialized", {}))
        server.stdin.flush()
        deadline = time.monotonic() + _WAIT_S
        while not (started := workers(server.pid)):
            assert time.monotonic() < deadline, "no engine was started"
            time.sleep(0.02)
        server.kill()
    for worker in started:
        wait_for_end(worker)
