"""One editor session: the server object and the state that its features share."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import attrs
from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcMethodNotFound,
    JsonRpcParseError,
)
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter
from pygls.uris import to_fs_path

from lintseq.imports.known import Surroundings
from lintseq.infer.engine import Engine
from lintseq.sandbox.run import Sandbox
from server import messages
from server.convert import Positions, positions
from server.documents import Document, Documents
from server.indexes import Indexes
from server.memory import Memories
from server.neighbours import Neighbours
from server.options import Options
from server.proposer import Proposer
from server.settings import Layer
from server.snooze import Snooze
from server.status import Status, StatusBoard
from server.unfit import why_unfit

# pygls would keep texts of its own, split where an editor does not split and with the
# positions of a change overwritten, and could not cancel a command that runs.
_TAKEN_OVER = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.WORKSPACE_EXECUTE_COMMAND,
)

logger = logging.getLogger(__name__)

# What a client's wrong message comes to; its user can do nothing about it.
_WRONG_MESSAGES = (
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcMethodNotFound,
    JsonRpcParseError,
    json.JSONDecodeError,
    UnicodeDecodeError,
)

StartEngine = Callable[[Options, Callable[[str], None]], Engine]
"""What starts the engine for options; the callable is told when its process ends by itself."""


@attrs.define
class CustomRequest:
    """A request that LSP does not define, its parameters still a JSON value."""

    id: int | str
    method: str
    jsonrpc: str
    params: Any = None


class LintseqProtocol(LanguageServerProtocol):
    """pygls' protocol, with documents, commands and custom requests handled by features."""

    def __init__(self, server: LanguageServer, converter: Any) -> None:  # noqa: ANN401
        super().__init__(server, converter)
        for method in _TAKEN_OVER:
            self.fm.builtin_features.pop(method)

    def structure_message(self, data: dict[str, Any]) -> Any:  # noqa: ANN401
        """The message as its type, parameters of custom requests still as JSON values.

        pygls would leave a request unanswered whose parameters are not those of its method.

        Raises:
            JsonRpcException: they are not; the client has been told.
        """
        is_request = {"jsonrpc", "id", "method"} <= data.keys()
        if is_request and str(data["method"]).startswith("lintseq/"):
            return CustomRequest(data["id"], data["method"], data["jsonrpc"], data.get("params"))
        try:
            message = super().structure_message(data)
            if is_request and not hasattr(message, "id"):
                raise JsonRpcInvalidRequest(f"{data['method']} is a notification, and has no id")
        except JsonRpcException as error:
            if is_request:
                self._send_response(data["id"], error=error.to_response_error())
            raise
        return message

    def handle_message(self, message: Any) -> None:  # noqa: ANN401
        """Handle the message; what is asked after `shutdown` is refused."""
        if not hasattr(message, "jsonrpc"):
            logger.warning("not a message but %s", type(message).__name__)
            return
        method = getattr(message, "method", types.EXIT)
        if self._shutdown and method != types.EXIT and hasattr(message, "id"):
            error = JsonRpcInvalidRequest("the server is shutting down")
            self._send_response(message.id, error=error.to_response_error())
            return
        super().handle_message(message)


