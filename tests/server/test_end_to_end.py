"""The server as an editor starts it, with a real model, where no network but loopback exists.

Both models are driven through every feature: the tiny one is noise, the default one is what
users get. What is offered is judged here by the compiler and by pyflakes, never by the server.
Where the system permits no network namespace, only the proof of the isolation is skipped.
"""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from lintseq.infer.model_file import (
    ENVIRONMENT_VARIABLE,
    MANIFEST,
    models_folder,
    read_manifest,
    verify,
)
from lintseq.lint import added
from tests import offline
from tests.server.editor import REAL_SERVER, Editor, editor
from tests.server.screen import Screen, offset, replacing, units
from tests.server.test_engine_process import workers
from tests.server.verdicts import assert_implemented, assert_no_worse, is_grown, problems

PROGRAM = '''\
import math


def area(radius):
    """Return the area of a circle."""
    return math.pi * radius ** 2


def perimeter(radius):
    """Return the perimeter of a circle."""
    pass


def is_empty(items):
    """Return True if there are no items."""
    pass


def add(a, b):
    """Return a + b."""
    pass


def main():
    for radius in range(10):
        print(radius, area(radius))


if __name__ == "__main__":
    main()
'''
LINES = PROGRAM.split("\n")
PLACEHOLDERS = [number for number, line in enumerate(LINES) if line == "    pass"]
STUB = LINES.index("def perimeter(radius):")
PRINT = next(number for number, line in enumerate(LINES) if "print(" in line)
_SOON_S = 5.0


@dataclass(frozen=True, slots=True)
class Model:
    options: Mapping[str, object]
    is_trained: bool


@pytest.fixture(params=["tiny", "default"])
def model(request: pytest.FixtureRequest, tiny_model: Path) -> Model:
    if request.param == "tiny":
        return Model({"model": str(tiny_model), "threads": 1}, is_trained=False)
    if not (models_folder() / MANIFEST).exists():
        pytest.skip("no default model has come along")
    verify(models_folder() / read_manifest(models_folder()).file)
    # The server is to find it by itself.
    return Model({"threads": 1}, is_trained=True)


def started(model: Model) -> AbstractAsyncContextManager[Editor]:
    command = REAL_SERVER if offline.why_not() else offline.isolated(REAL_SERVER)
    return editor(command, options=model.options, environment={ENVIRONMENT_VARIABLE: ""})


def assert_written_line_is_clean(number: int, written: str) -> None:
    """What is written at a line of the program adds nothing to what is found without that line."""
    line = LINES[number]
    indentation = line[: len(line) - len(line.lstrip())]
    neutral = f"{indentation}{'if True:' if line.endswith(':') else 'pass'}"
    new = [written]
    if written.rstrip().endswith(":") and not line.endswith(":"):
        # A header is typed before its body.
        new.append(f"{written[: len(written) - len(written.lstrip())]}    pass")
    before = "\n".join([*LINES[:number], neutral, *LINES[number + 1 :]])
    after = "\n".join([*LINES[:number], *new, *LINES[number + 1 :]])
    assert not added(problems(before), problems(after)), after


def parameters(session: Editor, kind: str, line: int = STUB) -> dict[str, object]:
    position = {"line": line, "character": 0}
    return {"uri": session.uri, "version": session.version, "position": position, "kind": kind}


async def titles(session: Editor, line: int) -> list[str]:
    return [action.title for action in await session.actions(line)]


@pytest.mark.asyncio
async def test_the_server_and_its_model_have_loopback_only(model: Model) -> None:
    if reason := offline.why_not():
        pytest.skip(f"no network namespace: {reason}")
    async with started(model) as session:
        (worker,) = workers(session.server_id)
        for process in (session.server_id, worker):
            _, _, *interfaces = Path(f"/proc/{process}/net/dev").read_text().splitlines()
            assert [interface.split(":")[0].strip() for interface in interfaces] == ["lo"]


@pytest.mark.asyncio
async def test_the_text_is_followed_through_changes_close_and_reopen(model: Model) -> None:
    async with started(model) as session:
        screen = Screen(session, PROGRAM)
        assert await titles(session, STUB) == ["Implement perimeter", "Next edit"]
        screen.change(replacing(STUB, 4, 13, "outline"))
        assert await titles(session, STUB) == ["Implement outline", "Next edit"]
        # A paste of lines, one of which does not parse before its string is closed.
        screen.change(replacing(1, 0, 0, '# Shapes.\ndef tag(sign="\U0001f600):\n    ...\n\n\n'))
        assert await titles(session, 2) == ["Next edit"]
        screen.change(
            replacing(2, 16, 16, '"'), replacing(2, 4, 7, "mark"), replacing(0, 0, 0, "\n")
        )
        assert await titles(session, 3) == ["Implement mark", "Next edit"]
        assert await titles(session, STUB + 6) == ["Implement outline", "Next edit"]
        compile(screen.text, "example.py", "exec")

        answer = await session.request("lintseq/propose", parameters(session, "cursor", 1))
        if answer.steps:
            at = offset(screen.text, types.Position(1, 0))
            assert answer.steps == [screen.text[:at] + answer.shown + screen.text[at:]]

        session.close()
        assert await titles(session, STUB) == []
        assert await session.ghost(STUB, 0, invoked=True) is None
        Screen(session, f"\n{PROGRAM}")
        assert await titles(session, STUB + 1) == ["Implement perimeter", "Next edit"]


