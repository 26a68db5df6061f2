"""Somebody's work with the real server: files opened, typed in, asked about, left alone, closed."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from pathlib import Path

from tests.requests.rpc import Client
from tests.requests.texts import files
from tests.soak.reading import Reading, read_process

_ENCODING = "utf-16"
_MOST_OPEN = 6
_MOST_CHARACTERS = 60_000
_IDLE_S = (0.5, 3.0)
# Some hundred files an hour: enough of them in a part of it that parts can be compared.
_OPENED, _CLOSED = 0.2, 0.08


class Work:
    """One session; every file is one that came with Python or this repository."""

    def __init__(self, client: Client, rng: random.Random) -> None:
        self._client = client
        self._rng = rng
        self._paths = files()
        self._open: dict[str, tuple[int, str]] = {}
        self._opened = 0
        self.latencies_ms: list[float] = []

    async def go_on(self, seconds: float, every_s: float) -> AsyncIterator[Reading]:
        """Work for so long; a reading at the begin of each interval and at the end."""
        begin = time.monotonic()
        next_reading = 0.0
        while (now := time.monotonic() - begin) < seconds:
            if now >= next_reading:
                yield self._reading(now)
                next_reading += every_s
            await self._step()
        yield self._reading(seconds)

    async def _step(self) -> None:
        if not self._open or (len(self._open) < _MOST_OPEN and self._rng.random() < _OPENED):
            self._open_file()
        uri = self._rng.choice([*self._open])
        chance = self._rng.random()
        if chance < _CLOSED:
            self._close(uri)
        elif chance < _CLOSED + 0.04:
            await asyncio.sleep(self._rng.uniform(*_IDLE_S))
        elif chance < _CLOSED + 0.1:
            await self._ask("lintseq/propose", self._place(uri) | {"kind": "nextEdit"})
        else:
            await self._type(uri)

    async def _type(self, uri: str) -> None:
        """Some characters at a place of the text, and ghost text after each; then taken back."""
        version, text = self._open[uri]
        lines = text.split("\n")
        number = self._rng.randrange(len(lines))
        line, typed = (
            lines[number],
            self._rng.choice(["    return ", "x = ", "for item in ", "self."]),
        )
        for length in range(1, len(typed) + 1, 3):
            self._change(uri, number, typed[:length] + line)
            where = {"line": number, "character": length}
            ask = {"textDocument": {"uri": uri}, "position": where, "context": {"triggerKind": 1}}
            await self._ask("textDocument/inlineCompletion", ask)
        self._change(uri, number, line)
        assert self._open[uri][1] == text
        assert self._open[uri][0] > version

    async def _ask(self, method: str, parameters: dict[str, object]) -> None:
        begin = time.perf_counter()
        await self._client.request(method, parameters)
        self.latencies_ms.append((time.perf_counter() - begin) * 1000)

    def _change(self, uri: str, number: int, line: str) -> None:
        version, text = self._open[uri]
        lines = text.split("\n")
        area = {
            "start": {"line": number, "character": 0},
            "end": {"line": number, "character": len(lines[number].encode("utf-16-le")) // 2},
        }
        lines[number] = line
        self._open[uri] = version + 1, "\n".join(lines)
        this = {"uri": uri, "version": version + 1}
        changes = {"contentChanges": [{"range": area, "text": line}]}
        self._client.notify("textDocument/didChange", {"textDocument": this} | changes)

    def _open_file(self) -> None:
        path = self._rng.choice(self._paths)
        text = Path(path).read_text("utf-8", "replace").replace("\r", "")[:_MOST_CHARACTERS]
        self._opened += 1
        uri = f"file:///project/{self._opened}/{Path(path).name}"
        self._open[uri] = 1, text
        item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self._client.notify("textDocument/didOpen", {"textDocument": item})

    def _close(self, uri: str) -> None:
        del self._open[uri]
        self._client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def _place(self, uri: str) -> dict[str, object]:
        version, text = self._open[uri]
        line = self._rng.randrange(text.count("\n") + 1)
        return {"uri": uri, "version": version, "position": {"line": line, "character": 0}}

    def _reading(self, at_s: float) -> Reading:
        latencies, self.latencies_ms = self.latencies_ms, []
        return read_process(self._client.pid, at_s, latencies)
