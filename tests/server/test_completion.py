import pytest
from lsprotocol import types

from tests.server.editor import Editor, editor

ITEMS = {"completion_items": True}


async def listed(session: Editor, line: int, character: int) -> types.CompletionList:
    params = types.CompletionParams(
        types.TextDocumentIdentifier(session.uri), types.Position(line, character)
    )
    answer = await session.client.text_document_completion_async(params)
    assert isinstance(answer, types.CompletionList)
    return answer


@pytest.mark.asyncio
async def test_not_advertised_unless_asked_for() -> None:
    async with editor() as session:
        assert session.capable is not None
        assert session.capable.completion_provider is None
    async with editor(options=ITEMS) as session:
        assert session.capable is not None
        provider = session.capable.completion_provider
        assert provider is not None
        assert not provider.trigger_characters


@pytest.mark.asyncio
async def test_the_ghost_text_is_one_item_low_in_the_list() -> None:
    async with editor(options=ITEMS) as session:
        session.open("import re\njoined = \n")
        answer = await listed(session, 1, 9)
        assert answer.is_incomplete
        (item,) = answer.items
        assert item.sort_text == "\uffff"
        assert item.text_edit == types.TextEdit(
            types.Range(types.Position(1, 9), types.Position(1, 9)), 'os.path.join("a", "b")'
        )
        top = types.Position(1, 0)
        (added,) = item.additional_text_edits or ()
        assert added == types.TextEdit(types.Range(top, top), "import os\n")
        assert item.detail == "LintSeq; import os"


@pytest.mark.asyncio
async def test_the_item_begins_with_the_word_being_typed() -> None:
    async with editor(options=ITEMS) as session:
        session.open("total = 1\n\n")
        session.replace((1, 0), (1, 0), "begun")
        (item,) = (await listed(session, 1, 5)).items
        assert item.filter_text == "begun"
        assert item.text_edit == types.TextEdit(
            types.Range(types.Position(1, 0), types.Position(1, 5)), "begun = 1"
        )


@pytest.mark.asyncio
async def test_what_keeps_ghost_text_quiet_keeps_items_quiet() -> None:
    async with editor(options=ITEMS) as session:
        session.open("# total = \n")
        assert not (await listed(session, 0, 10)).items
        assert "comment" in (await session.request("lintseq/status")).reason
        await session.command("lintseq.snooze", 1)
        session.close()
        session.open("total = \n")
        assert not (await listed(session, 0, 8)).items
