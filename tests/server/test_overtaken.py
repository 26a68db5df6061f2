"""Of two requests the newer one counts, also where the client does not take the older one back."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest
from pygls.workspace import Workspace

from server.app import create_server
from server.documents import Document
from server.features.inline_completion import texts_at
from server.options import Options
from server.rhythm import Rhythm
from server.status import Outcome
from tests.server.fake_server import FakeEngine

URI = "file:///project/example.py"
TEXT = "first = \ntotal = \n"


@pytest.mark.asyncio
async def test_an_older_request_that_waits_gives_way() -> None:
    server = create_server(lambda _options, _on_lost: FakeEngine())
    server.options = Options()
    protocol: Any = server.protocol
    protocol._send_data = lambda _: None
    protocol._workspace = Workspace(None)
    await server.proposer.start(FakeEngine)
    document = Document(URI, 1, TEXT, "python")
    server.documents.put(document)
    # Typing faster than answers usually come: what comes by itself waits for a pause.
    server.board.count(Outcome.SHOWN, 500.0)
    typing = Rhythm(gap_s=0.1, changed_s=time.monotonic())
    server.memories.keep(URI, replace(server.memories.get(URI), rhythm=typing))
    older = asyncio.create_task(texts_at(server, document, TEXT.index("\n"), 0.5))
    await asyncio.sleep(0.01)
    newer = await texts_at(server, document, len(TEXT) - 1, 0.0)
    assert [each.shown for each in newer] == ["1 + 2"]
    assert await older == ()
    counts = server.board.status().counts or {}
    assert counts[Outcome.CANCELLED.value] == 1
    server.proposer.close()
