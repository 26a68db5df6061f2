"""What the workspace's other files know, offered by a server as an editor starts it."""

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types
from pytest_lsp import LanguageClient

from tests.server.editor import Editor, editor
from tests.server.test_code_actions import replaced

TEXT = "def pay(total):\n    return Till(total)\n"
FILES = {
    "shop/__init__.py": "",
    "shop/till.py": "from decimal import Decimal as D\n\n\nclass Till:\n    pass\n",
    "shop/desk.py": "from .till import Till\n",
    "tests/test_till.py": "from shop.till import Till\n",
}
_SOON_S = 20.0


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


async def offered(session: Editor, line: int, wanted: int | None = None) -> list[str]:
    """The quick fixes that import; if so many are wanted, as soon as the index knows them."""
    async with asyncio.timeout(_SOON_S):
        while True:
            listed = await session.actions(line, ["quickfix.lintseq.import"])
            titles = [action.title for action in listed]
            if wanted is None or (len(titles) == wanted and " from " in titles[0]):
                return titles
            await asyncio.sleep(0.05)


def told(client: LanguageClient, path: Path, kind: types.FileChangeType) -> None:
    event = types.FileEvent(path.as_uri(), kind)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))


@pytest.mark.asyncio
async def test_a_file_that_is_not_open_brings_a_name(shop: Path) -> None:
    async with editor(folder=shop, name="shop/pay.py") as session:
        session.open(TEXT)
        assert await offered(session, 1, 1) == ["Import Till from .till"]
        (action,) = await session.actions(1, ["quickfix.lintseq.import"])
        resolved = await session.client.code_action_resolve_async(action)
        assert replaced(resolved.edit, session, TEXT) == f"from .till import Till\n{TEXT}"
    async with editor(folder=shop, name="tests/test_pay.py") as session:
        session.open("print(Till(), D(1))\n")
        assert await offered(session, 0, 2) == [
            "Import Till from shop.till",
            "Import Decimal as D from decimal",
        ]


@pytest.mark.asyncio
async def test_ghost_text_brings_an_import_from_a_file_that_is_not_open(shop: Path) -> None:
    async with editor(folder=shop, name="shop/pay.py") as session:
        session.open("print(Till())\n")
        await offered(session, 0, 1)
        session.replace((0, 0), (1, 0), "bill = ")
        item = await session.ghost_item(0, 7, invoked=True)
        assert item is not None
        assert item.insert_text == "Till(1)"
        assert item.command is not None
        assert (item.command.arguments or ())[1] == ["from .till import Till"]


@pytest.mark.asyncio
async def test_it_follows_what_is_saved_and_what_is_removed(shop: Path) -> None:
    async with editor(folder=shop, name="shop/pay.py") as session:
        session.open("print(refund())\n")
        assert await offered(session, 0) == ["Import refund"]
        path = shop / "shop" / "money.py"
        path.write_text("def refund(): ...\n", "utf-8")
        session.client.text_document_did_save(
            types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(path.as_uri()))
        )
        assert await offered(session, 0, 1) == ["Import refund from .money"]
        path.unlink()
        told(session.client, path, types.FileChangeType.Deleted)
        async with asyncio.timeout(_SOON_S):
            while await offered(session, 0) != ["Import refund"]:
                await asyncio.sleep(0.05)


@pytest.mark.asyncio
async def test_without_the_option_only_open_files_are_known(shop: Path) -> None:
    async with editor(folder=shop, name="shop/pay.py", options={"index": False}) as session:
        session.open(TEXT)
        assert await offered(session, 1) == ["Import Till"]
        text = (shop / "shop" / "desk.py").read_text("utf-8")
        item = types.TextDocumentItem((shop / "shop" / "desk.py").as_uri(), "python", 1, text)
        session.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        assert await offered(session, 1) == ["Import Till from .till"]


@pytest.mark.asyncio
async def test_several_ways_are_offered_and_each_is_taken_as_it_is(shop: Path) -> None:
    text = "def f(x: Iterable) -> None: ...\n"
    async with editor(folder=shop, name="shop/pay.py") as session:
        session.open(text)
        first, second, *_ = await session.actions(0, ["quickfix.lintseq.import"])
        assert first.title == "Import Iterable from collections.abc"
        assert second.title == "Import Iterable from typing"
        resolved = await session.client.code_action_resolve_async(second)
        assert replaced(resolved.edit, session, text) == f"from typing import Iterable\n{text}"


@pytest.mark.asyncio
async def test_a_client_that_resolves_nothing_takes_the_same_by_command(shop: Path) -> None:
    plain = types.ClientCapabilities(text_document=types.TextDocumentClientCapabilities())
    async with editor(folder=shop, name="shop/pay.py", able=plain) as session:
        session.open("x = Fraction(1)\n")
        first, *_others = await session.listed(0, ["quickfix.lintseq.import"])
        assert isinstance(first, types.Command)
        assert first.title == "Import Fraction from fractions"
        answer = await session.command(first.command, *(first.arguments or ()))
        assert answer["applied"] is True
        (edit,) = session.applied
        assert edit.changes is not None
        (change,) = edit.changes[session.uri]
        assert change.new_text == "from fractions import Fraction\n"
