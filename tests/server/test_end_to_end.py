"""The server as an editor starts it, with a real model, where no network but loopback exists.

Both models are driven through every feature: the tiny one is noise, the default one is what
users get. What is offered is judged here by the compiler and by pyflakes, never by the server.
Where the system permits no network namespace, only the proof of the isolation is skipped.
"""

import asyncio
import errno
import shutil
import subprocess
import sys
import warnings
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import converters, types
from pygls.exceptions import JsonRpcException

from lintseq.errors import EngineError
from lintseq.infer.model_file import default_model, verify
from lintseq.lint import Finding, added, lint
from tests.server.editor import REAL_SERVER, Editor, editor
from tests.server.test_engine_process import workers

PROGRAM = '''\
import math


def area(radius):
    """Return the area of a circle."""
    return math.pi * radius ** 2


def perimeter(radius):
    """Return the perimeter of a circle."""
    pass


def main():
    for radius in range(10):
        print(radius, area(radius))


if __name__ == "__main__":
    main()
'''
STUB_LINE = 8
TOP = {"line": STUB_LINE, "character": 0}
HEAD, TAIL = PROGRAM.split("    pass\n")
_SOON_S = 5.0

# Prints the error number of a connection to an address that no host has (RFC 5737), behind a
# connection through loopback that has to work.
PROBE = """
import socket
with socket.create_server(("127.0.0.1", 0)) as server:
    socket.create_connection(server.getsockname(), timeout=5).close()
with socket.socket() as client:
    client.settimeout(5)
    print(client.connect_ex(("192.0.2.1", 9)))
"""


def isolated() -> list[str]:
    """The beginning of a command that sees no network interface but loopback; [] if forbidden."""
    unshare = shutil.which("unshare")
    loopback = ["sh", "-c", 'if command -v ip >/dev/null; then ip link set lo up; fi; exec "$@"']
    for flags in ("-rn", "-n"):
        if unshare and subprocess.run([unshare, flags, "true"], check=False).returncode == 0:
            return [unshare, flags, *loopback, "sh"]
    return []


@dataclass(frozen=True, slots=True)
class Model:
    options: Mapping[str, object]
    is_trained: bool


@pytest.fixture(params=["tiny", "default"])
def model(request: pytest.FixtureRequest, tiny_model: Path) -> Model:
    if request.param == "tiny":
        return Model({"model": str(tiny_model), "threads": 1}, is_trained=False)
    try:
        verify(default_model())
    except EngineError as error:
        pytest.skip(f"no default model: {error}")
    # The server is to find it by itself.
    return Model({"threads": 1}, is_trained=True)


def started(model: Model) -> AbstractAsyncContextManager[Editor]:
    return editor([*isolated(), *REAL_SERVER], options=model.options)


