"""A small editor over the real protocol: it starts a server, types, and asks."""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from lsprotocol import types
from pytest_lsp import LanguageClient, make_test_lsp_client

FAKE_SERVER = [sys.executable, str(Path(__file__).with_name("fake_server.py"))]
REAL_SERVER = [sys.executable, "-P", "-m", "server"]
REPOSITORY = Path(__file__).parents[2]
UTF16 = types.PositionEncodingKind.Utf16
_WAIT_S = 30.0


def capabilities(encoding: types.PositionEncodingKind = UTF16) -> types.ClientCapabilities:
    """What a full editor can do."""
    return types.ClientCapabilities(
        general=types.GeneralClientCapabilities(position_encodings=[encoding]),
        window=types.WindowClientCapabilities(work_done_progress=True),
        workspace=types.WorkspaceClientCapabilities(
            apply_edit=True,
            workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True),
        ),
        text_document=types.TextDocumentClientCapabilities(
            inline_completion=types.InlineCompletionClientCapabilities(),
            code_action=types.CodeActionClientCapabilities(
                code_action_literal_support=types.ClientCodeActionLiteralOptions(
                    types.ClientCodeActionKindOptions(value_set=[])
                ),
                data_support=True,
                disabled_support=True,
                resolve_support=types.ClientCodeActionResolveOptions(properties=["edit"]),
            ),
        ),
    )


def message(number: int | None, method: str, parameters: object) -> bytes:
    """A message as its bytes, right or wrong; a notification if it has no number."""
    fields: dict[str, object] = {"jsonrpc": "2.0", "method": method}
    fields |= {} if number is None else {"id": number}
    fields |= {} if parameters is None else {"params": parameters}
    data = json.dumps(fields).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(data), data)


class Editor:
    """One open file in one session with a server."""

    def __init__(self, client: LanguageClient, uri: str) -> None:
        self.client = client
        self.uri = uri
        self.version = 0
        self.applied: list[types.WorkspaceEdit] = []
        self.statuses: list[Any] = []
        self.capable: types.ServerCapabilities | None = None
        self.questions: list[str] = []
        self.answer: str | None = None
        """What the user answers to questions."""

    @property
    def server_id(self) -> int:
        """The process that the server runs in."""
        process: Any = getattr(self.client, "_server", None)
        return int(process.pid)

    def open(self, text: str, language: str = "python") -> None:
        self.version += 1
        item = types.TextDocumentItem(self.uri, language, self.version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def replace(self, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        self.version += 1
        area = types.Range(types.Position(*start), types.Position(*end))
        change = types.TextDocumentContentChangePartial(range=area, text=text)
        identifier = types.VersionedTextDocumentIdentifier(self.version, self.uri)
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(identifier, [change])
        )

    def close(self) -> None:
        self.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(self.uri))
        )

    async def ghost(self, line: int, character: int, *, invoked: bool = False) -> str | None:
        """What is shown at a place, if anything."""
        item = await self.ghost_item(line, character, invoked=invoked)
        return None if item is None else str(item.insert_text)

    async def ghost_item(
        self, line: int, character: int, *, invoked: bool = False
    ) -> types.InlineCompletionItem | None:
        """The first of them."""
        return next(iter(await self.ghost_items(line, character, invoked=invoked)), None)

    async def ghost_items(
        self, line: int, character: int, *, invoked: bool = False
    ) -> Sequence[types.InlineCompletionItem]:
        kind = types.InlineCompletionTriggerKind
        params = types.InlineCompletionParams(
            types.InlineCompletionContext(kind.Invoked if invoked else kind.Automatic),
            types.TextDocumentIdentifier(self.uri),
            types.Position(line, character),
        )
        result = await self.client.text_document_inline_completion_async(params)
        if result is None:
            return ()
        assert isinstance(result, types.InlineCompletionList)
        assert all(isinstance(item.insert_text, str) for item in result.items)
        return result.items

    async def actions(self, line: int, only: Sequence[str] | None = None) -> list[types.CodeAction]:
        """The code actions at a line that are computed when they are resolved.

        Those with a command are left out: lsprotocol takes them for bare commands.
        """
        listed = await self.listed(line, only)
        return [action for action in listed if isinstance(action, types.CodeAction)]

    async def listed(
        self,
        line: int,
        only: Sequence[str] | None = None,
        diagnostics: Sequence[types.Diagnostic] = (),
    ) -> Sequence[types.CodeAction | types.Command]:
        place = types.Position(line, 0)
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(self.uri),
            types.Range(place, place),
            types.CodeActionContext(diagnostics=diagnostics, only=only),
        )
        return await self.client.text_document_code_action_async(params) or ()

    async def request(
        self, method: str, params: object = None, message_id: str | None = None
    ) -> Any:  # noqa: ANN401  a JSON value whose keys are attributes
        protocol: Any = self.client.protocol
        return await protocol.send_request_async(method, params, msg_id=message_id)

    async def command(
        self, name: str, *arguments: object, token: str | None = None
    ) -> dict[str, Any]:
        result = await self.client.workspace_execute_command_async(
            types.ExecuteCommandParams(name, list(arguments), work_done_token=token)
        )
        assert isinstance(result, dict)
        return result

    async def messages(self, count: int = 1) -> list[str]:
        """What the user was told, once it is `count` messages."""
        async with asyncio.timeout(_WAIT_S):
            while len(self.client.messages) < count:
                await asyncio.sleep(0.02)
        return [message.message for message in self.client.messages]

    async def until(self, *states: str) -> None:
        """Return when the server is in one of the states."""
        async with asyncio.timeout(_WAIT_S):
            while (await self.request("lintseq/status")).state not in states:
                await asyncio.sleep(0.02)


