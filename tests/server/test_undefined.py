"""Undefined names: others' diagnostics, the quick fixes, and ghost text that brings its import."""

import pytest
from lsprotocol import types
from pygls.workspace import PositionCodec

from server.convert import positions
from server.undefined import undefined_names
from tests.server.editor import REAL_SERVER, Editor, editor
from tests.server.screen import Screen
from tests.server.test_code_actions import replaced
from tests.server.verdicts import assert_no_worse, problems

TEXT = "import re\n\n\ndef f(x):\n    return os.path.join(x, rate)\n"
USE = 4
IMPORT, DEFINE = "quickfix.lintseq.import", "quickfix.lintseq.define"


def diagnostic(message: str, code: str | int | None = None, start: int = 11) -> types.Diagnostic:
    place = types.Range(types.Position(USE, start), types.Position(USE, start + 2))
    return types.Diagnostic(place, message, code=code, data={"theirs": [1, {"fix": None}]})


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("undefined name 'os'", None),
        ("F821 undefined name 'os'", "F821"),
        ("Undefined name `os`", "F821"),
        ("Undefined variable 'os'", "undefined-variable"),
        ('"os" is not defined', "reportUndefinedVariable"),
        ('Name "os" is not defined', "name-defined"),
        ("Name `os` used when not defined", "unresolved-reference"),
        ("Unresolved", "F821"),
    ],
)
def test_every_linter_is_understood(message: str, code: str | None) -> None:
    places = positions(TEXT, PositionCodec())
    (found,) = undefined_names([diagnostic(message, code)] * 2, places)
    assert (found.name, found.offset) == ("os", TEXT.index("os.path"))


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("undefined name 'json'", "F821"),
        ("'re' imported but unused", "F401"),
        ("undefined name 'o s'", None),
        ("something else", 821),
    ],
)
def test_what_is_about_something_else_noop(message: str, code: str | int | None) -> None:
    places = positions(TEXT, PositionCodec())
    assert [*undefined_names([diagnostic(message, code)], places)] == []


async def fixes(session: Editor, *diagnostics: types.Diagnostic) -> list[types.CodeAction]:
    listed = await session.listed(USE, ["quickfix"], diagnostics)
    return [action for action in listed if isinstance(action, types.CodeAction)]


@pytest.mark.asyncio
async def test_others_diagnostics_are_fixed_on_resolve() -> None:
    said = diagnostic("Undefined name `os`", "F821")
    async with editor() as session:
        session.open(TEXT)
        first, second = await fixes(session, said)
        assert (first.title, first.kind, first.edit) == ("Import os", IMPORT, None)
        assert (second.title, second.kind) == ("Define os", DEFINE)
        assert first.diagnostics is not None
        assert first.diagnostics[0].message == said.message
        resolved = await session.client.code_action_resolve_async(first)
        wanted = TEXT.replace("import re\n", "import re\nimport os\n")
        assert replaced(resolved.edit, session, TEXT) == wanted


@pytest.mark.asyncio
async def test_without_diagnostics_the_server_looks_itself() -> None:
    async with editor() as session:
        session.open(TEXT)
        titles = [action.title for action in await fixes(session)]
        assert titles == ["Import os", "Define os", "Import rate", "Define rate"]
        define = (await fixes(session))[-1]
        resolved = await session.client.code_action_resolve_async(define)
        after = replaced(resolved.edit, session, TEXT)
        assert after == TEXT.replace("    return", "    rate = 3\n    return")


@pytest.mark.asyncio
async def test_a_models_import_counts_only_from_a_module_that_is_known() -> None:
    text = "x = Cart()\n"
    async with editor() as session:
        session.open(text)
        parameters = {
            "uri": session.uri,
            "version": 1,
            "position": {"line": 0, "character": 4},
            "kind": "import",
        }
        answer = await session.request("lintseq/propose", parameters)
        assert "no import is known that brings 'Cart'" in answer.silent
        other = types.TextDocumentItem("file:///b.py", "python", 1, "from shop import Till\n")
        session.client.text_document_did_open(types.DidOpenTextDocumentParams(other))
        answer = await session.request("lintseq/propose", parameters)
        assert answer.steps == ["from shop import Cart\nx = Cart()\n"]