def problems(text: str) -> tuple[Finding, ...]:
    """What the compiler and pyflakes have against the text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "example.py", "exec", dont_inherit=True)
        except SyntaxError as error:
            return (Finding("CompileError", error.msg, 0), *lint(text))
    return lint(text)


def assert_no_worse(before: str, after: str) -> None:
    assert after != before
    assert not added(problems(before), problems(after)), after


def assert_written_line_is_clean(lines: list[str], number: int, written: str) -> None:
    """Writing on at a line adds nothing to what is found without that line."""
    line = lines[number]
    indentation = line[: len(line) - len(line.lstrip())]
    neutral = f"{indentation}{'if True:' if line.endswith(':') else 'pass'}"
    new = [written]
    if written.rstrip().endswith(":") and not line.endswith(":"):
        # A header is typed before its body.
        new.append(f"{written[: len(written) - len(written.lstrip())]}    pass")
    before = "\n".join([*lines[:number], neutral, *lines[number + 1 :]])
    after = "\n".join([*lines[:number], *new, *lines[number + 1 :]])
    assert not added(problems(before), problems(after)), after


def assert_implemented(text: str) -> None:
    """The stub has a clean body, and all that stands around it is as it was."""
    assert_no_worse(PROGRAM, text)
    assert text.startswith(HEAD)
    assert text.endswith(TAIL)


def assert_next_edit(text: str) -> None:
    assert_no_worse(PROGRAM, text)
    assert is_grown(PROGRAM, text)


def is_grown(before: str, after: str) -> bool:
    """Whether nothing but whole lines was inserted."""
    remaining = iter(after.splitlines(keepends=True))
    return all(line in remaining for line in before.splitlines(keepends=True))


def replacing(line: int, first: int, last: int, text: str) -> types.TextEdit:
    return types.TextEdit(
        types.Range(types.Position(line, first), types.Position(line, last)), text
    )


def units(text: str) -> int:
    """How many UTF-16 code units the text has."""
    return len(text.encode("utf-16-le")) // 2


def offset(text: str, position: types.Position) -> int:
    lines = text.split("\n")
    front = lines[position.line].encode("utf-16-le")[: 2 * position.character]
    return sum(len(line) + 1 for line in lines[: position.line]) + len(front.decode("utf-16-le"))


class Screen:
    """The text that a user sees, and that the server has to follow change by change."""

    def __init__(self, session: Editor, text: str) -> None:
        self.session = session
        self.text = text
        session.open(text)

    def change(self, *edits: types.TextEdit) -> None:
        """Make the edits one after another, and tell the server in one notification."""
        for edit in edits:
            first, last = offset(self.text, edit.range.start), offset(self.text, edit.range.end)
            self.text = self.text[:first] + edit.new_text + self.text[last:]
        self.session.version += 1
        self.session.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self.session.version, self.session.uri),
                [types.TextDocumentContentChangePartial(e.range, e.new_text) for e in edits],
            )
        )

    def write_line(self, number: int, text: str) -> None:
        self.change(replacing(number, 0, units(self.text.split("\n")[number]), text))

    def accept(self, edit: object, version: int | None) -> None:
        """Apply an edit of the server's as an editor does; it has to be for `version`."""
        whole = workspace_edit(edit)
        assert whole.document_changes is not None
        (change,) = whole.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        assert change.text_document.uri == self.session.uri
        assert change.text_document.version == version
        edits = [edit for edit in change.edits if isinstance(edit, types.TextEdit)]
        assert len(edits) == len(change.edits)
        edits.sort(key=lambda edit: (edit.range.start.line, edit.range.start.character))
        self.change(*reversed(edits))


def workspace_edit(edit: object) -> types.WorkspaceEdit:
    """The edit, also when it came as the JSON value of a custom request."""
    if isinstance(edit, types.WorkspaceEdit):
        return edit
    return converters.get_converter().structure(plain(edit), types.WorkspaceEdit)


