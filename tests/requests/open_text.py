"""A text that is open in the client, changed as an editor changes it."""

from tests.requests.rpc import Client, Message
from tests.requests.screen import Position, applied, edits_of, offset_of, position_of

_URI = "file:///project/example.py"


class OpenText:
    """The one text of a session; each change is told to the server."""

    def __init__(self, client: Client, encoding: str) -> None:
        self.client = client
        self.version = 0
        self.text = ""
        self._encoding = encoding

    def open(self, text: str) -> None:
        self.version += 1
        self.text = text
        item = {"uri": _URI, "languageId": "python", "version": self.version, "text": text}
        self.client.notify("textDocument/didOpen", {"textDocument": item})

    def close(self) -> None:
        self.client.notify("textDocument/didClose", {"textDocument": {"uri": _URI}})

    def position(self, offset: int) -> Position:
        return position_of(self.text, offset, self._encoding)

    def offset(self, position: Position) -> int:
        return offset_of(self.text, position, self._encoding)

    def at(self, offset: int) -> Message:
        """The parameters of a request about a place."""
        return {"textDocument": {"uri": _URI}, "position": self.position(offset)}

    def place(self, offset: int) -> Message:
        """The parameters of a custom request about a place."""
        return self.this() | {"position": self.position(offset)}

    def this(self) -> Message:
        """The text in the parameters of a custom request."""
        return {"uri": _URI, "version": self.version}

    def after(self, edit: Message, version: int | None = None) -> str:
        """The text with a workspace edit, which has to be for this version of it.

        Raises:
            BrokenEditError: it is not, or cannot be applied.
        """
        wanted = self.version if version is None else version
        return applied(self.text, edits_of(edit, _URI, wanted), self._encoding)

    def with_edits(self, edits: list[Message]) -> str:
        """The text with text edits."""
        return applied(self.text, edits, self._encoding)

    def type(self, offset: int, text: str) -> None:
        self.replace(offset, offset, text)

    def replace(self, start: int, end: int, text: str) -> None:
        self.version += 1
        area = {"start": self.position(start), "end": self.position(end)}
        self.text = self.text[:start] + text + self.text[end:]
        self._tell({"range": area, "text": text})

    def become(self, text: str) -> None:
        """Take the whole of another text."""
        self.version += 1
        self.text = text
        self._tell({"text": text})

    def _tell(self, change: Message) -> None:
        parameters = {"textDocument": self.this(), "contentChanges": [change]}
        self.client.notify("textDocument/didChange", parameters)
