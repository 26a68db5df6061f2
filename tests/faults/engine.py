"""Faults of the engine's process: killed, stopped, slow, without memory."""

import asyncio
import contextlib
import os
import resource
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.faults.stage import Stage

_SLICE_S = 0.002


async def killed(stage: Stage) -> None:
    """Killed at a random moment of a request."""
    stage.type()
    asked = stage.ghost()
    await asyncio.sleep(stage.rng.uniform(0, 0.25))
    os.kill(stage.worker(), signal.SIGKILL)
    stage.expected += 1
    await stage.settle([asked])
    await stage.told()
    await stage.restored()


async def killed_at_rest(stage: Stage) -> None:
    """Killed while nothing is asked."""
    await stage.restored()
    os.kill(stage.worker(), signal.SIGKILL)
    stage.expected += 1
    await stage.told()
    await stage.restored()


async def paused(stage: Stage) -> None:
    """Stopped for a second in the middle of requests, and continued: nobody need be told."""
    stage.type()
    worker = stage.worker()
    os.kill(worker, signal.SIGSTOP)
    asked = stage.ghost()
    try:
        await asyncio.sleep(1)
        status = await asyncio.wait_for(stage.client.request("lintseq/status", None), 10)
        if status["state"] != "busy":
            stage.problems.append(f"stopped, and the state is {status['state']}")
    finally:
        os.kill(worker, signal.SIGCONT)
    await stage.settle([asked])
    await stage.restored()


async def stopped(stage: Stage) -> None:
    """Stopped for good: it is ended, and another one is started."""
    stage.type()
    os.kill(stage.worker(), signal.SIGSTOP)
    stage.expected += 1
    await stage.settle([stage.ghost()])
    await stage.told()
    await stage.restored()


async def slow(stage: Stage) -> None:
    """Fifty times slower, while somebody types and asks."""
    async with _slowed(stage.worker()):
        asked = []
        for _ in range(5):
            stage.type()
            asked.append(stage.ghost())
            await asyncio.sleep(0.3)
        await stage.settle(asked)
    await stage.restored()


async def without_memory(stage: Stage) -> None:
    """No more memory than it has at this moment."""
    await stage.restored()
    worker = stage.worker()
    pages = int(Path(f"/proc/{worker}/statm").read_text().split()[0])
    size = pages * os.sysconf("SC_PAGE_SIZE")
    resource.prlimit(worker, resource.RLIMIT_AS, (size, size))
    # What it frees it may use again, so that it may well live on; if it does not, it says so.
    stage.type()
    text = stage.open_text
    at = text.text.rindex("\n#")
    text.type(at, "".join(f"\nname_{number} = {number}" for number in range(400)))
    await stage.settle([stage.ghost()])
    await stage.restored()
    stage.expected += len(stage.client.told) > stage.expected


@asynccontextmanager
async def _slowed(process: int) -> AsyncIterator[None]:
    """A process that runs for a fiftieth of the time."""

    async def brake() -> None:
        while True:
            os.kill(process, signal.SIGSTOP)
            await asyncio.sleep(49 * _SLICE_S)
            os.kill(process, signal.SIGCONT)
            await asyncio.sleep(_SLICE_S)

    task = asyncio.create_task(brake())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        os.kill(process, signal.SIGCONT)
