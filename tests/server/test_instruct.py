import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.server.editor import REAL_SERVER, Editor, editor
from tests.server.screen import Screen
from tests.server.test_code_actions import STUB, replaced
from tests.server.verdicts import assert_no_worse

TOP = {"line": 0, "character": 0}
WORDS = "Add two numbers"
PLAIN = "first = 1\nsecond = 2\n\n\ndef f():\n    return first\n"


def selected(first: int, last: int) -> dict[str, object]:
    return {"start": {"line": first, "character": 0}, "end": {"line": last, "character": 0}}


@pytest.mark.asyncio
async def test_words_for_a_stub_write_its_body() -> None:
    text = STUB.replace("Add two numbers.", "Nothing said.")
    async with editor() as session:
        session.open(text)
        answer = await session.command("lintseq.instruct", session.uri, TOP, WORDS)
        assert answer == {"applied": True, "reason": ""}
        (edit,) = session.applied
        assert "    return first + second\n" in replaced(edit, session, text)


@pytest.mark.asyncio
async def test_words_for_a_selection_write_into_it_or_behind() -> None:
    async with editor() as session:
        session.open(PLAIN)
        answer = await session.command("lintseq.instruct", session.uri, selected(0, 2), "Sum them")
        assert answer == {"applied": True, "reason": ""}
        (edit,) = session.applied
        assert replaced(edit, session, PLAIN).startswith(
            "first = 1\nsecond = 2\ntotal = first + second\n"
        )


@pytest.mark.asyncio
@pytest.mark.parametrize("arguments", [[], [TOP], [TOP, " "], [TOP, 3], [{"start": TOP}, "words"]])
async def test_wrong_arguments_are_answered_with_what_is_wanted(arguments: list[object]) -> None:
    async with editor() as session:
        session.open(PLAIN)
        with pytest.raises(JsonRpcException) as caught:
            await session.command("lintseq.instruct", session.uri, *arguments)
        assert caught.value.code == types.ErrorCodes.InvalidParams
        assert "[uri, range or position, words]" in caught.value.message


@pytest.mark.asyncio
async def test_only_an_instruction_has_words() -> None:
    async with editor() as session:
        session.open(PLAIN)
        asked = {"uri": session.uri, "version": 1, "position": TOP, "instruction": "words"}
        with pytest.raises(JsonRpcException, match="no other kind has an instruction"):
            await session.request("lintseq/propose", asked)


async def instructed(session: Editor, place: dict[str, object], words: str) -> Screen:
    screen = Screen(session, STUB)
    answer = await session.command("lintseq.instruct", session.uri, place, words)
    if answer["applied"]:
        screen.accept(session.applied.pop(), session.version)
    else:
        assert answer["reason"]
    return screen


@pytest.mark.asyncio
async def test_the_default_model_does_something_clean_with_words() -> None:
    places: list[dict[str, object]] = [dict(TOP), selected(0, 3), selected(5, 6)]
    async with editor(REAL_SERVER, options={"threads": 1}) as session:
        changed = 0
        for place in places:
            screen = await instructed(session, place, "Return the sum of both.")
            if screen.text != STUB:
                assert_no_worse(STUB, screen.text)
                changed += 1
            session.close()
    assert changed >= 1, "the default model does nothing with words"
