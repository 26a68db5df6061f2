"""What users ask of such tools, row by row: memory, indentation, reasons, partial accept, files."""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from tests.product.asking import (
    TEXT,
    all_shown,
    begun_lines,
    first_shown,
    needs_model,
    program,
    real,
    reason,
)
from tests.requests.checker import edit_problem
from tests.server.editor import REPOSITORY, Editor, message
from tests.server.screen import Screen

pytestmark = [pytest.mark.asyncio, needs_model]

MOST_MB = 400


def stubs() -> Iterator[str]:
    """Functions that wait for their body."""
    names = ("total", "sum"), ("largest", "maximum"), ("count", "number"), ("first", "first")
    for name, what in (*names, ("last", "last"), ("double", "double")):
        yield f'def {name}(values):\n    """Return the {what} of the values."""\n    pass\n'


async def test_row_11_one_small_process_that_ends_with_its_parent() -> None:
    async with real() as session:
        await first_shown(session)
        server = psutil.Process(session.server_id)
        (worker,) = server.children(recursive=True)
        resident = (server.memory_info().rss + worker.memory_info().rss) / 1e6
        assert resident < MOST_MB
        said = (await session.request("lintseq/status")).memory_mb
        assert abs(said - resident) < 50
    _, alive = psutil.wait_procs([server, worker], timeout=10)
    assert alive == []
    # An editor that is killed says nothing: its end of the pipe is closed. A server that is killed
    # can say nothing either.
    for end in (_closed, subprocess.Popen.kill):
        lonely = _served()
        assert lonely.stdout is not None
        told = b""
        while b'"ready"' not in told:
            told += (read := await asyncio.to_thread(os.read, lonely.stdout.fileno(), 4096))
            assert read, "it ended before its model was ready"
        children = psutil.Process(lonely.pid).children(recursive=True)
        assert children
        end(lonely)
        _, alive = await asyncio.to_thread(psutil.wait_procs, children, 20)
        assert alive == []
        assert await asyncio.to_thread(lonely.wait, 20) is not None
        _closed(lonely)
        lonely.stdout.close()


def _closed(served: "subprocess.Popen[bytes]") -> None:
    assert served.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        served.stdin.close()


def _served() -> "subprocess.Popen[bytes]":
    """A server that has been initialized, and loads its model."""
    served = subprocess.Popen(
        [sys.executable, "-P", "-m", "server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=REPOSITORY,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
    )
    assert served.stdin is not None
    capable: dict[str, object] = {"processId": None, "rootUri": None, "capabilities": {}}
    served.stdin.write(message(1, "initialize", capable) + message(None, "initialized", {}))
    served.stdin.flush()
    return served


async def implemented(session: Editor, text: str) -> str | None:
    """The text with the body of its first function, if one is proposed."""
    screen = Screen(session, text)
    where = {"uri": session.uri, "version": session.version, "kind": "implement"}
    where["position"] = {"line": 0, "character": 0}
    answer = await session.request("lintseq/propose", where)
    session.close()
    del screen
    return str(answer.steps[-1]) if answer.steps else None


async def test_row_12_python_indentation_is_that_of_the_file() -> None:
    written = []
    async with real({"max_lines": 3}) as session:
        for stub in [*stubs()][:3]:
            text = stub.replace("    ", "\t")
            # The model is shown tabs, and asked for a body that it may write with spaces.
            if (after := await implemented(session, text)) is not None:
                assert edit_problem(text, after) == ""
                written += after.split("\n")
        text = program("bank_account").replace("    ", "\t")
        async for each in all_shown(session, text, invoked=True, every=3):
            assert each.problem == ""
            written += each.text.split("\n")[1:]
    indented = [line for line in written if line[:1].isspace()]
    assert indented
    assert [line for line in indented if line.startswith(" ")] == []


async def test_row_13_when_nothing_happens_it_says_why() -> None:
    async with real() as session:
        session.open("value = 1\n")
        assert await session.ghost(0, 3, invoked=True) is None
        assert await reason(session) == "the cursor stands in the middle of a word"
        session.close()
        reasons = set()
        for number, begun in begun_lines(program("matrix")):
            screen = Screen(session, program("matrix"))
            screen.write_line(number, begun[:-1])
            screen.write_line(number, begun)
            if await session.ghost(number, len(begun)) is None:
                assert (await session.request("lintseq/status")).state == "silent"
                reasons.add(await reason(session))
            session.close()
        assert "" not in reasons
        assert any("suppressed" in each for each in reasons)
        assert any(each.startswith("not sure enough") for each in reasons)
    command = [sys.executable, "-P", "-m", "server", "doctor"]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    for line in ("ok  model", "ok  engine", "threads", "speed"):
        assert line in told.stdout
    wrong = subprocess.run(
        [*command, "--model", "missing.gguf"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert wrong.returncode == 1
    assert "!!  model" in wrong.stdout


async def test_row_14_partial_accept_by_verified_step_or_by_word() -> None:
    accepted = 0
    async with real() as session:
        for stub in stubs():
            screen = Screen(session, stub)
            where = {"uri": session.uri, "version": session.version, "kind": "implement"}
            where["position"] = {"line": 0, "character": 0}
            offered = await session.request("lintseq/steps", where)
            for step in offered.steps:
                before = screen.text
                place = {"uri": session.uri, "version": session.version, "id": offered.id}
                moved = await session.request("lintseq/accept", place | {"step": step.number})
                screen.accept(moved.edit, session.version)
                assert edit_problem(before, screen.text) == ""
                assert edit_problem(stub, screen.text) == ""
                accepted += 1
            session.close()
            if accepted >= 2:
                break
        shown = await first_shown(session, TEXT, least=6)
        word = shown.text[:3]
        session.replace((shown.line, shown.character), (shown.line, shown.character), word)
        # The rest of the same text stays, as it was verified.
        assert await session.ghost(shown.line, shown.character + 3) == shown.text[3:]
    assert accepted >= 2


async def test_row_15_off_by_file_path_and_language_and_for_secrets() -> None:
    text = "def total(first, second):\n    return first\n"
    cases: list[tuple[str, dict[str, object], str, str]] = [
        (".env", {}, "python", "exclude"),
        ("secrets/keys.py", {}, "python", "exclude"),
        ("generated/one.py", {"exclude": ["**/generated/**"]}, "python", "exclude"),
        ("notes.md", {}, "markdown", "not a Python file"),
        ("one.py", {"enabled": False}, "python", "switched off"),
    ]
    for name, options, language, why in cases:
        async with real(options, name=name) as session:
            session.open(text, language)
            assert await session.ghost(1, 10, invoked=True) is None
            assert why in await reason(session)
            assert await session.listed(0) == ()
            where = {"uri": session.uri, "version": session.version, "kind": "nextEdit"}
            where["position"] = {"line": 0, "character": 0}
            assert why in (await session.request("lintseq/propose", where)).silent
    async with real({"exclude": ["**/generated/**"]}) as session:
        assert (await first_shown(session)).text
