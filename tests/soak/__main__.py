"""`python -m tests.soak`, or `make soak`: an hour of work, after which all is as it was before.

Many files, edits, requests and idle phases against the real server with the default model. Memory
at the end has to be within 5 % of that after a sixth of the time, and no file or thread more.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tests.requests.rpc import Client
from tests.soak.plot import plot
from tests.soak.reading import Reading
from tests.soak.verdict import problems
from tests.soak.work import Work

_INTERRUPTED = 130
_SETTLED = 1 / 6
_READINGS = 120


async def soak(seconds: float, seed: int, progress: Progress) -> list[Reading]:
    """The readings of a session of so long."""
    readings = []
    task = progress.add_task("soak", total=seconds)
    with tempfile.TemporaryDirectory() as home:
        async with Client("utf-16", {}, Path(home)) as client:
            work = Work(client, random.Random(seed))
            async for reading in work.go_on(seconds, seconds / _READINGS):
                readings.append(reading)
                progress.update(task, completed=reading.at_s)
            assert client.told == [], client.told
    return readings


def main(argv: Sequence[str] | None = None) -> int:
    """0, if nothing grew."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--picture", type=Path, metavar="SVG", help="draw what was read")
    parser.add_argument("--record", type=Path, metavar="JSONL", help="keep what was read")
    arguments = parser.parse_args(argv)
    seconds = 60 * arguments.minutes
    try:
        with Progress(console=Console(stderr=True)) as progress:
            readings = asyncio.run(soak(seconds, arguments.seed, progress))
    except KeyboardInterrupt:
        return _INTERRUPTED
    if arguments.record:
        lines = (json.dumps(asdict(each)) + "\n" for each in readings)
        arguments.record.write_text("".join(lines), "utf-8")
    if arguments.picture:
        plot(readings, arguments.picture)
    found = [*problems(readings, seconds * _SETTLED)]
    settled = next(each for each in readings if each.at_s >= seconds * _SETTLED)
    told = {"requests": sum(each.requests for each in readings), "settled": asdict(settled)}
    print(json.dumps(told | {"end": asdict(readings[-1]), "problems": found}, indent=1))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
