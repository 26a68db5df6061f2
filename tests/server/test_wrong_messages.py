"""What a client says wrong: answered where an answer is due, and never the user's business."""

import json
import os
import re
import subprocess

import pytest

from tests.server.editor import FAKE_SERVER, REPOSITORY, message

_MARKER = "xyzzy_of_the_user"
_TEXT = {"uri": "file:///a.py", "languageId": "python", "version": 1, "text": _MARKER}


def served(sent: list[bytes]) -> "subprocess.CompletedProcess[bytes]":
    begin = [
        message(1, "initialize", {"capabilities": {}}),
        message(None, "initialized", {}),
        message(None, "textDocument/didOpen", {"textDocument": _TEXT}),
    ]
    end = [message(3, "shutdown", None), message(None, "exit", None)]
    return subprocess.run(
        FAKE_SERVER,
        input=b"".join([*begin, *sent, *end]),
        capture_output=True,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        timeout=60,
        check=False,
    )


def answers(written: bytes) -> list[int]:
    return [int(number) for number in re.findall(rb'\{[^\r]*?"id": (\d+)', written)]


@pytest.mark.parametrize(
    "sent",
    [
        b"Content-Length: 2\r\n\r\n[]",
        b"Content-Length: 4\r\n\r\nnull",
        b"Content-Length: 4\r\n\r\n{]}}",
        b"Content-Length: 2\r\n\r\n\xff\xfe",
        b"Content-Type: nonsense\r\n\r\n",
        message(None, "textDocument/didChange", {"textDocument": 5, "text": _MARKER}),
        message(None, "textDocument/didOpen", {"textDocument": _TEXT | {"uri": 7}}),
        message(None, "nothing/known", {"text": _MARKER}),
        message(None, "$/cancelRequest", {"id": 99}),
    ],
)
def test_a_wrong_notification_costs_nothing(sent: bytes) -> None:
    ended = served([sent])
    assert ended.returncode == 0
    assert answers(ended.stdout) == [1, 3]
    assert b"showMessage" not in ended.stdout
    assert _MARKER.encode() not in ended.stderr


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("nothing/known", {"text": _MARKER}),
        ("lintseq/propose", {"uri": "file:///a.py", "text": _MARKER}),
        ("textDocument/codeAction", {"textDocument": {"uri": "file:///a.py"}}),
        ("workspace/executeCommand", {"command": "lintseq.implement", "arguments": [_MARKER]}),
        ("workspace/executeCommand", {"command": "lintseq.nothing"}),
        ("$/cancelRequest", {"id": 77}),
        ("textDocument/didClose", {"textDocument": {"uri": "file:///a.py"}}),
    ],
)
def test_a_wrong_request_is_answered(method: str, parameters: dict[str, object]) -> None:
    ended = served([message(2, method, parameters)])
    assert ended.returncode == 0
    assert sorted(answers(ended.stdout)) == [1, 2, 3]
    assert b"showMessage" not in ended.stdout
    assert _MARKER.encode() not in ended.stderr


def test_what_is_asked_after_the_shutdown_is_refused() -> None:
    ended = served([message(4, "shutdown", None), message(5, "lintseq/status", None)])
    assert sorted(answers(ended.stdout)) == [1, 3, 4, 5]
    found = re.findall(rb'\{[^\r]*?"id": 5[^\r]*\}', ended.stdout)
    assert json.loads(found[0])["error"]["code"] == -32600