@pytest.mark.asyncio
async def test_ghost_text_is_clean_and_stays_while_it_is_typed(model: Model) -> None:
    shown = []
    async with started(model) as session:
        screen = Screen(session, PROGRAM)
        for number, line in enumerate(LINES):
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
                assert_written_line_is_clean(number, front + text)
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
    implemented = 0
    async with started(model) as session:
        for line, title in [*((line, "Implement") for line in PLACEHOLDERS), (STUB, "Next edit")]:
            screen = Screen(session, PROGRAM)
            (action,) = [
                each for each in await session.actions(line) if each.title.startswith(title)
            ]
            assert (action.edit, action.disabled) == (None, None)
            resolved = await session.client.code_action_resolve_async(action)
            if resolved.edit is None:
                assert resolved.disabled is not None
                assert resolved.disabled.reason in (await session.messages())[-1]
            else:
                screen.accept(resolved.edit, session.version)
                if title == "Next edit":
                    assert_no_worse(PROGRAM, screen.text)
                    assert is_grown(PROGRAM, screen.text)
                else:
                    assert_implemented(PROGRAM, screen.text, line)
                    implemented += 1
            session.close()
    if model.is_trained:
        assert implemented >= 1, "the default model implements none of three easy functions"


@pytest.mark.asyncio
async def test_commands_show_progress_and_change_the_text_cleanly(model: Model) -> None:
    # From the bottom up: what is written never moves the lines that follow.
    commands = [("lintseq.implement", line) for line in reversed(PLACEHOLDERS)]
    commands.append(("lintseq.nextEdit", 0))
    async with started(model) as session:
        screen = Screen(session, PROGRAM)
        for name, line in commands:
            before = screen.text
            token = f"{name} {line}"
            session.client.progress_reports[token] = []
            where = {"line": line, "character": 0}
            answer = await session.command(name, session.uri, where, token=token)
            reports: list[object] = [*session.client.progress_reports[token]]
            begin, end = reports
            assert isinstance(begin, types.WorkDoneProgressBegin)
            assert isinstance(end, types.WorkDoneProgressEnd)
            assert answer["applied"] == (not answer["reason"]) == bool(session.applied)
            if session.applied:
                screen.accept(session.applied.pop(), session.version)
                assert_no_worse(before, screen.text)
        status = await session.command("lintseq.status")
        assert status["counts"]["shown"] + status["counts"]["silent"] == len(commands)
        assert "busy" in [each.state for each in session.statuses]


@pytest.mark.asyncio
@pytest.mark.parametrize(("kind", "places"), [("implement", PLACEHOLDERS), ("nextEdit", [0])])
async def test_every_step_is_clean(model: Model, kind: str, places: list[int]) -> None:
    async with started(model) as session:
        for line in places:
            screen = Screen(session, PROGRAM)
            asked = parameters(session, kind, line)
            proposed = await session.request("lintseq/propose", asked)
            answer = await session.request("lintseq/steps", asked)
            assert bool(answer.steps) != bool(answer.silent)
            assert len(proposed.steps) == len(answer.steps)
            # The first step of an implementation takes the place of the placeholder.
            kept = [text for number, text in enumerate(LINES) if number != line]
            before = "\n".join(kept) if kind == "implement" else PROGRAM
            for number, step in enumerate(answer.steps):
                screen.accept(step.edit, None if number else session.version)
                assert screen.text == proposed.steps[number]
                assert_no_worse(PROGRAM, screen.text)
                assert is_grown(before, screen.text)
                assert step.diff.startswith("--- a/example.py\n+++ b/example.py\n@@ ")
                before = screen.text
            session.close()


@pytest.mark.asyncio
async def test_what_is_no_longer_current_is_answered_with_nothing(model: Model) -> None:
    async with started(model) as session:
        screen = Screen(session, PROGRAM)
        action = (await session.actions(STUB))[0]
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
        long = asyncio.create_task(
            session.request("lintseq/propose", parameters(session, "implement"), "long")
        )
        await session.until("busy")
        session.client.cancel_request(types.CancelParams(id="long"))
        with pytest.raises(JsonRpcException) as caught:
            await asyncio.wait_for(long, _SOON_S)
        assert caught.value.code == types.LSPErrorCodes.RequestCancelled
        screen.write_line(PRINT, "        print(")
        # The older of two is ended by the newer one, which is answered, if only with a reason.
        ask = session.ghost(PRINT, 14, invoked=True)
        older, newer = await asyncio.gather(
            session.ghost(0, 6, invoked=True), asyncio.wait_for(ask, _SOON_S)
        )
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
        ("radius = 2\n", (0, 3), "in the middle of a word"),
        # Whatever stands behind it: nothing can be verified there.
        ("def (:\n    x = \n", (1, 8), ""),
    ]
    async with started(model) as session:
        for text, place, reason in cases:
            session.open(text)
            assert await session.ghost(*place, invoked=True) is None
            status = await session.request("lintseq/status")
            assert (status.state, bool(status.reason)) == ("silent", True)
            assert reason in status.reason
            session.close()
