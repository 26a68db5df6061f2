"""`python -m tests.soak`, or `make soak`: an hour of work, after which all is as it was before.

Many files, edits, requests and idle phases against the real server with the default model. Memory
at the end has to be within 5 % of that after a sixth of the time, no file or thread more, and the
last third of the time after it as quick as the first one.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tests.requests.rpc import Client
from tests.soak.part import compared
from tests.soak.plot import plot
from tests.soak.reading import Reading
from tests.soak.verdict import problems, slower
from tests.soak.work import Work

_INTERRUPTED = 130
_SETTLED = 1 / 6
_READINGS = 120


async def soak(seconds: float, seed: int, threads: int, progress: Progress) -> list[Reading]:
    """The readings of a session of so long; the engine's threads are its own choice if 0."""
    readings = []
    options = {"threads": threads} if threads else {}
    task = progress.add_task("soak", total=seconds)
    with tempfile.TemporaryDirectory() as home:
        async with Client("utf-16", options, Path(home)) as client:
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
    parser.add_argument(
        "--threads", type=int, default=0, help="of the engine (default: its choice)"
    )
    parser.add_argument("--picture", type=Path, metavar="SVG", help="draw what was read")
    parser.add_argument("--record", type=Path, metavar="JSONL", help="keep what was read")
    arguments = parser.parse_args(argv)
    seconds = 60 * arguments.minutes
    try:
        with Progress(console=Console(stderr=True)) as progress:
            readings = asyncio.run(soak(seconds, arguments.seed, arguments.threads, progress))
    except KeyboardInterrupt:
        return _INTERRUPTED
    if arguments.record:
        lines = (json.dumps(asdict(each)) + "\n" for each in readings)
        arguments.record.write_text("".join(lines), "utf-8")
    if arguments.picture:
        plot(readings, arguments.picture)
    settled_s = seconds * _SETTLED
    found = [*problems(readings, settled_s), *slower(readings, settled_s)]
    print(json.dumps(_figures(readings, settled_s) | {"problems": found}, indent=1))
    return 1 if found else 0


def _figures(readings: Sequence[Reading], settled_s: float) -> dict[str, object]:
    """What the verdict is about, without the single latencies."""
    settled = next(each for each in readings if each.at_s >= settled_s)
    first, last = compared(readings, settled_s) or (None, None)
    return {
        "requests": sum(len(each.latencies_ms) for each in readings),
        "settled": asdict(replace(settled, latencies_ms=())),
        "end": asdict(replace(readings[-1], latencies_ms=())),
        "first third": first and asdict(first),
        "last third": last and asdict(last),
    }


if __name__ == "__main__":
    sys.exit(main())
