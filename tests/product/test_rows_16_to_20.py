"""What users ask of such tools, row by row: rejections, stale text, cursor, imports, mistakes."""

import asyncio
from pathlib import Path

import pytest

from tests.infer.tiny_model import TinyModel, write_tiny_model
from tests.product.asking import (
    all_shown,
    first_shown,
    needs_model,
    program,
    real,
    reason,
)
from tests.requests.checker import findings, undefined_problem
from tests.server.editor import REAL_SERVER, editor
from tests.server.screen import Screen

pytestmark = [pytest.mark.asyncio, needs_model]


async def test_row_16_a_rejected_suggestion_does_not_come_back() -> None:
    async with real() as session:
        shown = await first_shown(session)
        place = {"line": shown.line, "character": shown.character}
        where = {"uri": session.uri, "version": session.version, "position": place}
        assert (await session.request("lintseq/reject", where)).rejected
        assert await session.ghost(shown.line, shown.character) is None
        assert "rejected before" in await reason(session)
        # Whoever asks for it by a key gets it all the same.
        assert await session.ghost(shown.line, shown.character, invoked=True)


async def test_row_17_a_stale_suggestion_is_null_or_rebased_over_what_was_typed() -> None:
    async with real() as session:
        shown = await first_shown(session, least=4)
        here = (shown.line, shown.character)
        # Typed along: the rest. Something else in front: what was asked before is null.
        session.replace(here, here, shown.text[:2])
        assert await session.ghost(here[0], here[1] + 2) == shown.text[2:]
        asked = asyncio.create_task(session.ghost(*here, invoked=True))
        await asyncio.sleep(0)
        session.replace((0, 0), (0, 0), "# note\n")
        assert await asked is None
        old = {"uri": session.uri, "version": session.version, "kind": "nextEdit"}
        old["position"] = {"line": 0, "character": 0}
        action = next(each for each in await session.actions(2) if each.title == "Next edit")
        session.replace((0, 0), (0, 0), "# another\n")
        assert "the text has changed" in (await session.request("lintseq/propose", old)).silent
        resolved = await session.client.code_action_resolve_async(action)
        assert resolved.edit is None
        assert resolved.disabled is not None
        assert "the text has changed" in resolved.disabled.reason


async def test_row_18_without_a_key_nothing_is_changed_and_no_cursor_moves() -> None:
    asked: list[str] = []
    async with real({"eagerness": "high"}) as session:
        protocol = session.client.protocol
        handle = protocol.handle_message

        def seen(message: object) -> None:
            asked.append(str(getattr(message, "method", "")))
            handle(message)  # type: ignore[arg-type]

        protocol.handle_message = seen  # type: ignore[method-assign]
        shown = [each async for each in all_shown(session, program("shapes"), every=3)]
        Screen(session, program("shapes"))
        for action in await session.actions(3):
            await session.client.code_action_resolve_async(action)
        assert shown
        assert session.applied == []
    allowed = {"", "lintseq/status", "window/showMessage", "window/logMessage", "$/progress"}
    assert set(asked) - allowed - {"window/workDoneProgress/create"} == set()


USES = (
    "import sys\n\n\ndef join(folder, name):\n    return os.path.jo\n",
    "import sys\n\n\ndef words(text):\n    return re.spl\n",
    "import sys\n\n\ndef root(value):\n    return math.sq\n",
    "import sys\n\n\ndef read(text):\n    return json.loa\n",
    "import sys\n\n\ndef show(value):\n    print(json.dum\n",
)


async def test_row_19_a_missing_import_comes_with_what_is_accepted() -> None:
    brought = 0
    async with real() as session:
        for text in USES:
            screen = Screen(session, text)
            number = text.count("\n") - 1
            column = len(text.split("\n")[number])
            item = await session.ghost_item(number, column, invoked=True)
            if item is None or item.command is None:
                session.close()
                continue
            line = text.split("\n")[number] + str(item.insert_text)
            screen.write_line(number, line)
            answer = await session.command(item.command.command, *(item.command.arguments or ()))
            assert answer == {"applied": True, "reason": ""}
            screen.accept(session.applied.pop(), session.version)
            assert findings(screen.text) == {}
            assert line in screen.text
            brought += 1
            session.close()
        # In text that is there already, a quick fix does the same.
        lacking = (
            "import sys\n\n\ndef join(folder):\n    return os.path.join(folder, sys.argv[0])\n"
        )
        screen = Screen(session, lacking)
        (fix,) = [each for each in await session.actions(4) if each.title == "Import os"]
        resolved = await session.client.code_action_resolve_async(fix)
        assert resolved.edit is not None
        screen.accept(resolved.edit, session.version)
        assert undefined_problem(lacking, screen.text, "os") == ""
        assert "import os\n" in screen.text
    assert brought >= 1


async def test_row_20_a_wrong_model_and_a_wrong_setting_are_said(tmp_path: Path) -> None:
    other = write_tiny_model(tmp_path / "other.gguf", TinyModel(format_version=99))
    async with editor(REAL_SERVER, options={"model": str(other)}) as session:
        (told,) = await session.messages(1)
        assert "99" in told
        status = await session.request("lintseq/status")
        assert (status.state, status.reason != "") == ("silent", True)
    async with real({"eagernes": "high", "max_lines": "many", "comments": True}) as session:
        unknown, wrong = await session.messages(2)
        assert "eagernes: unknown option" in unknown
        assert "max_lines: got 'many'" in wrong
        # The rest still works, and what is right counts.
        assert (await first_shown(session)).text
        session.close()
        session.open("# a comment about the \n")
        await session.ghost(0, 22)
        assert "comment" not in await reason(session)
