import pytest
from lsprotocol import types

from tests.server.editor import Editor, capabilities, editor

STUB = 'def add(first, second):\n    """Add two numbers."""\n    pass\n\n\nx = 1\n'
DONE = 'def add(first, second):\n    """Add two numbers."""\n    return first + second\n\n\nx = 1\n'
IMPLEMENT = "refactor.rewrite.lintseq.implement"
NEXT_EDIT = "refactor.rewrite.lintseq.nextEdit"


async def titles(session: Editor, line: int, only: list[str] | None = None) -> list[str]:
    return [action.title for action in await session.actions(line, only)]


@pytest.mark.asyncio
async def test_what_is_listed_where() -> None:
    async with editor() as session:
        session.open(STUB)
        assert await titles(session, 0) == ["Implement add", "Next edit"]
        assert await titles(session, 2) == ["Implement add", "Next edit"]
        assert await titles(session, 5) == ["Next edit"]
        assert await titles(session, 0, ["refactor"]) == ["Implement add", "Next edit"]
        assert await titles(session, 0, [IMPLEMENT]) == ["Implement add"]
        assert await titles(session, 0, ["quickfix"]) == []


def replaced(edit: types.WorkspaceEdit | None, session: Editor, text: str) -> str:
    """The text after the edit, for an edit of whole lines or parts of ASCII lines."""
    assert edit is not None
    assert edit.document_changes is not None
    (change,) = edit.document_changes
    assert isinstance(change, types.TextDocumentEdit)
    assert change.text_document.uri == session.uri
    assert change.text_document.version == session.version
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
    for text_edit in reversed(change.edits):
        assert isinstance(text_edit, types.TextEdit)
        start, end = text_edit.range.start, text_edit.range.end
        first, last = starts[start.line] + start.character, starts[end.line] + end.character
        text = text[:first] + text_edit.new_text + text[last:]
    return text


@pytest.mark.asyncio
async def test_a_stub_is_implemented_on_resolve() -> None:
    async with editor() as session:
        session.open(STUB)
        (action,) = await session.actions(0, [IMPLEMENT])
        assert action.edit is None
        resolved = await session.client.code_action_resolve_async(action)
        assert resolved.disabled is None
        assert replaced(resolved.edit, session, STUB) == DONE


@pytest.mark.asyncio
async def test_resolve_says_why_there_is_nothing() -> None:
    async with editor() as session:
        session.open(STUB)
        (action,) = await session.actions(5, [NEXT_EDIT])
        resolved = await session.client.code_action_resolve_async(action)
        assert resolved.edit is None
        assert resolved.disabled is not None
        assert resolved.disabled.reason
        assert resolved.disabled.reason in (await session.messages())[0]


@pytest.mark.asyncio
async def test_resolve_for_an_old_version_gives_no_edit() -> None:
    async with editor() as session:
        session.open(STUB)
        (action,) = await session.actions(0, [IMPLEMENT])
        session.replace((0, 0), (0, 0), "\n")
        resolved = await session.client.code_action_resolve_async(action)
        assert resolved.edit is None
        assert resolved.disabled is not None
        assert "changed" in resolved.disabled.reason
        assert (await session.request("lintseq/status")).counts.stale == 1


@pytest.mark.asyncio
async def test_an_action_of_another_server_noop() -> None:
    async with editor() as session:
        other = types.CodeAction(title="Other", data={"theirs": 1})
        assert await session.client.code_action_resolve_async(other) == other


@pytest.mark.asyncio
async def test_a_client_that_resolves_nothing_gets_commands() -> None:
    plain = types.ClientCapabilities(text_document=types.TextDocumentClientCapabilities())
    async with editor(able=plain) as session:
        session.open(STUB)
        first, *_others = await session.listed(0)
        assert isinstance(first, types.Command)
        assert first.title == "Implement add"
        answer = await session.command(first.command, *(first.arguments or ()))
        assert answer["applied"] is True
        (edit,) = session.applied
        assert edit.document_changes is None
        assert edit.changes is not None
        (change,) = edit.changes[session.uri]
        assert change.new_text == "    return first + second\n"


@pytest.mark.asyncio
async def test_a_client_that_drops_the_data_gets_commands() -> None:
    forgetful = capabilities()
    assert forgetful.text_document is not None
    assert forgetful.text_document.code_action is not None
    forgetful.text_document.code_action.data_support = False
    async with editor(able=forgetful) as session:
        session.open(STUB)
        (action,) = await session.listed(0, [IMPLEMENT])
        # lsprotocol reads an action that has a command as that command.
        assert "lintseq.implement" in str(action.command)


@pytest.mark.asyncio
async def test_the_lightbulb_stays_off_where_nothing_is_asked() -> None:
    async with editor() as session:
        session.open("x = 1\n")
        place = types.Position(0, 0)
        automatic = types.CodeActionContext(
            diagnostics=[], trigger_kind=types.CodeActionTriggerKind.Automatic
        )
        params = types.CodeActionParams(
            types.TextDocumentIdentifier(session.uri), types.Range(place, place), automatic
        )
        assert not await session.client.text_document_code_action_async(params)
