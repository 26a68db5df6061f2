"""Work done progress around what takes long, with the client's token or one of the server's."""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from server.session import LintseqServer

logger = logging.getLogger(__name__)

# The event loop holds its tasks weakly.
_asking: set[asyncio.Task[None]] = set()


@asynccontextmanager
async def progress(
    server: LintseqServer,
    token: types.ProgressToken | None,
    title: str,
    cancel: Callable[[], None],
) -> AsyncIterator[None]:
    """Show `title` while the body runs, and call `cancel` when the user cancels it.

    Args:
        token: the client's `workDoneToken`; None asks the client for one, if it can do that, and
            begins meanwhile: Helix answers nothing before it has what it waits for itself.
    """
    shown = _Shown(server, title, cancel)
    if token is not None:
        shown.begin(token)
    elif _can_ask(server):
        task = asyncio.create_task(_begin_when_created(server, shown))
        _asking.add(task)
        task.add_done_callback(_asking.discard)
    try:
        yield
    finally:
        shown.end()


class _Shown:
    """One progress; what has ended is not begun any more."""

    def __init__(self, server: LintseqServer, title: str, cancel: Callable[[], None]) -> None:
        self._progress = server.work_done_progress
        self._title = title
        self._cancel = cancel
        self._token: types.ProgressToken | None = None
        self._is_over = False

    def begin(self, token: types.ProgressToken) -> None:
        if self._is_over:
            self._progress.tokens.pop(token, None)
            return
        self._token = token
        self._progress.begin(
            token, types.WorkDoneProgressBegin(title=self._title, cancellable=True)
        )
        self._progress.tokens[token].add_done_callback(
            lambda future: self._cancel() if future.cancelled() else None
        )

    def end(self) -> None:
        self._is_over = True
        if self._token is not None:
            self._progress.end(self._token, types.WorkDoneProgressEnd())
            self._progress.tokens.pop(self._token, None)


def _can_ask(server: LintseqServer) -> bool:
    window = server.client_capabilities.window
    return window is not None and bool(window.work_done_progress)


async def _begin_when_created(server: LintseqServer, shown: _Shown) -> None:
    token = str(uuid.uuid4())
    try:
        await server.work_done_progress.create_async(token)
    except JsonRpcException as error:
        logger.warning("the client gave no progress token: %s", error)
        return
    shown.begin(token)
