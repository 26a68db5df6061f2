"""When nothing is shown, and that the reason is said; asked by a key, it is shown all the same."""

import pytest
from pygls.exceptions import JsonRpcException

from tests.server.editor import Editor, editor

ADD = "def add(first, second):\n    return \n"
HERE = (1, 11)


async def assert_quiet(session: Editor, place: tuple[int, int], reason: str) -> None:
    assert await session.ghost(*place) is None
    status = await session.request("lintseq/status")
    assert status.state == "silent"
    assert reason in status.reason


@pytest.mark.asyncio
async def test_in_a_comment_only_when_asked() -> None:
    text = "# total = \n"
    async with editor() as session:
        session.open("x = 1  " + text)
        await assert_quiet(session, (0, 17), "in a comment")
        session.close()
        session.open("x = '# '\ntotal = \n")
        assert await session.ghost(1, 8) == "1 + 2"
    async with editor(options={"comments": True}) as session:
        session.open("# total = \ntotal = \n")
        await session.ghost(0, 10)
        assert "comment" not in (await session.request("lintseq/status")).reason


@pytest.mark.asyncio
async def test_right_after_a_deletion_and_an_undo() -> None:
    async with editor() as session:
        session.open(ADD.replace("return ", "return x"))
        session.replace((1, 11), (1, 12), "")
        await assert_quiet(session, HERE, "right after a deletion")
        assert await session.ghost(*HERE, invoked=True) == "first + second"
        session.replace((1, 11), (1, 11), "first + second")
        session.replace((1, 11), (1, 25), "")
        await assert_quiet(session, HERE, "right after an undo")


@pytest.mark.asyncio
async def test_what_was_rejected_does_not_come_back_by_itself() -> None:
    async with editor() as session:
        session.open(ADD)
        assert await session.ghost(*HERE) == "first + second"
        session.replace((1, 11), (1, 11), "1")
        session.replace((1, 11), (1, 12), "")
        session.replace((1, 10), (1, 11), "")
        session.replace((1, 10), (1, 10), " ")
        await assert_quiet(session, HERE, "rejected before")
        assert await session.ghost(*HERE, invoked=True) == "first + second"


@pytest.mark.asyncio
async def test_a_client_can_say_that_something_is_rejected() -> None:
    async with editor() as session:
        session.open(ADD)
        place = {"line": 1, "character": 11}
        asked = {"uri": session.uri, "version": session.version, "position": place}
        assert (await session.request("lintseq/reject", asked)).rejected is False
        assert await session.ghost(*HERE) == "first + second"
        assert (await session.request("lintseq/reject", asked)).rejected is True
        await assert_quiet(session, HERE, "rejected before")


@pytest.mark.asyncio
async def test_tab_accepts_only_what_is_shown_behind_the_indentation() -> None:
    async with editor() as session:
        session.open("    \n" + ADD)

        async def accepts(line: int, character: int) -> tuple[bool, str]:
            place = {"line": line, "character": character}
            asked = {"uri": session.uri, "version": session.version, "position": place}
            answer = await session.request("lintseq/tab", asked)
            return answer.accepts, answer.reason

        assert await accepts(2, 11) == (False, "no ghost text is shown here")
        assert await session.ghost(2, 11) == "first + second"
        assert await accepts(2, 11) == (True, "")
        assert (await accepts(2, 4))[0] is False
        session.replace((2, 11), (2, 11), "fir")
        assert await accepts(2, 14) == (True, "")
        session.close()
        session.open("\nindented\n")
        assert await session.ghost(0, 0, invoked=True) == "x = 1"
        assert await accepts(0, 0) == (False, "the cursor is in the indentation")
        with pytest.raises(JsonRpcException, match="PlaceParameters"):
            await session.request("lintseq/tab", {})


@pytest.mark.asyncio
async def test_snoozed() -> None:
    async with editor() as session:
        session.open(ADD)
        answer = await session.command("lintseq.snooze", 5)
        assert answer["until"].endswith("+00:00")
        assert "snoozed until" in (await session.request("lintseq/status")).reason
        await assert_quiet(session, HERE, "snoozed until")
        assert await session.ghost(*HERE, invoked=True) == "first + second"
        assert (await session.command("lintseq.snooze", 0)) == {"until": None}
        assert await session.ghost(*HERE) == "first + second"
        for wrong in ([-1], ["soon"], [1, 2], [True]):
            with pytest.raises(JsonRpcException, match="wanted the arguments"):
                await session.command("lintseq.snooze", *wrong)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("eagerness", "is_shown"), [("low", False), ("normal", True), ("high", True)]
)
async def test_eagerness_says_how_sure_is_sure_enough(eagerness: str, is_shown: bool) -> None:
    async with editor(options={"eagerness": eagerness}) as session:
        session.open("unsure = \n")
        assert (await session.ghost(0, 9) is not None) is is_shown
        if not is_shown:
            assert "not sure enough" in (await session.request("lintseq/status")).reason
        assert await session.ghost(0, 9, invoked=True) == "4"
