"""What users ask of such tools, row by row: noise, verified text, offline, Tab, the menu."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from lsprotocol import types

from tests.product.asking import all_shown, first_shown, needs_model, program, real, reason
from tests.server.editor import REPOSITORY, Editor
from tests.server.screen import Screen

pytestmark = [pytest.mark.asyncio, needs_model]


def at(session: Editor, line: int, character: int) -> dict[str, object]:
    place = {"line": line, "character": character}
    return {"uri": session.uri, "version": session.version, "position": place}


async def count_shown(session: Editor, *, invoked: bool = False) -> int:
    found = all_shown(session, program("inventory"), invoked=invoked, every=2)
    return len([shown async for shown in found])


async def test_row_1_too_noisy_it_abstains_has_levels_manual_mode_and_snooze() -> None:
    shown = {}
    for eagerness in ("manual", "low", "normal", "high"):
        async with real({"eagerness": eagerness}) as session:
            shown[eagerness] = await count_shown(session)
            if eagerness == "manual":
                shown["by a key"] = await count_shown(session, invoked=True)
    assert shown["manual"] == 0
    assert shown["high"] <= shown["by a key"]
    assert shown["low"] <= shown["normal"] <= shown["high"]
    assert shown["low"] < shown["high"]
    async with real({"eagerness": "high"}) as session:
        await session.command("lintseq.snooze", 5)
        assert await count_shown(session) == 0


async def test_row_2_no_invented_names_every_candidate_is_linted_against_the_buffer() -> None:
    problems, shown, reasons = [], 0, []
    text = f"{program('bank_account')}\n\n{program('inventory')}"
    # Where an import comes along, the text alone is not what is accepted.
    async with real({"imports": False}) as session:
        async for each in all_shown(session, text, invoked=True):
            shown += 1
            problems += [each.problem] * bool(each.problem)
        reasons = [each.reason for each in session.statuses if each.state == "silent"]
    assert problems == []
    assert shown >= 3
    # There was something to keep back.
    assert any("undefined name" in each for each in reasons)


# Every process of the session gets this; it ends one that turns to the network.
_NO_NETWORK = """
import sys
def hook(event, arguments):
    is_inet = event == "socket.connect" and isinstance(arguments[1], tuple)
    if is_inet or event in ("socket.getaddrinfo", "socket.bind", "socket.sendto"):
        with open({log!r}, "a") as file:
            file.write(f"{{event}} {{arguments[1:]}}\\n")
        raise OSError("no network here")
sys.addaudithook(hook)
with open({started!r}, "a") as file:
    file.write("process\\n")
"""


async def test_row_3_truly_offline_everything_works_with_sockets_blocked(tmp_path: Path) -> None:
    log, started = tmp_path / "log", tmp_path / "started"
    hook = _NO_NETWORK.format(log=str(log), started=str(started))
    (tmp_path / "sitecustomize.py").write_text(hook)
    environment = {"PYTHONPATH": f"{tmp_path}:{REPOSITORY}"}
    async with real(environment=environment) as session:
        shown = await first_shown(session)
        assert shown.text
        text = 'def double(x):\n    """Return x + x."""\n    pass\n'
        session.close()
        session.open(text)
        answer = await session.request("lintseq/propose", at(session, 0, 0) | {"kind": "implement"})
        assert bool(answer.steps) != bool(answer.silent)
    # The server and the model's process.
    assert started.read_text().count("process") >= 2
    assert not log.exists(), log.read_text()
    # The hook does see what it is there for.
    code = "import socket; socket.create_connection(('192.0.2.1', 9), 1)"
    command = [sys.executable, "-P", "-c", code]
    tried = subprocess.run(command, env=os.environ | environment, capture_output=True, check=False)
    assert tried.returncode != 0
    assert "getaddrinfo" in log.read_text()


async def test_row_4_tab_accepts_only_what_shows_and_never_in_the_indentation() -> None:
    async with real() as session:
        shown = await first_shown(session)

        async def accepts(character: int) -> bool:
            where = at(session, shown.line, character)
            return bool((await session.request("lintseq/tab", where)).accepts)

        assert await accepts(shown.character)
        assert not await accepts(shown.character - 1)
        session.close()
        screen = Screen(session, "def f(first, second):\n    \n")
        assert not bool((await session.request("lintseq/tab", at(session, 1, 4))).accepts)
        # Also where something does show there.
        if await session.ghost(1, 4, invoked=True):
            assert not bool((await session.request("lintseq/tab", at(session, 1, 4))).accepts)
        assert screen.text.endswith("    \n")


async def test_row_5_it_does_not_block_the_completion_menu() -> None:
    async with real() as session:
        shown = await first_shown(session)
        place = types.Position(shown.line, shown.character)
        selected = types.SelectedCompletionInfo(types.Range(place, place), "anything")
        automatic = types.InlineCompletionTriggerKind.Automatic
        parameters = types.InlineCompletionParams(
            types.InlineCompletionContext(automatic, selected),
            types.TextDocumentIdentifier(session.uri),
            place,
        )
        assert await session.client.text_document_inline_completion_async(parameters) is None
        assert await reason(session) == "the completion menu is open"
        assert session.capable is not None
        assert session.capable.completion_provider is None
    async with real({"completion_items": True, "eagerness": "high"}) as session:
        assert session.capable is not None
        provider = session.capable.completion_provider
        assert provider is not None
        assert not provider.trigger_characters
        shown = await first_shown(session)
        answer = await session.client.text_document_completion_async(
            types.CompletionParams(
                types.TextDocumentIdentifier(session.uri),
                types.Position(shown.line, shown.character),
            )
        )
        assert isinstance(answer, types.CompletionList)
        assert answer.is_incomplete
        (item,) = answer.items
        # Behind all that other servers offer.
        assert (item.sort_text or "") > "zzz"