@asynccontextmanager
async def editor(
    command: Sequence[str] = FAKE_SERVER,
    *,
    options: object = None,
    encoding: types.PositionEncodingKind = UTF16,
    environment: dict[str, str] | None = None,
    name: str = "example.py",
    able: types.ClientCapabilities | None = None,
    configuration: Mapping[str, object] | None = None,
    folder: Path | None = None,
) -> AsyncIterator[Editor]:
    """An editor whose server has loaded its model, or told why it cannot.

    Without a folder, which is the workspace, the file lies where there is none.
    """
    client = make_test_lsp_client()
    client.set_configuration(configuration or {})
    session = Editor(client, (folder / name).as_uri() if folder else f"file:///project/{name}")

    def apply_edit(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        session.applied.append(params.edit)
        return types.ApplyWorkspaceEditResult(applied=True)

    def status_changed(status: Any) -> None:  # noqa: ANN401  pygls tells servers by annotation
        session.statuses.append(status)

    def ask(params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
        session.questions.append(params.message)
        return types.MessageActionItem(session.answer) if session.answer else None

    register: Any = client.feature
    register(types.WINDOW_SHOW_MESSAGE_REQUEST)(ask)
    register(types.WORKSPACE_APPLY_EDIT)(apply_edit)
    register("lintseq/status")(status_changed)

    stop: Any = client.stop
    # Whoever runs the tests may have settings of their own.
    home = tempfile.TemporaryDirectory()
    paths = {
        "PYTHONPATH": str(REPOSITORY),
        "LINTSEQ_SETTINGS": "none.toml",
        "XDG_STATE_HOME": home.name,
    }
    await client.start_io(*command, env=os.environ | paths | (environment or {}), cwd=REPOSITORY)
    try:
        initialized = await client.initialize_session(
            types.InitializeParams(
                capabilities=able or capabilities(encoding),
                initialization_options=options,
                root_uri=folder.as_uri() if folder else None,
            )
        )
        session.capable = initialized.capabilities
        await session.until("ready", "silent")
        yield session
    finally:
        await client.shutdown_session()
        await stop()
        home.cleanup()
