"""`python -m tests.requests`, or `make requests`: the promise, by ten thousand requests.

Real and disfigured files, in each position encoding, with the default model, over stdio. Every
answer is applied by a client and judged by a checker that share nothing with the server.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, TaskID

from tests.requests.drive import Driver, Tally, merged
from tests.requests.open_text import OpenText
from tests.requests.rpc import Client
from tests.requests.scenes import Scene, scenes
from tests.requests.texts import files

ENCODINGS = ("utf-8", "utf-16", "utf-32")
_OPTIONS = {"completion_items": True, "eagerness": "high", "comments": True, "max_lines": 3}
_INTERRUPTED = 130


async def run(count: int, seed: int, progress: Progress, jobs: int = 1) -> Tally:
    """What came of `count` requests, a third of them in each encoding, `jobs` servers at a time."""
    tallies = [Tally() for _ in ENCODINGS]
    gate = asyncio.Semaphore(jobs)
    paths = files()
    async with asyncio.TaskGroup() as group:
        for number, (encoding, tally) in enumerate(zip(ENCODINGS, tallies, strict=True)):
            share = count * (number + 1) // len(ENCODINGS) - count * number // len(ENCODINGS)
            task = progress.add_task(encoding, total=share)
            rng = random.Random(f"{seed}:{encoding}")
            session = _session(encoding, share, tally, scenes(rng, paths), rng)
            group.create_task(_shown(gate, session, progress, task, tally))
    return merged(tallies)


async def _shown(
    gate: asyncio.Semaphore,
    session: AsyncIterator[None],
    progress: Progress,
    task: TaskID,
    tally: Tally,
) -> None:
    async with gate:
        async for _ in session:
            progress.update(task, completed=tally.requests)


async def _session(
    encoding: str, count: int, tally: Tally, drawn: Iterator[Scene], rng: random.Random
) -> AsyncIterator[None]:
    """One server, asked `count` times; it yields after each scene."""
    with tempfile.TemporaryDirectory() as home:
        async with Client(encoding, _OPTIONS, Path(home)) as client:
            driver = Driver(OpenText(client, encoding), tally, rng)
            while tally.requests < count:
                await driver.play(next(drawn), count - tally.requests)
                yield


def main(argv: Sequence[str] | None = None) -> int:
    """0, if there were no problems and enough was answered."""
    parser = argparse.ArgumentParser(prog="python -m tests.requests")
    parser.add_argument("--count", type=int, default=10_000, help="requests (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1, choices=(1, 2, 3), help="servers at a time")
    arguments = parser.parse_args(argv)
    started = time.monotonic()
    try:
        with Progress(console=Console(stderr=True)) as progress:
            tally = asyncio.run(run(arguments.count, arguments.seed, progress, arguments.jobs))
    except KeyboardInterrupt:
        return _INTERRUPTED
    seconds = time.monotonic() - started
    print(f"{tally.requests} requests, {tally.answered} answered, {seconds:.0f} s")
    for kind, number in sorted(tally.by_kind.items()):
        print(f"  {kind}: {number}")
    print(f"{len(tally.problems)} problems")
    for problem in tally.problems:
        print(f"  {problem}")
    return 1 if tally.problems or 5 * tally.answered < tally.requests else 0


if __name__ == "__main__":
    sys.exit(main())
