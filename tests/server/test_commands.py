import asyncio

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
        session.open(STUB)
        await session.command("lintseq.implement", session.uri, TOP)
        reports: list[list[object]] = [[*r] for r in session.client.progress_reports.values()]
        ((begin, _end),) = reports
        assert isinstance(begin, types.WorkDoneProgressBegin)


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
