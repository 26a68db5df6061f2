"""Open, change and close: keeps the texts as the editor shows them."""

from lsprotocol import types

from server.convert import changed_text
from server.documents import Document
from server.session import LintseqServer


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
    text = changed_text(document.text, params.content_changes, codec)
    server.documents.put(Document(item.uri, item.version, text, document.language))


def closed(server: LintseqServer, params: types.DidCloseTextDocumentParams) -> None:
    """Forget the text and everything that belongs to it."""
    uri = params.text_document.uri
    server.proposer.cancel(uri)
    server.documents.close(uri)
    server.memories.forget(uri)
