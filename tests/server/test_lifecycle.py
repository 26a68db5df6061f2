import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.editor import FAKE_SERVER, REAL_SERVER, REPOSITORY, editor, message


@pytest.mark.asyncio
async def test_wrong_options_are_shown_with_what_is_allowed() -> None:
    async with editor(options={"eagernes": 1, "max_lines": 99}) as session:
        first, second = await session.messages(2)
        assert "eagernes: unknown option" in first
        assert "max_lines: got 99, allowed is a whole number from 1 to 20" in second


@pytest.mark.asyncio
async def test_status_is_told_when_it_changes() -> None:
    async with editor() as session:
        assert session.statuses[-1].state == "ready"
        assert session.statuses[-1].model == "fake"
        session.open("total = \n")
        await session.ghost(0, 8)
        answer = await session.request("lintseq/status")
        assert [status.state for status in session.statuses[-2:]] == ["busy", "ready"]
        assert answer.latency.count == 1
        assert answer.latency.p50 > 0
        assert answer.latency.p50 <= answer.latency.p90 <= answer.latency.p99
        assert answer.counts.shown == 1
        # A Python with its libraries takes more than this, and anything sound less than that.
        assert 10 < answer.memory_mb < 1000


@pytest.mark.asyncio
async def test_without_a_model_the_server_runs_and_says_so_once(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.gguf")
    async with editor(REAL_SERVER, options={"model": missing}) as session:
        (message,) = await session.messages()
        assert missing in message
        session.open("total = \n")
        assert await session.ghost(0, 8) is None
        status = await session.request("lintseq/status")
        assert status.state == "silent"
        assert missing in status.reason
        assert len(await session.messages()) == 1


@pytest.mark.asyncio
async def test_a_text_that_is_opened_again_begins_anew() -> None:
    async with editor() as session:
        parameters = {
            "uri": session.uri,
            "version": 1,
            "position": {"line": 0, "character": 8},
            "kind": "cursor",
        }
        session.open("total = \n")
        assert (await session.request("lintseq/propose", parameters)).shown == "1 + 2"
        session.close()
        session.version = 0
        session.open("bad___ = \n")
        parameters["position"] = {"line": 0, "character": 9}
        assert (await session.request("lintseq/propose", parameters)).shown == ""
        session.close()
        session.version = 0
        session.open("total = 0 + \n")
        parameters["position"] = {"line": 0, "character": 8}
        assert (await session.request("lintseq/propose", parameters)).shown != "1 + 2"


def test_a_wrong_message_is_answered_and_the_user_not_bothered() -> None:
    wrong = {"textDocument": {"uri": "file:///a.py"}, "context": {"triggerKind": 7}}
    sent = [
        message(1, "initialize", {"capabilities": {}}),
        message(None, "initialized", {}),
        message(2, "textDocument/inlineCompletion", wrong),
        message(3, "shutdown", None),
        message(None, "exit", None),
    ]
    ended = subprocess.run(
        FAKE_SERVER,
        input=b"".join(sent),
        capture_output=True,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0
    answers = re.findall(rb'\{[^\r]*"id": (\d)', ended.stdout)
    assert answers == [b"1", b"2", b"3"]
    assert b'"code": -32602' in ended.stdout
    assert b"showMessage" not in ended.stdout


def test_the_server_ends_when_its_client_disappears(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    ended = subprocess.run(
        [sys.executable, "-P", "-m", "server"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0
    assert ended.stdout == b""
