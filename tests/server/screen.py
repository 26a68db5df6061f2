"""The text that a user sees, changed as an editor changes it."""

from typing import Any

from lsprotocol import converters, types

from tests.server.editor import Editor


class Screen:
    """The text that a user sees, and that the server has to follow change by change."""

    def __init__(self, session: Editor, text: str) -> None:
        self.session = session
        self.text = text
        session.open(text)

    def change(self, *edits: types.TextEdit) -> None:
        """Make the edits one after another, and tell the server in one notification."""
        for edit in edits:
            first, last = offset(self.text, edit.range.start), offset(self.text, edit.range.end)
            self.text = self.text[:first] + edit.new_text + self.text[last:]
        self.session.version += 1
        self.session.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self.session.version, self.session.uri),
                [types.TextDocumentContentChangePartial(e.range, e.new_text) for e in edits],
            )
        )

    def write_line(self, number: int, text: str) -> None:
        self.change(replacing(number, 0, units(self.text.split("\n")[number]), text))

    def accept(self, edit: object, version: int | None) -> None:
        """Apply an edit of the server's as an editor does; it has to be for `version`."""
        whole = workspace_edit(edit)
        assert whole.document_changes is not None
        (change,) = whole.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        assert change.text_document.uri == self.session.uri
        assert change.text_document.version == version
        edits = [edit for edit in change.edits if isinstance(edit, types.TextEdit)]
        assert len(edits) == len(change.edits)
        edits.sort(key=lambda edit: (edit.range.start.line, edit.range.start.character))
        self.change(*reversed(edits))


def replacing(line: int, first: int, last: int, text: str) -> types.TextEdit:
    return types.TextEdit(
        types.Range(types.Position(line, first), types.Position(line, last)), text
    )


def units(text: str) -> int:
    """How many UTF-16 code units the text has."""
    return len(text.encode("utf-16-le")) // 2


def offset(text: str, position: types.Position) -> int:
    lines = text.split("\n")
    front = lines[position.line].encode("utf-16-le")[: 2 * position.character]
    return sum(len(line) + 1 for line in lines[: position.line]) + len(front.decode("utf-16-le"))


def workspace_edit(edit: object) -> types.WorkspaceEdit:
    """The edit, also when it came as the JSON value of a custom request."""
    if isinstance(edit, types.WorkspaceEdit):
        return edit
    return converters.get_converter().structure(plain(edit), types.WorkspaceEdit)


def plain(value: Any) -> Any:  # noqa: ANN401  pygls makes named tuples of JSON objects
    if hasattr(value, "_asdict"):
        return {key: plain(item) for key, item in value._asdict().items()}
    return [plain(item) for item in value] if isinstance(value, list) else value
