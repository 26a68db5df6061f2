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
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tests.requests.drive import Driver, Tally
from tests.requests.rpc import Client
from tests.requests.texts import files, scenes

ENCODINGS = ("utf-8", "utf-16", "utf-32")
_OPTIONS = {"completion_items": True, "eagerness": "high", "comments": True, "max_lines": 3}
_INTERRUPTED = 130


async def run(count: int, seed: int, progress: Progress) -> Tally:
    """What came of `count` requests, a third of them in each encoding."""
    tally = Tally()
    task = progress.add_task("requests", total=count)
    paths = files()
    for number, encoding in enumerate(ENCODINGS, 1):
        rng = random.Random(f"{seed}:{encoding}")
        drawn = scenes(rng, paths)
        end = count * number // len(ENCODINGS)
        with tempfile.TemporaryDirectory() as home:
            async with Client(encoding, _OPTIONS, Path(home)) as client:
                driver = Driver(client, encoding, tally, rng)
                while tally.requests < end:
                    await driver.play(next(drawn), end - tally.requests)
                    progress.update(task, completed=tally.requests)
    return tally


def main(argv: Sequence[str] | None = None) -> int:
    """0, if there were no problems and enough was answered."""
    parser = argparse.ArgumentParser(prog="python -m tests.requests")
    parser.add_argument("--count", type=int, default=10_000, help="requests (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args(argv)
    started = time.monotonic()
    try:
        with Progress(console=Console(stderr=True)) as progress:
            tally = asyncio.run(run(arguments.count, arguments.seed, progress))
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
