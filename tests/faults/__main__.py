"""`python -m tests.faults`, or `make faults`: what can go wrong goes wrong, and nothing is lost.

Each fault is injected into a real server with the default model while a client works. Afterwards
every request has to be answered, the server's text equal to the client's, no process and no
temporary file left, the log without the user's text, and the user told exactly once.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track

from tests.faults.cases import SkippedError, cases
from tests.faults.data import DATA

_REPEATED = frozenset({"engine killed in a request"})
_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """0, if nothing was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--only", default="", help="the faults whose name holds this")
    parser.add_argument("--times", type=int, default=100, help="kills (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args(argv)
    names = [name for name in (*cases(), *DATA) if arguments.only in name]
    try:
        return _play(names, arguments.times, arguments.seed)
    except KeyboardInterrupt:
        return _INTERRUPTED


def _play(names: Sequence[str], times: int, seed: int) -> int:
    problems = 0
    console = Console(stderr=True)
    for name in track(names, "faults", console=console, transient=True):
        begin = time.monotonic()
        found = _data(name, times, seed) if name in DATA else _session(name, times, seed)
        told = {"fault": name, **found, "seconds": round(time.monotonic() - begin, 1)}
        print(json.dumps(told), flush=True)
        problems += bool(found.get("problems"))
    return 1 if problems else 0


def _session(name: str, times: int, seed: int) -> dict[str, object]:
    rng = random.Random(f"{seed}:{name}")
    count = times if name in _REPEATED else min(times, 3)
    try:
        played = asyncio.run(cases()[name](rng, count))
    except SkippedError as error:
        return {"skipped": str(error)}
    return {
        "injected": played.injected,
        "told": len(played.client.told),
        "restored_s": round(max(played.restored_s, default=0.0), 1),
        "problems": played.problems,
    }


def _data(name: str, times: int, seed: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        try:
            killed = DATA[name](Path(folder), times, seed)
        except AssertionError as error:
            return {"problems": [str(error)]}
    return {"injected": killed.total(), "in": dict(killed), "problems": []}


if __name__ == "__main__":
    sys.exit(main())
