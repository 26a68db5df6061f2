"""`ruff server` as a child process: a text goes in, its diagnostics come out.

It speaks the language server protocol, JSON messages behind a header with their length. A text
is opened, its diagnostics are asked for, and it is closed again, so that the server remembers
nothing of it. Starting `ruff check` for every text would cost ten times what the check does.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import IO, Any, cast

from ruff import find_ruff_bin

from lintseq.errors import LimitError, LintseqError

TIMEOUT_S = 20.0
"""How long a text may take; the largest that are sampled take less than a second."""

# The texts lie nowhere. Their folder is none that ruff leaves out by itself, as it does `build`.
_FOLDER = Path("/lintseq").absolute()


class RuffServer:
    """A running server; it may be asked from several threads."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        try:
            self._process = subprocess.Popen(
                [find_ruff_bin(), "server"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise LintseqError(f"ruff cannot be started: {error}") from error
        self._to_server = cast("IO[bytes]", self._process.stdin)
        self._received: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._reader = Thread(
            target=_receive, args=(self._process.stdout, self._received), daemon=True
        )
        self._reader.start()
        self._lock = Lock()
        self._asked = 0
        parameters: dict[str, object] = {
            "processId": os.getpid(),
            "rootUri": None,
            "capabilities": {"textDocument": {"diagnostic": {}}},
            "initializationOptions": {"settings": settings},
        }
        self._ask("initialize", parameters)
        self._tell("initialized", {})

    @property
    def is_running(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def diagnostics(self, text: str, name: str) -> list[dict[str, Any]]:
        """What ruff says of `text` as a file called `name`: LSP diagnostics.

        Raises:
            LimitError: ruff crashed, or took too long; it is not running any more.
        """
        document = {"uri": (_FOLDER / name).as_uri()}
        opened = {**document, "languageId": "python", "version": 1, "text": text}
        with self._lock:
            self._tell("textDocument/didOpen", {"textDocument": opened})
            answer = self._ask("textDocument/diagnostic", {"textDocument": document})
            self._tell("textDocument/didClose", {"textDocument": document})
        items: list[dict[str, Any]] = answer["items"]
        return items

    def close(self) -> None:
        """Stop it."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        # What was not sent stays unsent.
        with suppress(OSError):
            self._to_server.close()

    def _ask(self, method: str, parameters: Mapping[str, object]) -> dict[str, Any]:
        self._asked += 1
        number = self._asked
        self._tell(method, parameters, id=number)
        try:
            # Notifications come in between.
            while (message := self._received.get(timeout=TIMEOUT_S)).get("id") != number:
                if message is _ENDED:
                    raise self._failure("ruff crashed")
        except Empty as error:
            raise self._failure(f"ruff took more than {TIMEOUT_S:.0f} s") from error
        if "error" in message:
            raise self._failure(f"ruff refused the text: {message['error'].get('message')}")
        result: dict[str, Any] = message["result"]
        return result

    def _tell(self, method: str, parameters: Mapping[str, object], **head: int) -> None:
        message = {"jsonrpc": "2.0", **head, "method": method, "params": parameters}
        data = json.dumps(message).encode("ascii")
        try:
            self._to_server.write(b"Content-Length: %d\r\n\r\n%b" % (len(data), data))
            self._to_server.flush()
        except OSError as error:
            raise self._failure("ruff crashed") from error

    def _failure(self, reason: str) -> LimitError:
        self.close()
        return LimitError(reason)


# What the reading thread leaves in the queue when the server has gone.
_ENDED: dict[str, Any] = {}


def _receive(stream: IO[bytes], received: "SimpleQueue[dict[str, Any]]") -> None:
    with stream:
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            received.put(json.loads(stream.read(length)))
    received.put(_ENDED)
