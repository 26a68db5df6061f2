import asyncio
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.server.editor import editor
from tests.server.test_code_actions import DONE, STUB, replaced

TOP = {"line": 0, "character": 0}


@pytest.mark.asyncio
async def test_implement_applies_a_versioned_edit_and_shows_progress() -> None:
    async with editor() as session:
        session.open(STUB)
        session.client.progress_reports["mine"] = []
        answer = await session.command("lintseq.implement", session.uri, TOP, token="mine")
        assert answer == {"applied": True, "reason": ""}
        (edit,) = session.applied
        assert replaced(edit, session, STUB) == DONE
        reports: list[object] = [*session.client.progress_reports["mine"]]
        begin, end = reports
        assert isinstance(begin, types.WorkDoneProgressBegin)
        assert begin.title == "Implement this function"
        assert isinstance(end, types.WorkDoneProgressEnd)


@pytest.mark.asyncio
async def test_without_a_token_the_server_asks_for_one() -> None:
    async with editor() as session:
        session.open(STUB.replace("Add two numbers", "Slowly"))
        running = asyncio.create_task(session.command("lintseq.implement", session.uri, TOP))
        async with asyncio.timeout(10):
            while not any(session.client.progress_reports.values()):
                await asyncio.sleep(0.02)
        ((token, reports),) = session.client.progress_reports.items()
        first: object = reports[0]
        assert isinstance(first, types.WorkDoneProgressBegin)
        session.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
        answer = await asyncio.wait_for(running, 3.0)
        assert answer["applied"] is False
        assert len([*session.client.progress_reports[token]]) == 2


@pytest.mark.asyncio
async def test_a_client_that_answers_nothing_while_it_waits_gets_its_edit() -> None:
    """Helix does not even give a progress token before `codeAction/resolve` is answered."""
    async with editor() as session:
        is_answered = asyncio.Event()

        async def create(_params: types.WorkDoneProgressCreateParams) -> None:
            await is_answered.wait()

        features: Any = session.client.protocol
        features.fm.features[types.WINDOW_WORK_DONE_PROGRESS_CREATE] = create
        session.open(STUB)
        answer = await asyncio.wait_for(session.command("lintseq.implement", session.uri, TOP), 10)
        assert answer == {"applied": True, "reason": ""}
        is_answered.set()
        await session.until("ready")
        assert not any(session.client.progress_reports.values())


@pytest.mark.asyncio
async def test_a_command_says_why_nothing_is_applied() -> None:
    async with editor() as session:
        session.open("x = 1\n")
        answer = await session.command("lintseq.nextEdit", session.uri, TOP)
        assert answer["applied"] is False
        assert answer["reason"] in (await session.messages())[0]
        assert session.applied == []


@pytest.mark.asyncio
async def test_cancelling_the_progress_ends_the_command() -> None:
    async with editor() as session:
        session.open(STUB.replace("Add two numbers", "Slowly"))
        session.client.progress_reports["mine"] = []
        running = asyncio.create_task(
            session.command("lintseq.implement", session.uri, TOP, token="mine")
        )
        await session.until("busy")
        session.client.window_work_done_progress_cancel(
            types.WorkDoneProgressCancelParams(token="mine")
        )
        answer = await asyncio.wait_for(running, 3.0)
        assert answer["applied"] is False


@pytest.mark.asyncio
async def test_status_as_a_command() -> None:
    async with editor() as session:
        answer = await session.command("lintseq.status")
        assert (answer["state"], answer["model"]) == ("ready", "fake")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("name", "arguments"),
    [("lintseq.unknown", []), ("lintseq.implement", []), ("lintseq.implement", ["x", "y"])],
)
async def test_wrong_commands_are_answered_with_an_error(name: str, arguments: list[str]) -> None:
    async with editor() as session:
        with pytest.raises(JsonRpcException) as caught:
            await session.command(name, *arguments)
        assert caught.value.code == types.ErrorCodes.InvalidParams