@pytest.mark.asyncio
async def test_a_slip_is_not_defined() -> None:
    async with editor() as session:
        session.open("length = 1\nprint(lenght)\n")
        (_, define) = [
            each
            for each in await session.listed(1, ["quickfix"])
            if isinstance(each, types.CodeAction)
        ]
        resolved = await session.client.code_action_resolve_async(define)
        assert resolved.disabled is not None
        assert "looks like 'length'" in resolved.disabled.reason


@pytest.mark.asyncio
async def test_a_plain_client_gets_commands() -> None:
    plain = types.ClientCapabilities(text_document=types.TextDocumentClientCapabilities())
    async with editor(able=plain) as session:
        session.open(TEXT)
        first, *_ = await session.listed(USE, ["quickfix"])
        assert isinstance(first, types.Command)
        answer = await session.command(first.command, *(first.arguments or ()))
        assert answer["applied"] is True


@pytest.mark.asyncio
async def test_ghost_text_brings_its_import_when_it_is_accepted() -> None:
    async with editor() as session:
        session.open("import re\njoined = \n")
        item = await session.ghost_item(1, 9)
        assert item is not None
        assert item.insert_text == 'os.path.join("a", "b")'
        assert item.command is not None
        assert item.command.title == "import os"
        # Typing along through it keeps the import.
        session.replace((1, 9), (1, 9), "os.")
        rest = await session.ghost_item(1, 12)
        assert rest is not None
        assert rest.command == item.command
        session.replace((1, 12), (1, 12), 'path.join("a", "b")')
        name, arguments = item.command.command, item.command.arguments or []
        assert (await session.command(name, *arguments))["applied"] is True
        (edit,) = session.applied
        text = 'import re\njoined = os.path.join("a", "b")\n'
        assert replaced(edit, session, text) == text.replace("re\n", "re\nimport os\n", 1)
        # What is there already is not brought again.
        session.replace((1, 0), (1, 0), "import os\n")
        assert (await session.command(name, *arguments))["applied"] is False


@pytest.mark.asyncio
async def test_without_the_option_the_name_stays_undefined() -> None:
    async with editor(options={"imports": False}) as session:
        session.open("import re\njoined = \n")
        assert await session.ghost(1, 9) is None
        assert "undefined name 'os'" in (await session.request("lintseq/status")).reason


@pytest.mark.asyncio
async def test_a_proposal_has_its_import_as_the_first_step() -> None:
    async with editor() as session:
        screen = Screen(session, "import re\njoined = \n")
        place = {"line": 1, "character": 9}
        parameters = {"uri": session.uri, "version": 1, "position": place, "kind": "cursor"}
        proposed = await session.request("lintseq/propose", parameters)
        steps = await session.request("lintseq/steps", parameters)
        for number, step in enumerate(steps.steps):
            screen.accept(step.edit, None if number else session.version)
            assert screen.text == proposed.steps[number]
            assert not problems(screen.text) or number == 0
        assert screen.text == 'import re\nimport os\njoined = os.path.join("a", "b")\n'


@pytest.mark.asyncio
async def test_the_real_server_repairs_an_import() -> None:
    async with editor(REAL_SERVER, options={"threads": 1}) as session:
        screen = Screen(session, TEXT)
        before = screen.text
        first, *_ = await fixes(session, diagnostic("undefined name 'os'"))
        resolved = await session.client.code_action_resolve_async(first)
        screen.accept(resolved.edit, session.version)
        assert_no_worse(before, screen.text)
        assert screen.text == TEXT.replace("import re\n", "import re\nimport os\n")