class LintseqServer(LanguageServer):
    """The server of one editor; its attributes are changed on the event loop only."""

    def __init__(self, start_engine: StartEngine) -> None:
        super().__init__(
            "lintseq-server",
            _version(),
            types.TextDocumentSyncKind.Incremental,
            protocol_cls=LintseqProtocol,
            converter_factory=default_converter,
        )
        self.start_engine = start_engine
        self.options = Options()
        self.layers: dict[str, Layer] = {}
        self.snooze = Snooze()
        self.rests: dict[str, asyncio.TimerHandle] = {}
        """What is prepared in a while, by the text."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._told_once: set[str] = set()
        self.consent: dict[str, bool] = {}
        self.asking = asyncio.Lock()
        """Held while the user is asked whether code may be run."""
        self.sandbox: Sandbox | None = None
        self.documents = Documents()
        self.neighbours = Neighbours()
        self.indexes = Indexes()
        self.memories = Memories()
        self.board = StatusBoard(self._notify_status)
        self.proposer = Proposer(self.board)

    def report_server_error(self, error: Exception, source: Any) -> None:  # noqa: ANN401
        """Show the user what went wrong, but not a client's wrong message: that is logged."""
        if not isinstance(error, _WRONG_MESSAGES):
            super().report_server_error(error, source)

    def positions(self, text: str) -> Positions:
        """The editor's positions in `text`, in the negotiated encoding."""
        return positions(text, self.workspace.position_codec)

    def why_not(self, document: Document) -> str:
        """Why nothing is ever proposed for this text; "" when it may be."""
        if not self.options.enabled:
            return "switched off by the option enabled"
        if document.language != "python" and not document.uri.endswith((".py", ".pyi")):
            return f"not a Python file but {document.language!r}"
        if self.options.excludes(_path(document.uri), self.folders()):
            return "the option exclude names this file"
        return why_unfit(document.text)

    def is_in_workspace(self, path: Path) -> bool:
        """Whether the file lies in a folder of the workspace, or in the one it is relative to."""
        found = path.resolve()
        return not path.is_absolute() or any(
            found.is_relative_to(Path(folder).resolve()) for folder in self.folders()
        )

    def surroundings(self, document: Document) -> Surroundings:
        """What is known of the document's imports: from other open texts, and the workspace."""
        return self.indexes.surroundings(_path(document.uri), self._open_texts(document))

    def folders(self) -> list[str]:
        """The paths of the workspace's folders."""
        uris = [*self.workspace.folders, *filter(None, [self.workspace.root_uri])]
        return [folder for uri in uris if (folder := to_fs_path(uri))]

    def nearby_texts(self, document: Document) -> Callable[[], tuple[str, ...]] | None:
        """What gives, in any thread, the other texts that a proposal here may repeat."""
        reach = self.options.nearby
        if reach == "off":
            return None
        opened = self._open_texts(document) if reach in ("open", "folder") else {}
        path = Path(to_fs_path(document.uri) or "")
        if reach != "folder" or not path.is_absolute() or not self.is_in_workspace(path):
            return lambda: tuple(opened.values())
        folders, excludes = self.folders(), self.options.excludes

        def is_wanted(each: Path) -> bool:
            return str(each) not in opened and not excludes(str(each), folders)

        return lambda: (*opened.values(), *self.neighbours.texts(path, is_wanted))

    def _open_texts(self, document: Document) -> dict[str, str]:
        """The other open texts that something may be proposed for, by their paths."""
        others = self.documents.others(document.uri)
        return {_path(other.uri): other.text for other in others if not self.why_not(other)}

    async def load_model(self) -> None:
        """Start the engine that the options ask for, and say so if that fails."""
        minutes = self.options.unload_after_min
        self.proposer.unload_after_s = None if minutes is None else 60.0 * minutes
        loop = asyncio.get_running_loop()

        def on_lost(reason: str) -> None:
            # The process may end after the loop.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._lost, reason)

        start = partial(self.start_engine, self.options, on_lost)
        if problem := await self.proposer.start(start):
            self.tell(f"no proposals: {problem}", types.MessageType.Warning)

    def keep_running(self, work: Coroutine[Any, Any, None]) -> None:
        """Run what nobody waits for; the loop alone would forget it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def tell(self, text: str, kind: types.MessageType = types.MessageType.Info) -> None:
        """Show the user one sentence."""
        self.window_show_message(types.ShowMessageParams(type=kind, message=f"LintSeq: {text}"))

    def tell_once(self, text: str, kind: types.MessageType = types.MessageType.Info) -> None:
        """Show the user one sentence, unless this session has shown it before."""
        if text not in self._told_once:
            self._told_once.add(text)
            self.tell(text, kind)

    def _lost(self, reason: str) -> None:
        self.proposer.lost(reason)
        text = f"{reason}. The next request starts it again."
        self.tell(text, types.MessageType.Warning)

    def _notify_status(self, status: Status) -> None:
        self.protocol.notify(messages.STATUS, status)


def _path(uri: str) -> str:
    return to_fs_path(uri) or uri


def _version() -> str:
    try:
        return version("lintseq")
    except PackageNotFoundError:
        return "unknown"
