"""A real server with a client that works, where something goes wrong, judged afterwards."""

import asyncio
import random
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lintseq.infer.model_file import ENVIRONMENT_VARIABLE, MANIFEST, models_folder, read_manifest
from tests.requests.open_text import OpenText
from tests.requests.rpc import Client, Message
from tests.server.test_engine_process import is_running, workers

MARKER = "xyzzy_of_the_user"
"""Stands in every text; no log may hold it."""
NEEDS_IMPORT = "here = os.getcwd()"
CALL = "    print(num"
_REST = "ber)"
PROGRAM = f'''\
"""What somebody writes. {MARKER}"""

import sys


{NEEDS_IMPORT}
for number in range(10):
{CALL}

# {MARKER} ends here.
'''
_RESTORED_S = 60.0
_ENDED_S = 20.0
_ENCODING = "utf-16"
_KEPT = frozenset({"editor.json", "workspaces.json"})


@dataclass(slots=True)
class Stage:
    """One session while faults are injected."""

    client: Client
    open_text: OpenText
    rng: random.Random
    model: Path
    injected: int = 0
    expected: int = 0
    """How often the user has to have been told something."""
    restored_s: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def worker(self) -> int:
        """The engine's process."""
        (found,) = [process for process in workers(self.client.pid) if is_running(process)]
        return found

    def ghost(self) -> "asyncio.Future[Any]":
        """The ghost text at the call that is being typed, to come."""
        parameters = self.open_text.at(self._call()) | {"context": {"triggerKind": 1}}
        return self.client.ask("textDocument/inlineCompletion", parameters)[1]

    def type(self) -> None:
        """Change a comment, as somebody who types does."""
        text = self.open_text.text
        at = text.rindex(" ends here")
        if text[at - 1] == "s" or self.rng.random() < 0.6:
            self.open_text.type(at, self.rng.choice("aeiou \N{GRINNING FACE}é"))
        else:
            self.open_text.replace(at - 1, at, "")

    async def settle(self, futures: Sequence["asyncio.Future[Any]"]) -> None:
        """Wait until all are answered, well or with an error."""
        _, waiting = await asyncio.wait(futures, timeout=_RESTORED_S)
        if waiting:
            self.problems.append(f"{len(waiting)} of {len(futures)} requests are not answered")

    async def told(self) -> None:
        """Wait until the user has been told all that is expected, as far as that happens."""
        deadline = time.monotonic() + _ENDED_S
        while len(self.client.told) < self.expected and time.monotonic() < deadline:
            await asyncio.sleep(0.05)

    async def restored(self) -> None:
        """Note how long it takes until proposals come again."""
        begin = time.monotonic()
        reason = ""
        while time.monotonic() - begin < _RESTORED_S:
            parameters = self.open_text.place(self._call()) | {"kind": "cursor"}
            answer = await self.client.request("lintseq/propose", parameters)
            if answer["steps"]:
                self.restored_s.append(time.monotonic() - begin)
                return
            reason = answer["silent"]
            # The same question would be answered with what is kept.
            self.type()
            await asyncio.sleep(0.1)
        self.problems.append(f"no proposals after {_RESTORED_S:.0f} s: {reason}")

    async def judge_text(self) -> None:
        """Compare the text of the server, as an answer shows it, with that of the client."""
        # Imports are known for what parses.
        call = self._call()
        self.open_text.type(call, _REST)
        text = self.open_text.text
        parameters = self.open_text.place(text.index(NEEDS_IMPORT)) | {
            "kind": "import",
            "name": "os",
        }
        answer = await self.client.request("lintseq/propose", parameters)
        if not answer["steps"]:
            self.problems.append(f"the text cannot be compared: {answer['silent']}")
        elif answer["steps"][-1].replace("import os\n", "", 1) != text:
            self.problems.append(f"texts differ: {answer['steps'][-1]!r} for {text!r}")
        self.open_text.replace(call, call + len(_REST), "")

    def _call(self) -> int:
        return self.open_text.text.index(CALL) + len(CALL)


@asynccontextmanager
async def stage(
    rng: random.Random,
    *,
    prefix: Sequence[str] = (),
    options: Message = MappingProxyType({}),  # type: ignore[assignment]
    environment: Mapping[str, str] = MappingProxyType({}),
    model: Path | None = None,
) -> AsyncIterator[Stage]:
    """A server with a text open; when it has ended, everything is judged that can be then."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        for folder in ("state", "temporary"):
            (home / folder).mkdir()
        found = model or copied_model(home)
        own = {ENVIRONMENT_VARIABLE: str(found), "TMPDIR": str(home / "temporary")}
        log = home / "log"
        with log.open("wb") as stderr:
            client = Client(
                _ENCODING,
                {"threads": 1, **options},
                home / "state",
                prefix=prefix,
                environment=own | dict(environment),
                log=stderr,
            )
            started: list[int] = []
            async with client:
                open_text = OpenText(client, _ENCODING)
                open_text.open(PROGRAM)
                found_stage = Stage(client, open_text, rng, found)
                yield found_stage
                await found_stage.told()
                # What was told too often comes behind what was told in time.
                await asyncio.sleep(0.2)
                started = workers(client.pid)
        _judge_end(found_stage, [client.pid, *started], home, log)


def copied_model(home: Path) -> Path:
    """A copy of the default model and its manifest, to be damaged."""
    manifest = read_manifest(models_folder())
    folder = home / "models"
    folder.mkdir()
    for name in (MANIFEST, manifest.file):
        shutil.copy(models_folder() / name, folder)
    return folder / manifest.file


def _judge_end(played: Stage, processes: Sequence[int], home: Path, log: Path) -> None:
    played.problems += [
        *_left(processes),
        *_files_left(home),
        *_untold(played.client, played.expected),
    ]
    if MARKER.encode() in log.read_bytes():
        played.problems.append("the log holds the user's text")


def _left(processes: Sequence[int]) -> Iterator[str]:
    deadline = time.monotonic() + _ENDED_S
    while any(map(is_running, processes)) and time.monotonic() < deadline:
        time.sleep(0.05)
    if left := [process for process in processes if is_running(process)]:
        yield f"processes are left: {left}"


def _files_left(home: Path) -> Iterator[str]:
    for folder in ("state", "temporary"):
        for path in (home / folder).rglob("*"):
            if path.is_file() and path.name not in _KEPT:
                yield f"a file is left: {path.relative_to(home)}"


def _untold(client: Client, expected: int) -> Iterator[str]:
    if client.unanswered:
        yield f"{client.unanswered} requests are not answered"
    if len(client.told) != expected:
        yield f"told {len(client.told)} times, not {expected}: {client.told}"
    if any(MARKER in message for message in client.told):
        yield "a message holds the user's text"
