"""Every fault by name, each in a session of its own."""

import random
import tempfile
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from tests.faults import client, disk, engine, model_file
from tests.faults.stage import Stage, copied_model, stage
from tests.namespaces import why_not

Fault = Callable[[Stage], Awaitable[None]]
Case = Callable[[random.Random, int], Coroutine[Any, Any, Stage]]
"""Plays a fault so many times; the stage tells what came of it."""
MIXED = "# \N{GRINNING FACE} é\nvalue_{0} = {0}\n"
TEXTS: dict[str, Callable[[], str]] = {
    "50 MB": lambda: "".join(MIXED.format(number) for number in range(1_650_000)),
    "one line of 5 MB": lambda: f"text = '{'é' * 2_500_000}'\n",
    "200,000 lines": lambda: "value = 1\n" * 200_000,
}


class SkippedError(Exception):
    """The fault cannot be injected here."""


def cases() -> dict[str, Case]:
    """The faults by name."""
    in_one = {
        "engine killed in a request": engine.killed,
        "engine killed at rest": engine.killed_at_rest,
        "engine paused": engine.paused,
        "engine stopped": engine.stopped,
        "engine 50 times slower": engine.slow,
        "engine without memory": engine.without_memory,
        "10,000 changes at once": client.flood,
        "requests and cancels": client.requests_and_cancels,
        "wrong messages": client.wrong_messages,
        "places outside of the text": client.places_outside,
        "strange characters": client.strange_characters,
        "halves of characters": client.halves,
    }
    found: dict[str, Case] = {name: partial(_in_one, fault) for name, fault in in_one.items()}
    for name, text in TEXTS.items():
        found[name] = partial(_enormous, text)
    found["client vanishes"] = _vanishing
    for damage in model_file.DAMAGES:
        words = damage.__name__.replace("_", " ")
        found[f"model at the start: {words}"] = partial(_damaged_at_start, damage)
        found[f"model while running: {words}"] = partial(_damaged_while_running, damage)
    found["disk full"] = partial(_on_disk, disk.full)
    found["disk read-only"] = partial(_on_disk, disk.read_only)
    found["model folder read-only"] = _protected_model
    return found


async def _in_one(fault: Fault, rng: random.Random, times: int) -> Stage:
    async with stage(rng) as played:
        for _ in range(times):
            await fault(played)
            played.injected += 1
            await played.judge_text()
    return played


async def _enormous(text: Callable[[], str], rng: random.Random, _times: int) -> Stage:
    async with stage(rng) as played:
        await client.enormous(played, text())
        played.injected += 1
        await played.judge_text()
    return played


async def _vanishing(rng: random.Random, times: int) -> Stage:
    all_played = Stage.__new__(Stage)
    for number in range(times):
        async with stage(rng) as played:
            await client.vanishes(played)
        if number:
            played.problems += all_played.problems
        played.injected = number + 1
        all_played = played
    return all_played


async def _damaged_at_start(damage: model_file.Damage, rng: random.Random, _times: int) -> Stage:
    with tempfile.TemporaryDirectory() as name:
        path = copied_model(Path(name))
        sound = path.read_bytes()
        damage(path, rng)
        async with stage(rng, model=path) as played:
            await model_file.at_start(played)
            model_file.put_back(path, sound)
            await played.restored()
            played.injected += 1
            await played.judge_text()
    return played


async def _damaged_while_running(
    damage: model_file.Damage, rng: random.Random, _times: int
) -> Stage:
    async with stage(rng) as played:
        await model_file.while_running(played, damage)
        played.injected += 1
        await played.judge_text()
    return played


async def _on_disk(prefix: Callable[[Path], list[str]], rng: random.Random, _times: int) -> Stage:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if reason := why_not(prefix(folder)):
            raise SkippedError(reason)
        environment = disk.in_folder(folder)
        async with stage(rng, prefix=prefix(folder), environment=environment) as played:
            await disk.nothing_to_keep(played)
            played.injected += 1
            await played.judge_text()
    return played


async def _protected_model(rng: random.Random, _times: int) -> Stage:
    """The model lies where nothing may be written, as a package of the system's would have it."""
    with tempfile.TemporaryDirectory() as name:
        path = copied_model(Path(name))
        prefix = disk.protected(path.parent)
        if reason := why_not(prefix):
            raise SkippedError(reason)
        async with stage(rng, prefix=prefix, model=path) as played:
            await played.restored()
            await engine.killed_at_rest(played)
            played.injected += 1
            await played.judge_text()
    return played
