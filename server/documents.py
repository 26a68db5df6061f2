"""The texts that are open in the editor, as values that a request reads once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """One open text at one version."""

    uri: str
    version: int
    text: str
    language: str


class Documents:
    """The newest version of every open text; changed on the event loop only."""

    def __init__(self) -> None:
        self._open: dict[str, Document] = {}

    def put(self, document: Document) -> None:
        """Keep `document` as the newest version of its text."""
        self._open[document.uri] = document

    def get(self, uri: str) -> Document | None:
        """The newest version of the text, None when it is not open."""
        return self._open.get(uri)

    def others(self, uri: str) -> tuple[Document, ...]:
        """What is open besides this text."""
        return tuple(document for document in self._open.values() if document.uri != uri)

    def close(self, uri: str) -> None:
        """Forget the text; closing one that is not open changes nothing."""
        self._open.pop(uri, None)

    def is_current(self, document: Document) -> bool:
        """Whether the editor still shows this version of the text."""
        return self._open.get(document.uri) is document
