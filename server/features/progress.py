"""Work done progress around what takes long, with the client's token or one of the server's."""

import logging
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from server.session import LintseqServer

logger = logging.getLogger(__name__)


@asynccontextmanager
async def progress(
    server: LintseqServer,
    token: types.ProgressToken | None,
    title: str,
    cancel: Callable[[], None],
) -> AsyncIterator[None]:
    """Show `title` while the body runs, and call `cancel` when the user cancels it.

    Args:
        token: the client's `workDoneToken`; None asks the client for one, if it can do that.
    """
    token = token if token is not None else await _created(server)
    if token is None:
        yield
        return
    shown = server.work_done_progress
    shown.begin(token, types.WorkDoneProgressBegin(title=title, cancellable=True))
    shown.tokens[token].add_done_callback(lambda future: cancel() if future.cancelled() else None)
    try:
        yield
    finally:
        shown.end(token, types.WorkDoneProgressEnd())
        shown.tokens.pop(token, None)


async def _created(server: LintseqServer) -> types.ProgressToken | None:
    window = server.client_capabilities.window
    if window is None or not window.work_done_progress:
        return None
    token = str(uuid.uuid4())
    try:
        await server.work_done_progress.create_async(token)
    except JsonRpcException as error:
        logger.warning("the client gave no progress token: %s", error)
        return None
    return token
