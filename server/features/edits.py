"""What code actions, commands and custom requests share: a proposal for a place, as an edit."""

from dataclasses import dataclass

from lsprotocol import types

from server.changes import Change, changes
from server.convert import text_edits, workspace_edit
from server.documents import Document
from server.features.progress import progress
from server.features.running import check_for
from server.messages import ProposeParameters
from server.proposer import Reply
from server.requested import requested_work
from server.session import LintseqServer
from server.status import Outcome
from server.work import checked_work


@dataclass(frozen=True, slots=True)
class EditAnswer:
    """A verified edit, or None with the reason."""

    edit: types.WorkspaceEdit | None
    reason: str = ""


async def proposed_edit(
    server: LintseqServer,
    parameters: ProposeParameters,
    *,
    token: types.ProgressToken | None,
    title: str,
) -> EditAnswer:
    """The best proposal as one versioned edit; the user sees `title` while it is computed."""

    def cancel() -> None:
        server.proposer.cancel(parameters.uri)

    async with progress(server, token, title, cancel):
        document, reply = await proposed(server, parameters)
    return edit_answer(server, document, reply)


def edit_answer(server: LintseqServer, document: Document | None, reply: Reply) -> EditAnswer:
    """The best proposal of the reply as one edit, in the form that the client can take."""
    if document is None or not reply.proposals:
        return EditAnswer(None, reply.reason)
    best = reply.proposals[0]
    found = changes(document.text, best.edits, best.text)
    return EditAnswer(client_edit(server, document, found, "LintSeq"))


def client_edit(
    server: LintseqServer,
    document: Document,
    found: tuple[Change, ...],
    label: str | None = None,
) -> types.WorkspaceEdit:
    """The changes of the text as an edit in the form that the client can take."""
    return edit_of_text(server, document.uri, document.version, document.text, found, label)


def edit_of_text(
    server: LintseqServer,
    uri: str,
    version: int | None,
    text: str,
    found: tuple[Change, ...],
    label: str | None,
) -> types.WorkspaceEdit:
    """The same for any text, of a version that may be still to come."""
    places = server.positions(text)
    workspace = server.client_capabilities.workspace
    able = workspace.workspace_edit if workspace else None
    if not able or not able.document_changes:
        return types.WorkspaceEdit(changes={uri: text_edits(places, found)})
    if not able.change_annotation_support:
        label = None
    return workspace_edit(uri, version, places, found, label)


async def proposed(
    server: LintseqServer, parameters: ProposeParameters
) -> tuple[Document | None, Reply]:
    """The reply for a place of an open text, and the text that it is for."""
    document = server.documents.get(parameters.uri)
    if document is None:
        return None, _silent(f"{parameters.uri} is not open")
    if reason := server.why_not(document):
        return document, _silent(reason)
    if parameters.version != document.version:
        server.board.count(Outcome.STALE)
        versions = f"got version {parameters.version}, now it is {document.version}"
        return document, Reply((), f"the text has changed: {versions}", Outcome.STALE)
    places, where = server.positions(document.text), server.surroundings(document)
    check = await check_for(server, document, parameters)
    work = requested_work(places, parameters, server.options, where, has_check=check is not None)
    if check:
        work = checked_work(work, check)
    return document, await server.proposer.ask(document, work, is_asked=True)


def _silent(reason: str) -> Reply:
    return Reply((), reason, Outcome.SILENT)
