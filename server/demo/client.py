"""A small editor without a screen: it speaks the protocol with the real server over stdio."""

import asyncio
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from server.messages import STATUS, STEPS, Kind, ProposeParameters

_LOADING_S = 60.0


@dataclass(frozen=True, slots=True)
class Ghost:
    """The answer to a request for ghost text."""

    shown: str
    """The text to insert at the cursor; nothing if the server stayed silent."""
    reason: str
    """Why it did."""
    ms: float
    """From the request to its answer, as the client measured it."""


class Editor:
    """A client with one open document at a time; use it as `async with Editor() as …`."""

    def __init__(self) -> None:
        self._client = LanguageClient("lintseq-demo", "1")
        self._uri = ""
        self._version = 0

    async def __aenter__(self) -> "Editor":
        # The very command that an editor is configured with; ctrl-c is for the demo to handle.
        command = (sys.executable, "-P", "-m", "server")
        await self._client.start_io(*command, start_new_session=True)
        await self._client.initialize_async(
            types.InitializeParams(
                process_id=None,
                root_uri=None,
                capabilities=types.ClientCapabilities(
                    general=types.GeneralClientCapabilities(
                        position_encodings=[types.PositionEncodingKind.Utf32]
                    )
                ),
            )
        )
        self._client.initialized(types.InitializedParams())
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self._client.shutdown_async(None)
        self._client.exit(None)
        await self._client.stop()  # type: ignore[no-untyped-call]

    async def until_ready(self) -> str:
        """Wait for the model; its name.

        Raises:
            TimeoutError: the server still loads; the message is its reason.
        """
        started = time.monotonic()
        status = await self._status()
        while status.state == "loading":
            if time.monotonic() - started > _LOADING_S:
                raise TimeoutError(status.reason)
            await asyncio.sleep(0.05)
            status = await self._status()
        if not status.model:
            raise TimeoutError(status.reason)
        return str(status.model)

    def open(self, path: Path, text: str) -> None:
        """Open `text` as the file at `path`, in place of what was open."""
        self.close()
        self._uri = path.resolve().as_uri()
        self._version += 1
        self._client.text_document_did_open(
            types.DidOpenTextDocumentParams(
                types.TextDocumentItem(self._uri, "python", self._version, text)
            )
        )

    def close(self) -> None:
        """Close what is open, if anything is."""
        if self._uri:
            self._client.text_document_did_close(
                types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(self._uri))
            )
            self._uri = ""

    async def ghost(self, line: int, character: int, *, is_asked: bool = False) -> Ghost:
        """The ghost text at a cursor (from 0, in characters), or why there is none."""
        kind = types.InlineCompletionTriggerKind
        started = time.perf_counter()
        result = await self._client.text_document_inline_completion_async(
            types.InlineCompletionParams(
                context=types.InlineCompletionContext(kind.Invoked if is_asked else kind.Automatic),
                text_document=types.TextDocumentIdentifier(self._uri),
                position=types.Position(line, character),
            )
        )
        ms = (time.perf_counter() - started) * 1000
        items = result.items if isinstance(result, types.InlineCompletionList) else result or []
        if items:
            return Ghost(str(items[0].insert_text), "", ms)
        return Ghost("", str((await self._status()).reason), ms)

    async def steps(self, line: int, character: int, kind: Kind) -> Any:  # noqa: ANN401
        """The answer to `lintseq/steps`: the same proposal, step by step with diffs."""
        return await self._client.protocol.send_request_async(
            STEPS, self._parameters(line, character, kind)
        )

    def _parameters(self, line: int, character: int, kind: Kind) -> ProposeParameters:
        return ProposeParameters(self._uri, self._version, types.Position(line, character), kind)

    async def _status(self) -> Any:  # noqa: ANN401  any JSON object
        return await self._client.protocol.send_request_async(STATUS, None)
