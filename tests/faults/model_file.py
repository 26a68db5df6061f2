"""Faults of the model's file: at the start of a session, and while it runs."""

import os
import random
import signal
from collections.abc import Callable
from pathlib import Path

from tests.faults.stage import Stage
from tests.infer.tiny_model import TinyModel, write_tiny_model

Damage = Callable[[Path, random.Random], None]
_HEADER_BYTES = 4096


def missing(path: Path, _rng: random.Random) -> None:
    path.unlink()


def empty(path: Path, _rng: random.Random) -> None:
    path.write_bytes(b"")


def truncated(path: Path, rng: random.Random) -> None:
    os.truncate(path, rng.randrange(1, path.stat().st_size))


def damaged_header(path: Path, rng: random.Random) -> None:
    _overwrite(path, rng, 0, _HEADER_BYTES)


def damaged_weights(path: Path, rng: random.Random) -> None:
    _overwrite(path, rng, path.stat().st_size // 2, path.stat().st_size)


def other_version(path: Path, _rng: random.Random) -> None:
    path.unlink()
    write_tiny_model(path, TinyModel(format_version=2))


def other_architecture(path: Path, _rng: random.Random) -> None:
    data = path.read_bytes()
    path.write_bytes(data.replace(b"llama", b"mamba"))


def another_model(path: Path, _rng: random.Random) -> None:
    """A sound file, but not the one that the manifest describes."""
    path.unlink()
    write_tiny_model(path, TinyModel(context=2048))


DAMAGES: tuple[Damage, ...] = (
    *(missing, empty, truncated, damaged_header, damaged_weights),
    *(other_version, other_architecture, another_model),
)


async def at_start(stage: Stage) -> None:
    """The session began without a sound model: told once; put right, it is taken up."""
    stage.expected += 1
    answer = await stage.client.request("lintseq/propose", _place(stage))
    if answer["steps"] or not answer["silent"]:
        stage.problems.append(f"a damaged model answers: {answer}")
    await stage.told()


async def while_running(stage: Stage, damage: Damage) -> None:
    """Damaged under a running engine, which goes on; it is killed, and must not come back wrong."""
    sound = stage.model.read_bytes()
    await stage.restored()
    damage(stage.model, stage.rng)
    await stage.restored()
    os.kill(stage.worker(), signal.SIGKILL)
    stage.expected += 1
    await stage.settle([stage.ghost()])
    stage.type()
    answer = await stage.client.request("lintseq/propose", _place(stage))
    if answer["steps"]:
        stage.problems.append("a damaged model was taken up")
    put_back(stage.model, sound)
    await stage.told()
    await stage.restored()


def put_back(path: Path, content: bytes) -> None:
    """Replace the file as an installer does."""
    new = path.with_name("new")
    new.write_bytes(content)
    new.replace(path)


def _place(stage: Stage) -> dict[str, object]:
    return stage.open_text.place(0) | {"kind": "cursor"}


def _overwrite(path: Path, rng: random.Random, start: int, stop: int) -> None:
    with path.open("r+b") as file:
        for _ in range(16):
            file.seek(rng.randrange(start, stop))
            file.write(rng.randbytes(8))
