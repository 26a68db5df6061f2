"""Open, change and close: keeps the texts as the editor shows them."""

import time
from dataclasses import replace

from lsprotocol import types

from server.convert import followed
from server.documents import Document
from server.features import rest
from server.session import LintseqServer
from server.unfit import MAX_CHARACTERS


def register(server: LintseqServer) -> None:
    """Follow the editor's texts."""
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(opened)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(changed)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(closed)


def opened(server: LintseqServer, params: types.DidOpenTextDocumentParams) -> None:
    """Keep the text that was opened."""
    item = params.text_document
    server.documents.put(Document(item.uri, item.version, item.text, item.language_id))


def changed(server: LintseqServer, params: types.DidChangeTextDocumentParams) -> None:
    """Keep the new version; what is being computed for the old one stops."""
    item = params.text_document
    if (document := server.documents.get(item.uri)) is None:
        return
    server.proposer.cancel(item.uri)
    codec = server.workspace.position_codec
    memory = server.memories.get(item.uri)
    cursor = 0
    habits, ghost, text = memory.habits, memory.ghost, document.text
    for change, after in followed(text, params.content_changes, codec):
        # What nothing is proposed for is only followed: it may be of any size.
        if len(after) <= MAX_CHARACTERS:
            habits = habits.after(change, text, after, ghost)
        if ghost and ghost.after_typing(after, change.start + len(change.text)) is None:
            ghost = None
        text = after
        cursor = change.start + len(change.text)
    rhythm = memory.rhythm.after_change(time.monotonic())
    server.memories.keep(item.uri, replace(memory, habits=habits, ghost=ghost, rhythm=rhythm))
    document = Document(item.uri, item.version, text, document.language)
    server.documents.put(document)
    rest.begin(server, document, cursor)


def closed(server: LintseqServer, params: types.DidCloseTextDocumentParams) -> None:
    """Forget the text and everything that belongs to it."""
    uri = params.text_document.uri
    server.proposer.cancel(uri)
    rest.end(server, uri)
    server.documents.close(uri)
    server.memories.forget(uri)
