import pytest
from lsprotocol import types

from tests.server.editor import editor

ADD = "def add(first, second):\n    return \n"


@pytest.mark.asyncio
@pytest.mark.parametrize("encoding", list(types.PositionEncodingKind))
async def test_the_rest_of_the_line_is_shown(encoding: types.PositionEncodingKind) -> None:
    async with editor(encoding=encoding) as session:
        session.open(ADD)
        assert await session.ghost(1, 11) == "first + second"


@pytest.mark.asyncio
async def test_nothing_is_shown_that_adds_a_finding() -> None:
    async with editor() as session:
        session.open("bad = \n")
        assert await session.ghost(0, 6) is None
        status = await session.request("lintseq/status")
        assert status.state == "silent"
        assert "undefined_name" in status.reason
        assert status.counts.silent == 1


@pytest.mark.asyncio
async def test_typing_along_keeps_the_rest_of_what_is_shown() -> None:
    async with editor() as session:
        session.open(ADD)
        assert await session.ghost(1, 11) == "first + second"
        session.replace((1, 11), (1, 11), "fir")
        # The engine of these tests has no answer to "return fir": this comes from what was shown.
        assert await session.ghost(1, 14) == "st + second"
        session.replace((1, 14), (1, 14), "x")
        assert await session.ghost(1, 15) is None


@pytest.mark.asyncio
async def test_ghost_text_follows_the_text_through_changes() -> None:
    async with editor() as session:
        session.open("x = '\U0001f600'\n")
        session.replace((0, 7), (0, 8), "\U0001f600'")
        session.replace((1, 0), (1, 0), "total = ")
        assert await session.ghost(1, 8) == "1 + 2"
        session.close()
        assert await session.ghost(1, 8) is None


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("name", "language", "options", "reason"),
    [
        ("notes.txt", "plaintext", None, "not a Python file"),
        (".env", "python", None, "option exclude"),
        ("example.py", "python", {"enabled": False}, "option enabled"),
        ("example.py", "python", {"eagerness": "manual"}, "option eagerness"),
        ("example.py", "python", {"exclude": ["*example*"]}, "option exclude"),
    ],
)
async def test_quiet_where_the_user_wants_it_quiet(
    name: str, language: str, options: object, reason: str
) -> None:
    async with editor(name=name, options=options) as session:
        session.open("total = \n", language)
        assert await session.ghost(0, 8) is None
        status = await session.request("lintseq/status")
        assert status.state == "silent"
        assert reason in status.reason


@pytest.mark.asyncio
async def test_quiet_while_the_completion_menu_is_open() -> None:
    async with editor() as session:
        session.open("total = \n")
        place = types.Position(0, 8)
        entry = types.SelectedCompletionInfo(types.Range(place, place), "total")
        kind = types.InlineCompletionTriggerKind.Automatic
        params = types.InlineCompletionParams(
            types.InlineCompletionContext(kind, entry),
            types.TextDocumentIdentifier(session.uri),
            place,
        )
        assert await session.client.text_document_inline_completion_async(params) is None
        assert "menu is open" in (await session.request("lintseq/status")).reason


@pytest.mark.asyncio
async def test_manual_still_answers_when_invoked() -> None:
    async with editor(options={"eagerness": "manual"}) as session:
        session.open("total = \n")
        assert await session.ghost(0, 8, invoked=True) == "1 + 2"


@pytest.mark.asyncio
async def test_the_prompt_grows_while_lines_are_typed() -> None:
    async with editor() as session:
        session.open("a = 1\n")
        await session.ghost(1, 0)
        session.replace((1, 0), (1, 0), "b = 2\nc = 3\nedits = ")
        # What the fake engine answers here is the number of markers in its prompt.
        assert await session.ghost(3, 8) == "4"
        session.replace((0, 0), (0, 0), "d = 0\n")
        assert await session.ghost(4, 8) == "2"
