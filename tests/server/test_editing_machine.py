"""Open, change, ask, accept, undo in any order, against a plain model: a text and a stack of texts.

The server is the real program with an engine that answers from a table; the client is one that
shares nothing with it.
"""

import asyncio
import tempfile
from collections.abc import Coroutine
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from tests.requests.rpc import Client, Message
from tests.requests.screen import applied, edits_of, position_of
from tests.server.editor import FAKE_SERVER

_ENCODING = "utf-16"
_STUB = 'def add(first, second):\n    """Take steps."""\n    pass\n'
_ADDED = ["    result = first\n", "    result += second\n", "    return result\n"]
_PIECES = st.sampled_from(
    ["x = 1\n", "é", "😋", "\r\n", "\ud83d", "\0", "# a\n", "", "    ", '"""']
)
_NUMBERS = count()


class Session:
    """One server for all examples; each has a document of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._home = tempfile.TemporaryDirectory()
        self.client = Client(_ENCODING, {}, Path(self._home.name), command=FAKE_SERVER)
        self.run(self.client.__aenter__())

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401
        return self._loop.run_until_complete(work)

    def request(self, method: str, parameters: Message) -> Any:  # noqa: ANN401
        return self.run(self.client.request(method, parameters))

    def end(self) -> None:
        self.run(self.client.__aexit__(None, None, None))
        self._loop.close()
        self._home.cleanup()


class Editing(RuleBasedStateMachine):
    session: ClassVar[Session]

    def __init__(self) -> None:
        super().__init__()
        self.uri = f"file:///project/example{next(_NUMBERS)}.py"
        self.version = 0
        self.text: str | None = None
        self.offer: int | None = None
        self.taken: list[int] = []
        self.ahead: list[int] = []
        self.texts: list[str] = []
        """What `undo` has to bring back, the newest last."""

    @initialize(before=st.sampled_from(["", "x = '😋'\n", "\n\n", "import os\r\n"]))
    def open(self, before: str) -> None:
        self.version += 1
        self.text = f"{before}{_STUB}\n\nlast = 1\n"
        item = {"languageId": "python", "version": self.version, "text": self.text}
        self._notify("didOpen", {"uri": self.uri, **item})

    def is_open(self) -> bool:
        return self.text is not None

    @precondition(is_open)
    @rule(data=st.data(), new=_PIECES)
    def change(self, data: st.DataObject, new: str) -> None:
        assert self.text is not None
        start = data.draw(st.integers(0, len(self.text)))
        end = data.draw(st.integers(start, min(len(self.text), start + 6)))
        start, end = (self._outside(offset) for offset in (start, end))
        self._change(start, end, new)
        self.texts, self.taken, self.ahead = [], [], []

    @precondition(is_open)
    @rule()
    def take_it_all_anew(self) -> None:
        self.version += 1
        self.text = f"{_STUB}\n\nlast = 1\n"
        this = {"uri": self.uri, "version": self.version}
        changes = {"contentChanges": [{"text": self.text}]}
        self.session.client.notify("textDocument/didChange", {"textDocument": this} | changes)
        self.texts, self.taken, self.ahead = [], [], []

    @precondition(is_open)
    @rule()
    def close_and_open(self) -> None:
        self._notify("didClose", {"uri": self.uri})
        self.offer, self.texts, self.taken, self.ahead = None, [], [], []
        text, self.text = self.text, None
        answer = self.session.request("lintseq/propose", self._place())
        assert answer["steps"] == []
        self.version += 1
        self.text = text
        item = {"languageId": "python", "version": self.version, "text": text}
        self._notify("didOpen", {"uri": self.uri, **item})

    @precondition(is_open)
    @rule()
    def ask_for_ghost_text(self) -> None:
        place = {"textDocument": {"uri": self.uri}, "position": {"line": 0, "character": 0}}
        context = {"context": {"triggerKind": 1}}
        answer = self.session.request("textDocument/inlineCompletion", place | context)
        assert answer is None or answer["items"]

    @precondition(is_open)
    @rule()
    def ask_for_steps(self) -> None:
        assert self.text is not None
        if self.text.count(_STUB) != 1:
            return
        answer = self.session.request("lintseq/steps", self._place())
        if not answer["steps"]:
            # Something else in the text does not parse: silence, with its reason.
            assert answer["silent"]
            return
        self.offer = answer["id"]
        self.ahead = [step["number"] for step in answer["steps"]]
        assert self.ahead == [0, 1, 2]
        self.taken, self.texts = [], []
        self._check_chain(answer["steps"])

    @precondition(lambda self: self.ahead)
    @rule()
    def accept(self) -> None:
        assert self.text is not None
        before = self.text
        answer = self._move("accept")
        assert answer["edit"], answer
        self._apply(answer["edit"])
        self.texts.append(before)
        self.taken, self.ahead = [*self.taken, self.ahead[0]], self.ahead[1:]
        assert answer["taken"] == self.taken
        assert self._added() == [_ADDED[number] for number in self.taken]

    @precondition(lambda self: self.texts)
    @rule()
    def undo(self) -> None:
        answer = self._move("undo")
        assert answer["edit"], answer
        self._apply(answer["edit"])
        assert self.text == self.texts.pop()
        self.ahead = [self.taken.pop(), *self.ahead]
        assert answer["taken"] == self.taken

    @precondition(lambda self: self.offer is not None)
    @rule(behind=st.integers(1, 3))
    def move_an_old_version(self, behind: int) -> None:
        parameters = {"uri": self.uri, "version": self.version - behind, "id": self.offer}
        answer = self.session.request("lintseq/accept", parameters)
        assert answer["edit"] is None
        assert answer["silent"]

    @invariant()
    def nothing_waits(self) -> None:
        assert self.session.client.unanswered == 0
        assert self.session.client.told == []

    def teardown(self) -> None:
        if self.text is not None:
            self._notify("didClose", {"uri": self.uri})

    def _check_chain(self, steps: list[Message]) -> None:
        """Each step is an edit of the text behind the one before it."""
        assert self.text is not None
        text, version = self.text, self.version
        for number, step in enumerate(steps):
            (change,) = step["edit"]["documentChanges"]
            wanted = version if number == 0 else None
            assert change["textDocument"] == {"uri": self.uri, "version": wanted}
            text = applied(text, change["edits"], _ENCODING)
        assert "".join(_ADDED) in text

    def _move(self, method: str) -> Any:  # noqa: ANN401
        parameters = {"uri": self.uri, "version": self.version, "id": self.offer}
        return self.session.request(f"lintseq/{method}", parameters)

    def _apply(self, edit: Message) -> None:
        """Apply an edit as an editor does, and tell it."""
        assert self.text is not None
        edits = edits_of(edit, self.uri, self.version)
        self.text = applied(self.text, edits, _ENCODING)
        self.version += 1
        this = {"uri": self.uri, "version": self.version}
        # From the last to the first, so that each refers to what is there when it comes.
        ordered = sorted(enumerate(edits), key=lambda e: (*_start(e[1]), e[0]), reverse=True)
        changes = [{"range": each["range"], "text": each["newText"]} for _, each in ordered]
        parameters = {"textDocument": this, "contentChanges": changes}
        self.session.client.notify("textDocument/didChange", parameters)

    def _added(self) -> list[str]:
        assert self.text is not None
        return [line for line in _ADDED if line in self.text]

    def _change(self, start: int, end: int, new: str) -> None:
        assert self.text is not None
        area = {
            "start": position_of(self.text, start, _ENCODING),
            "end": position_of(self.text, end, _ENCODING),
        }
        self.version += 1
        self.text = _whole(self.text[:start] + new + self.text[end:])
        this = {"uri": self.uri, "version": self.version}
        changes = {"contentChanges": [{"range": area, "text": new}]}
        self.session.client.notify("textDocument/didChange", {"textDocument": this} | changes)

    def _outside(self, offset: int) -> int:
        assert self.text is not None
        inside = offset > 0 and self.text[offset - 1 : offset + 1] == "\r\n"
        return offset - 1 if inside else offset

    def _place(self) -> Message:
        line = 0
        if self.text is not None and _STUB in self.text:
            line = position_of(self.text, self.text.index(_STUB), _ENCODING)["line"]
        place = {"line": line, "character": 0}
        return {"uri": self.uri, "version": self.version, "position": place, "kind": "implement"}

    def _notify(self, what: str, document: Message) -> None:
        self.session.client.notify(f"textDocument/{what}", {"textDocument": document})


def _start(edit: Message) -> tuple[int, int]:
    start = edit["range"]["start"]
    return start["line"], start["character"]


def _whole(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def test_any_order_of_editing_agrees_with_the_model() -> None:
    Editing.session = Session()
    try:
        Editing.TestCase.settings = settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        Editing.TestCase().runTest()
    finally:
        Editing.session.end()