def plain(value: Any) -> Any:  # noqa: ANN401  pygls makes named tuples of JSON objects
    if hasattr(value, "_asdict"):
        return {key: plain(item) for key, item in value._asdict().items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def parameters(session: Editor, kind: str, line: int = STUB_LINE) -> dict[str, object]:
    position = {"line": line, "character": 0}
    return {"uri": session.uri, "version": session.version, "position": position, "kind": kind}


async def titles(session: Editor, line: int) -> list[str]:
    return [action.title for action in await session.actions(line)]


def test_a_program_started_like_the_server_reaches_loopback_only() -> None:
    if not (prefix := isolated()) or not shutil.which("ip"):
        pytest.skip("no network namespace: unshare or ip is missing or not permitted here")
    command = [*prefix, sys.executable, "-P", "-c", PROBE]
    probed = subprocess.run(command, check=True, capture_output=True, text=True, timeout=20)
    assert int(probed.stdout) == errno.ENETUNREACH


@pytest.mark.asyncio
async def test_the_server_and_its_model_have_loopback_only(model: Model) -> None:
    if not isolated():
        pytest.skip("no network namespace: unshare is missing or not permitted here")
    async with started(model) as session:
        (worker,) = workers(session.server_id)
        for process in (session.server_id, worker):
            _, _, *interfaces = Path(f"/proc/{process}/net/dev").read_text().splitlines()
            assert [interface.split(":")[0].strip() for interface in interfaces] == ["lo"]


@pytest.mark.asyncio
async def test_the_text_is_followed_through_changes_close_and_reopen(model: Model) -> None:
    async with started(model) as session:
        screen = Screen(session, PROGRAM)
        assert await titles(session, STUB_LINE) == ["Implement perimeter", "Next edit"]
        screen.change(replacing(STUB_LINE, 4, 13, "outline"))
        assert await titles(session, STUB_LINE) == ["Implement outline", "Next edit"]
        # A paste of lines, one of which does not parse before its string is closed.
        screen.change(replacing(1, 0, 0, '# Shapes.\ndef tag(sign="\U0001f600):\n    ...\n\n\n'))
        assert await titles(session, 2) == ["Next edit"]
        screen.change(
            replacing(2, 16, 16, '"'), replacing(2, 4, 7, "mark"), replacing(0, 0, 0, "\n")
        )
        assert await titles(session, 3) == ["Implement mark", "Next edit"]
        assert await titles(session, STUB_LINE + 6) == ["Implement outline", "Next edit"]
        compile(screen.text, "example.py", "exec")

        answer = await session.request("lintseq/propose", parameters(session, "cursor", 1))
        if answer.steps:
            at = offset(screen.text, types.Position(1, 0))
            assert answer.steps == [screen.text[:at] + answer.shown + screen.text[at:]]

        session.close()
        assert await titles(session, STUB_LINE) == []
        assert await session.ghost(STUB_LINE, 0, invoked=True) is None
        Screen(session, f"\n{PROGRAM}")
        assert await titles(session, STUB_LINE + 1) == ["Implement perimeter", "Next edit"]


@pytest.mark.asyncio
async def test_ghost_text_is_clean_and_stays_while_it_is_typed(model: Model) -> None:
    lines = PROGRAM.split("\n")
    shown = []
    async with started(model) as session:
        screen = Screen(session, PROGRAM)
        for number, line in enumerate(lines):
            front = line[: len(line) // 2]
            screen.write_line(number, front)
            unasked = await session.ghost(number, len(front))
            text = await session.ghost(number, len(front), invoked=True)
            if text is None:
                status = await session.request("lintseq/status")
                assert (status.state, bool(status.reason)) == ("silent", True)
                assert unasked is None
            else:
                assert unasked in (None, text)
                assert_written_line_is_clean(lines, number, front + text)
                shown.append(front + text)
                first, rest = text[0], text[1:]
                screen.write_line(number, front + first)
                if rest:
                    assert await session.ghost(number, units(front + first)) == rest
            screen.write_line(number, line)
        assert screen.text == PROGRAM
        status = await session.request("lintseq/status")
        assert status.model
        assert status.counts.cancelled == 0
        assert status.latency.count == status.counts.shown + status.counts.silent > 0
    if model.is_trained:
        assert len(shown) >= 3, "the default model shows next to nothing in an ordinary program"


@pytest.mark.asyncio
async def test_code_actions_resolve_to_clean_edits_or_reasons(model: Model) -> None:
    async with started(model) as session:
        for number, check in enumerate((assert_implemented, assert_next_edit)):
            screen = Screen(session, PROGRAM)
            action = (await session.actions(STUB_LINE))[number]
            assert (action.edit, action.disabled) == (None, None)
            resolved = await session.client.code_action_resolve_async(action)
            if resolved.edit is not None:
                screen.accept(resolved.edit, session.version)
                check(screen.text)
            else:
                assert resolved.disabled is not None
                assert resolved.disabled.reason in (await session.messages())[-1]
            session.close()


@pytest.mark.asyncio
async def test_commands_show_progress_and_change_the_text_cleanly(model: Model) -> None:
    commands = {"lintseq.implement": assert_implemented, "lintseq.nextEdit": assert_next_edit}
    async with started(model) as session:
        for name, check in commands.items():
            screen = Screen(session, PROGRAM)
            session.client.progress_reports[name] = []
            answer = await session.command(name, session.uri, TOP, token=name)
            reports: list[object] = [*session.client.progress_reports[name]]
            begin, end = reports
            assert isinstance(begin, types.WorkDoneProgressBegin)
            assert isinstance(end, types.WorkDoneProgressEnd)
            assert answer["applied"] == (not answer["reason"]) == bool(session.applied)
            if session.applied:
                screen.accept(session.applied.pop(), session.version)
                check(screen.text)
            session.close()
        status = await session.command("lintseq.status")
        assert status["counts"]["shown"] + status["counts"]["silent"] == len(commands)
        assert "busy" in [each.state for each in session.statuses]


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", ["implement", "nextEdit"])
async def test_every_step_is_clean(model: Model, kind: str) -> None:
    async with started(model) as session:
        screen = Screen(session, PROGRAM)
        asked = parameters(session, kind)
        proposed = await session.request("lintseq/propose", asked)
        answer = await session.request("lintseq/steps", asked)
        assert bool(answer.steps) != bool(answer.silent)
        assert len(proposed.steps) == len(answer.steps)
        for number, (step, text) in enumerate(zip(answer.steps, proposed.steps, strict=True)):
            before = screen.text
            screen.accept(step.edit, None if number else session.version)
            assert screen.text == text
            assert_no_worse(PROGRAM, text)
            assert step.diff.startswith("--- a/example.py\n+++ b/example.py\n@@ ")
            # All of a step is new lines, but for the placeholder that the first one replaces.
            assert is_grown(before.replace("    pass\n", "") if number == 0 else before, text)


@pytest.mark.asyncio
async def test_what_is_no_longer_current_is_answered_with_nothing(model: Model) -> None:
    async with started(model) as session:
        screen = Screen(session, PROGRAM)
        action = (await session.actions(STUB_LINE))[0]
        old = parameters(session, "cursor")
        screen.change(replacing(0, 0, 0, "\n"))
        resolved = await session.client.code_action_resolve_async(action)
        assert (resolved.edit, resolved.disabled is None) == (None, False)
        for method in ("lintseq/propose", "lintseq/steps"):
            answer = await session.request(method, old)
            assert (answer.steps, "changed" in answer.silent) == ([], True)
        status = await session.request("lintseq/status")
        assert (status.counts.stale, status.counts.shown) == (3, 0)
        # A position behind the end is that of the end.
        last = await session.ghost(10_000, 10_000, invoked=True)
        assert last == await session.ghost(screen.text.count("\n"), 0, invoked=True)


@pytest.mark.asyncio
async def test_a_long_request_ends_at_once_and_the_next_one_is_served(model: Model) -> None:
    async with started(model) as session:
        screen = Screen(session, PROGRAM)
        screen.write_line(STUB_LINE + 5, "        print(")
        long = asyncio.create_task(
            session.request("lintseq/propose", parameters(session, "implement"), "long")
        )
        await session.until("busy")
        session.client.cancel_request(types.CancelParams(id="long"))
        with pytest.raises(JsonRpcException) as caught:
            await asyncio.wait_for(long, _SOON_S)
        assert caught.value.code == types.LSPErrorCodes.RequestCancelled
        # The older of two is ended by the newer one, which is answered, if only with a reason.
        ask = session.ghost(STUB_LINE + 5, 14, invoked=True)
        older, newer = await asyncio.gather(session.ghost(0, 6), asyncio.wait_for(ask, _SOON_S))
        status = await session.request("lintseq/status")
        assert older is None
        assert status.counts.cancelled == 2
        assert (status.counts.shown, status.counts.silent) == (
            int(newer is not None),
            int(newer is None),
        )


@pytest.mark.asyncio
async def test_silence_has_its_reason(model: Model) -> None:
    cases = [
        ("radius = 2\n", "python", (0, 3), "in the middle of a word"),
        ("def (:\n    )\nx = \n", "python", (2, 4), ""),
        ("print(\n", "python", (9, 0), ""),
    ]
    async with started(model) as session:
        for text, language, place, reason in cases:
            session.open(text, language)
            assert await session.ghost(*place, invoked=True) is None
            status = await session.request("lintseq/status")
            assert (status.state, bool(status.reason)) == ("silent", True)
            assert reason in status.reason
            session.close()
