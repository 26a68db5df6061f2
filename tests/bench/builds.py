"""How fast the default model runs on this environment's build of llama.cpp.

`python -m tests.bench.builds [--threads N] [--rounds N] [--against PYTHON]`: with the Python
of another environment both take short turns, so that what else the machine does meets both.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from lintseq.infer.llama import Model
from lintseq.infer.model_file import default_model
from tests.bench.raw import RawLoop

_PROMPT = 512
_GENERATED = 64
_CONTEXT = 1024


def main(argv: Sequence[str] | None = None) -> int:
    """Print the medians: tokens a second of reading a prompt and of generating behind it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--against", metavar="PYTHON", help="of the other environment")
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.once:
        print(json.dumps(measured(arguments.threads)))
        return 0
    pythons = [sys.executable, *filter(None, [arguments.against])]
    found: dict[str, list[dict[str, float | str]]] = {python: [] for python in pythons}
    for _ in range(arguments.rounds):
        for python in pythons:
            found[python].append(_in(python, arguments.threads))
    for python, rows in found.items():
        speeds = [
            f"{name} {statistics.median(float(row[name]) for row in rows):.0f}"
            for name in ("prompt", "generate")
        ]
        print(f"{python}: {rows[0]['library']}: tokens/s {', '.join(speeds)}")
    return 0


def measured(threads: int) -> dict[str, float | str]:
    """Tokens a second, and the library that computed them."""
    model = Model(default_model())
    loop = RawLoop(model, tokens=_CONTEXT, threads=threads)
    tokens = model.tokenize(Path(__file__).read_bytes() * 4)[:_PROMPT]
    loop.prompt(tokens)
    reading_s = loop.prompt(tokens)
    writing_s = min(loop.generate(tokens, _GENERATED) for _ in range(3))
    return {
        "library": _library(),
        "prompt": len(tokens) / reading_s,
        "generate": _GENERATED / writing_s,
    }


def _library() -> str:
    """The file that computes, by what the process has in memory."""
    maps = Path("/proc/self/maps")
    found = re.findall(r"libggml-cpu[\w-]*", maps.read_text()) if maps.exists() else []
    return ", ".join(sorted(set(found))) or "unknown"


def _in(python: str, threads: int) -> dict[str, float | str]:
    command = [python, "-m", "tests.bench.builds", "--once", "--threads", str(threads)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    row: dict[str, float | str] = json.loads(done.stdout)
    return row


if __name__ == "__main__":
    sys.exit(main())
