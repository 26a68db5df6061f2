"""Inputs tried on a target until the time is up: mutations of the corpus, or led by coverage."""

import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.fuzz.targets import Target

CORPUS = Path(__file__).with_name("corpus")
_REPOSITORY = Path(__file__).parents[2]
_PIECES = (
    *(b"<|diff|>", b"<|endoftext|>", b"@@ -0,0 +1 @@\n", b"@@ -1,0 +2,3 @@\n", b"\n", b"\r", b"\0"),
    *(b"\\ No newline at end of file\n", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xff\x3d\xd8"),
    *(
        b"    ",
        b"\t",
        b"(",
        b"'''",
        b"# noqa",
        b"def f(",
        b":",
        b"999999999",
        b"{",
        b"null",
        b"\x1e",
    ),
)
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a campaign."""

    inputs: int
    found: bytes | None = None
    """An input that breaks a law."""
    reason: str = ""


def seeds(name: str) -> list[bytes]:
    """The inputs that were kept for a target."""
    return [path.read_bytes() for path in sorted((CORPUS / name).iterdir())]


def has_coverage() -> bool:
    """Whether inputs can be led by coverage."""
    return find_spec("atheris") is not None


def mutate(target: Target, kept: list[bytes], seconds: float, rng: random.Random) -> Tried:
    """Try mutations of what was kept until the time is up, or one breaks a law."""
    end = time.monotonic() + seconds
    count = 0
    while time.monotonic() < end:
        data = mutated(rng.choice(kept), kept, rng)
        count += 1
        try:
            target(data)
        except Exception as error:  # whatever it is, it is a finding
            return Tried(count, data, f"{type(error).__name__}: {error}")
    return Tried(count)


def mutated(data: bytes, kept: list[bytes], rng: random.Random) -> bytes:
    """The bytes, a few times cut, doubled, overwritten or joined with others."""
    for _ in range(rng.randint(1, 6)):
        start = rng.randint(0, len(data))
        end = min(len(data), start + int(rng.expovariate(0.1)))
        piece = rng.choice((rng.choice(_PIECES), rng.randbytes(rng.randint(1, 4)), data[start:end]))
        other = rng.choice(kept)
        match rng.randrange(4):
            case 0:
                data = data[:start] + data[end:]
            case 1:
                data = data[:start] + piece + data[start:]
            case 2:
                data = data[:start] + piece + data[end:]
            case _:
                cut = rng.randint(0, len(other))
                data = data[:start] + other[cut : cut + 200] + data[end:]
    return data[:_LONGEST]


def follow_coverage(name: str, seconds: float) -> Tried:
    """Let coverage lead for so long, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        # To libFuzzer no seconds are no limit.
        limit = str(max(1, round(seconds)))
        command = [sys.executable, "-P", "-m", "tests.fuzz.coverage", name, folder, limit]
        path = os.pathsep.join([str(_REPOSITORY), os.environ.get("PYTHONPATH", "")])
        environment = os.environ | {"PYTHONPATH": path}
        ended = subprocess.run(
            command, capture_output=True, text=True, check=False, env=environment, cwd=folder
        )
        lines = ended.stderr.splitlines()
        counts = [line.split()[-1] for line in lines if "stat::number_of_executed_units" in line]
        inputs = int(counts[-1]) if counts else 0
        crashes = [path.read_bytes() for path in Path(folder).glob("found-*")]
        if ended.returncode == 0 and not crashes:
            return Tried(inputs)
        reason = "\n".join(lines[-40:])
        return Tried(inputs, crashes[0] if crashes else None, reason)
