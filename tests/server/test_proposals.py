import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.server.editor import Editor, editor
from tests.server.test_code_actions import DONE, STUB


def parameters(session: Editor, kind: str, line: int, character: int) -> dict[str, object]:
    position = {"line": line, "character": character}
    return {
        "uri": session.uri,
        "version": session.version,
        "position": position,
        "kind": kind,
    }


@pytest.mark.asyncio
async def test_propose_gives_text_steps_and_edit() -> None:
    async with editor() as session:
        session.open(STUB)
        answer = await session.request("lintseq/propose", parameters(session, "implement", 0, 0))
        assert answer.silent is None
        assert answer.steps[-1] == DONE
        assert answer.edit.documentChanges[0].textDocument.version == session.version
        assert answer.ms > 0


@pytest.mark.asyncio
async def test_propose_at_the_cursor_gives_what_to_insert() -> None:
    async with editor() as session:
        session.open("total = \n")
        answer = await session.request("lintseq/propose", parameters(session, "cursor", 0, 8))
        assert answer.shown == "1 + 2"
        assert answer.steps[-1] == "total = 1 + 2\n"
        (change,) = answer.edit.documentChanges
        (edit,) = change.edits
        assert edit.newText == "1 + 2"


@pytest.mark.asyncio
async def test_steps_are_edits_and_diffs() -> None:
    async with editor() as session:
        session.open(STUB)
        answer = await session.request("lintseq/steps", parameters(session, "implement", 0, 0))
        assert answer.silent is None
        *_, last = answer.steps
        assert "--- a/example.py\n+++ b/example.py\n" in last.diff
        assert "+    return first + second\n" in last.diff
        assert answer.steps[0].edit.documentChanges[0].textDocument.version == session.version


@pytest.mark.asyncio
async def test_silence_has_its_reason() -> None:
    async with editor() as session:
        session.open("bad = \n")
        answer = await session.request("lintseq/propose", parameters(session, "cursor", 0, 6))
        assert answer.steps == []
        assert "undefined_name" in answer.silent
        old = parameters(session, "cursor", 0, 6) | {"version": 0}
        assert "changed" in (await session.request("lintseq/steps", old)).silent


@pytest.mark.asyncio
@pytest.mark.parametrize("wrong", [None, {}, {"uri": 1}, {"kind": "other"}, []])
async def test_wrong_parameters_are_answered_with_an_error(wrong: object) -> None:
    async with editor() as session:
        with pytest.raises(JsonRpcException) as caught:
            await session.request("lintseq/propose", wrong)
        assert caught.value.code == types.ErrorCodes.InvalidParams
        assert "ProposeParameters" in caught.value.message
