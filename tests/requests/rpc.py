"""The smallest client of a language server: JSON over pipes, nothing of the server's own code."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import IO, Any

Message = dict[str, Any]

_REPOSITORY = Path(__file__).parents[2]
_ANSWER_S = 120.0


class Client:
    """One session with a server of its own; use it as `async with`."""

    def __init__(
        self,
        encoding: str,
        options: Message,
        home: Path,
        *,
        prefix: Sequence[str] = (),
        command: Sequence[str] = (sys.executable, "-P", "-m", "server"),
        environment: Mapping[str, str] = MappingProxyType({}),
        log: IO[bytes] | None = None,
        folder: Path | None = None,
        settings: Message | None = None,
    ) -> None:
        self._command = (*prefix, *command)
        self._own = environment
        self._log = log
        self._folder = folder
        self._settings = settings
        self._encoding = encoding
        self._options = options
        self._home = home
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self.edits: list[Message] = []
        """What the server asked to be applied."""
        self.told: list[str] = []
        """What the user was shown."""

    async def __aenter__(self) -> "Client":
        own = {
            "PYTHONPATH": str(_REPOSITORY),
            "LINTSEQ_SETTINGS": str(self._home / "none.toml"),
            "XDG_STATE_HOME": str(self._home),
        }
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=self._log,
            cwd=self._folder,
            env=os.environ | own | dict(self._own),
        )
        self._reader = asyncio.create_task(self._read())
        await self.request("initialize", self._initialize())
        self.notify("initialized", {})
        while (await self.request("lintseq/status", None))["state"] == "loading":
            await asyncio.sleep(0.05)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process is not None
        assert self._reader is not None
        if kind is None:
            if not self.is_over:
                await self.request("shutdown", None)
                self.notify("exit", None)
        else:
            self._process.kill()
        await self._process.wait()
        self._reader.cancel()

    @property
    def pid(self) -> int:
        """The server's process."""
        assert self._process is not None
        return self._process.pid

    @property
    def is_over(self) -> bool:
        """Whether the server has ended, or its client has gone."""
        assert self._process is not None
        assert self._process.stdin is not None
        return self._process.returncode is not None or self._process.stdin.is_closing()

    @property
    def unanswered(self) -> int:
        """How many requests wait for their answer."""
        return sum(not future.done() for future in self._waiting.values())

    def vanish(self) -> None:
        """Go without a word."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.close()

    async def ended(self) -> int:
        """The exit status of the server, once it has ended."""
        assert self._process is not None
        return await asyncio.wait_for(self._process.wait(), _ANSWER_S)

    async def written(self) -> None:
        """Return when the server has taken what was sent, but for what the pipe holds."""
        assert self._process is not None
        assert self._process.stdin is not None
        await self._process.stdin.drain()

    async def request(self, method: str, parameters: object) -> Any:  # noqa: ANN401
        """The result.

        Raises:
            ValueError: the server answered with an error.
        """
        return await asyncio.wait_for(self.ask(method, parameters)[1], _ANSWER_S)

    def ask(self, method: str, parameters: object) -> tuple[int, "asyncio.Future[Any]"]:
        """The number of a request, and its answer to come."""
        number = next(self._numbers)
        future = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._send({"id": number, "method": method, "params": parameters})
        return number, future

    def notify(self, method: str, parameters: object) -> None:
        """Tell the server something."""
        self._send({"method": method, "params": parameters})

    def _send(self, message: Message) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        if message.get("params", 0) is None:
            del message["params"]
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))

    def write(self, data: bytes) -> None:
        """Send bytes, whatever they are."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(data)

    async def _read(self) -> None:
        assert self._process is not None
        stream = self._process.stdout
        assert stream is not None
        try:
            while True:
                head = await stream.readuntil(b"\r\n\r\n")
                length = int(head.split(b"Content-Length:")[1].split()[0])
                self._receive(json.loads(await stream.readexactly(length)))
        except asyncio.IncompleteReadError:
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(ValueError("the server has ended"))

    def _receive(self, message: Message) -> None:
        if "method" not in message:
            # What is no message of ours is answered without a number.
            future = self._waiting.pop(message["id"], None)
            if future is None or future.done():
                return
            if "error" in message:
                future.set_exception(ValueError(message["error"]["message"]))
            else:
                future.set_result(message["result"])
        elif message["method"] == "window/showMessage":
            self.told.append(message["params"]["message"])
        elif "id" in message:
            is_edit = message["method"] == "workspace/applyEdit"
            if is_edit:
                self.edits.append(message["params"]["edit"])
            result: object = {"applied": True} if is_edit else None
            if message["method"] == "workspace/configuration":
                result = [self._settings]
            self._send({"id": message["id"], "result": result})

    def _initialize(self) -> Message:
        action = {"dataSupport": True, "resolveSupport": {"properties": ["edit"]}}
        return {
            "processId": os.getpid(),
            "rootUri": self._folder.as_uri() if self._folder else None,
            "capabilities": {
                "general": {"positionEncodings": [self._encoding]},
                "workspace": {
                    "applyEdit": True,
                    "workspaceEdit": {"documentChanges": True},
                    "configuration": self._settings is not None,
                },
                "textDocument": {"codeAction": action, "inlineCompletion": {}},
            },
            "initializationOptions": self._options,
        }
