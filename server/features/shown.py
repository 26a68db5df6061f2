"""`lintseq/tab` and `lintseq/reject`: what a client's keys mean for the ghost text it shows."""

from dataclasses import replace

from pygls.exceptions import JsonRpcInvalidParams

from lintseq.infer.ghost import Ghost
from server import messages
from server.documents import Document
from server.messages import Noted, PlaceParameters, Tab, structured
from server.session import LintseqServer


def register(server: LintseqServer) -> None:
    """Answer both requests."""
    server.feature(messages.TAB)(tab)
    server.feature(messages.REJECT)(reject)


def tab(server: LintseqServer, params: object) -> Tab:
    """Whether Tab accepts: where ghost text is shown, and not in front of a line's first word."""
    document, ghost = _shown(server, params)
    if document is None or ghost is None:
        return Tab(accepts=False, reason="no ghost text is shown here")
    start = document.text.rfind("\n", 0, ghost.offset) + 1
    if not document.text[start : ghost.offset].strip():
        return Tab(accepts=False, reason="the cursor is in the indentation")
    return Tab(accepts=True)


def reject(server: LintseqServer, params: object) -> Noted:
    """Remember that what is shown here is not wanted here."""
    document, ghost = _shown(server, params)
    if document is None or ghost is None:
        return Noted(rejected=False)
    memory = server.memories.get(document.uri)
    habits = memory.habits.rejected(ghost)
    server.memories.keep(document.uri, replace(memory, habits=habits, ghost=None))
    return Noted(rejected=True)


def _shown(server: LintseqServer, params: object) -> tuple[Document | None, Ghost | None]:
    """The text, and what is left there of the ghost text that was sent last."""
    try:
        parameters = structured(params, PlaceParameters)
    except ValueError as error:
        raise JsonRpcInvalidParams(str(error)) from error
    document = server.documents.get(parameters.uri)
    if document is None or document.version != parameters.version:
        return document, None
    ghost = server.memories.get(parameters.uri).ghost
    offset = server.positions(document.text).offset(parameters.position)
    return document, ghost.after_typing(document.text, offset) if ghost else None
