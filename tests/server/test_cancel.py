"""What is no longer wanted stops at once: the slow line of the fake engine takes ten seconds."""

import asyncio
import time

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.server.editor import Editor, editor

_SOON_S = 3.0


async def _asked(session: Editor) -> "asyncio.Task[str | None]":
    """A request that takes long, once the server works on it."""
    session.open("slow = \ntotal = \n")
    task = asyncio.create_task(session.ghost(0, 7))
    await session.until("busy")
    return task


@pytest.mark.asyncio
async def test_a_newer_request_ends_the_older_one() -> None:
    async with editor() as session:
        older = await _asked(session)
        started = time.monotonic()
        assert await session.ghost(1, 8) == "1 + 2"
        assert await older is None
        assert time.monotonic() - started < _SOON_S
        counts = (await session.request("lintseq/status")).counts
        assert (counts.cancelled, counts.shown) == (1, 1)


@pytest.mark.asyncio
async def test_an_overtaken_request_does_not_start_anew() -> None:
    # Long enough that the second request comes while the first one is verified.
    long = '"""' + "\n" * 200_000 + '"""\n'
    async with editor() as session:
        session.open(f"def add(first, second):\n    return \n\n\n{long}")
        assert await session.ghost(1, 11) == "first + second"
        session.replace((1, 11), (1, 11), "fir")
        older, newer = await asyncio.gather(session.ghost(1, 14), session.ghost(1, 14))
        assert (older, newer) == (None, "st + second")


@pytest.mark.asyncio
async def test_a_change_ends_the_request_for_the_old_text() -> None:
    async with editor() as session:
        older = await _asked(session)
        session.replace((0, 7), (0, 7), "1")
        assert await asyncio.wait_for(older, _SOON_S) is None
        assert (await session.request("lintseq/status")).counts.cancelled == 1


@pytest.mark.asyncio
async def test_closing_the_document_ends_its_request() -> None:
    async with editor() as session:
        older = await _asked(session)
        session.close()
        assert await asyncio.wait_for(older, _SOON_S) is None


@pytest.mark.asyncio
async def test_cancel_request_is_answered_as_cancelled_and_stops_the_engine() -> None:
    async with editor() as session:
        session.open("slow = \ntotal = \n")
        params = types.InlineCompletionParams(
            types.InlineCompletionContext(types.InlineCompletionTriggerKind.Automatic),
            types.TextDocumentIdentifier(session.uri),
            types.Position(0, 7),
        )
        sent = asyncio.create_task(
            session.request(types.TEXT_DOCUMENT_INLINE_COMPLETION, params, "to-cancel")
        )
        await session.until("busy")
        session.client.cancel_request(types.CancelParams(id="to-cancel"))
        with pytest.raises(JsonRpcException) as caught:
            await asyncio.wait_for(sent, _SOON_S)
        assert caught.value.code == types.LSPErrorCodes.RequestCancelled
        # The engine is free again: another text is answered soon.
        assert await asyncio.wait_for(session.ghost(1, 8), _SOON_S) == "1 + 2"
        assert (await session.request("lintseq/status")).counts.cancelled == 1


@pytest.mark.asyncio
async def test_the_server_ends_soon_while_a_request_runs() -> None:
    async with editor() as session:
        older = await _asked(session)
        started = time.monotonic()
    assert time.monotonic() - started < 2 * _SOON_S
    await asyncio.gather(older, return_exceptions=True)


@pytest.mark.asyncio
async def test_what_was_asked_for_is_not_ended_by_what_comes_by_itself() -> None:
    async with editor() as session:
        session.open('def add(first, second):\n    """Slowly."""\n\n\n')
        top = {"line": 0, "character": 0}
        asked = asyncio.create_task(session.command("lintseq.implement", session.uri, top))
        await session.until("busy")
        assert await session.ghost(3, 0) is None
        assert (await session.request("lintseq/status")).state == "busy"
        session.replace((3, 0), (3, 0), "total = ")
        assert (await asyncio.wait_for(asked, _SOON_S))["applied"] is False
        assert await session.ghost(3, 8) == "1 + 2"
