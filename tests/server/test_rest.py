"""What is prepared while the cursor rests, seen by what the next request has to read."""

import asyncio
import threading
from typing import Any

import pytest
from pygls.workspace import Workspace

from lintseq.format import text_of
from lintseq.infer.request import Answer, Request
from server.app import create_server
from server.documents import Document
from server.features import rest
from server.options import Options
from server.session import LintseqServer
from server.work import Found
from tests.server.fake_server import FakeEngine

URI = "file:///project/example.py"
LINES = [f"value_{number} = {number}\n" for number in range(40)]


class Reading(FakeEngine):
    """Remembers what it was asked to read."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.written = 0

    def generate(self, request: Request, cancel: threading.Event | None = None) -> Answer:
        if request.max_tokens:
            self.written += 1
        else:
            self.read.append(text_of(request.prompt))
        return super().generate(request, cancel)


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "_REST_S", 0.02)


async def started() -> tuple[LintseqServer, Reading]:
    engine = Reading()
    server = create_server(lambda _options, _on_lost: engine)
    server.options = Options()
    protocol: Any = server.protocol
    protocol._send_data = lambda _: None
    protocol._workspace = Workspace(None)
    await server.proposer.start(lambda: engine)
    return server, engine


def open_text(server: LintseqServer, text: str, version: int = 1) -> Document:
    document = Document(URI, version, text, "python")
    server.documents.put(document)
    return document


@pytest.mark.asyncio
async def test_the_text_around_the_cursor_is_read_once_when_it_rests() -> None:
    server, engine = await started()
    text = "".join(LINES)
    offset = text.index("value_20")
    document = open_text(server, text)
    for _ in range(3):
        rest.begin(server, document, offset)
    await asyncio.sleep(0.3)
    assert len(engine.read) == 1
    assert "value_19" in engine.read[0]
    # Nothing more is left to prepare: the cursor's text is what was read.
    rest.begin(server, document, offset)
    await asyncio.sleep(0.2)
    assert (len(engine.read), engine.written) == (1, 0)
    # Typed lines grow the prompt until there are many.
    for count in (3, 30):
        typed = "".join(f"typed_{number} = 1\n" for number in range(count))
        longer = text[:offset] + typed + text[offset:]
        rest.begin(server, open_text(server, longer, count), offset + len(typed))
        await asyncio.sleep(0.2)
    assert len(engine.read) == 2
    assert "typed_29" in engine.read[1]
    server.proposer.close()


@pytest.mark.asyncio
@pytest.mark.parametrize("why", ["closed", "changed", "excluded", "asked"])
async def test_nothing_is_read_for_what_is_gone_noop(why: str) -> None:
    server, engine = await started()
    document = open_text(server, "".join(LINES))
    rest.begin(server, document, 0)
    if why == "closed":
        rest.end(server, URI)
        server.documents.close(URI)
    if why == "changed":
        open_text(server, "x = 1\n", 2)
    if why == "excluded":
        server.options = Options(enabled=False)
    if why == "asked":
        busy = asyncio.create_task(server.proposer.ask(document, _slow, is_asked=True))
        await asyncio.sleep(0.1)
        assert engine.read == []
        await busy
    await asyncio.sleep(0.1)
    assert engine.read == []
    server.proposer.close()


def _slow(_engine: object, stop: threading.Event) -> Any:  # noqa: ANN401
    stop.wait(0.1)
    return Found()
