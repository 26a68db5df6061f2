"""What users ask of such tools, row by row: CPU, cancelling, deletions, next edits, brackets."""

import asyncio
import time

import psutil
import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.product.asking import (
    Shown,
    all_shown,
    begun_lines,
    first_shown,
    needs_model,
    program,
    real,
    reason,
)
from tests.requests.checker import edit_problem
from tests.server.editor import Editor
from tests.server.screen import Screen

pytestmark = [pytest.mark.asyncio, needs_model]

_KEYS, _WARM, _GAP_S = 40, 3, 0.01
STUBS = [
    'def same(value):\n    """Return the value."""\n    pass\n',
    'def total(first, second):\n    """Return first + second."""\n    pass\n',
    'def last(items):\n    """Return the last of the items."""\n    pass\n',
]


def family(session: Editor) -> list[psutil.Process]:
    server = psutil.Process(session.server_id)
    return [server, *server.children(recursive=True)]


def used_s(session: Editor) -> float:
    """CPU seconds of the server and its model."""
    times = [process.cpu_times() for process in family(session)]
    return float(sum(each.user + each.system for each in times))


async def test_row_6_no_cpu_spikes_debounce_one_request_in_flight_and_nothing_when_idle() -> None:
    # Eight candidates take longer than the time between two quick keys.
    async with real({"alternatives": 8}) as session:
        # The threads that llama.cpp computes with: one, for a small model.
        _, worker = family(session)
        before = worker.num_threads()
        screen = Screen(session, program("inventory") + "\n\n")
        line = screen.text.count("\n")
        # Once the server knows what an answer takes, faster keys than that are not all computed.
        for _ in range(_WARM):
            await session.ghost(line, 0, invoked=True)
        counted = await session.request("lintseq/status")
        warm = [status.state for status in session.statuses].count("busy")
        asked = []
        started = time.monotonic()
        for number in range(_KEYS):
            text = "result = compute_the_total_of_all(values)"[:number]
            screen.write_line(line, text)
            asked.append(asyncio.create_task(session.ghost(line, len(text))))
            await asyncio.sleep(_GAP_S)
        gap_ms = 1000 * (time.monotonic() - started) / _KEYS
        await asyncio.gather(*asked)
        # What was computed, even if only begun: each says that the server is busy.
        begun = [status.state for status in session.statuses].count("busy") - warm
        # A machine at its limit types slower than it answers; then there is nothing to wait for.
        assert begun <= _KEYS // 2 or gap_ms > counted.latency.p50
        assert worker.num_threads() == before
        # What is prepared while the cursor rests is done soon; from then on nothing runs.
        async with asyncio.timeout(60):
            used = -1.0
            while used < (used := used_s(session)):
                await asyncio.sleep(1.5)
        await asyncio.sleep(2.0)
        assert used_s(session) - used <= 0.02


async def test_row_7_requests_are_cancelled_by_newer_ones_and_by_the_client() -> None:
    async with real() as session:
        session.open(STUBS[1])
        place = {"uri": session.uri, "version": session.version, "kind": "implement"}
        place["position"] = {"line": 0, "character": 0}
        long = asyncio.create_task(session.request("lintseq/propose", place, "long"))
        await session.until("busy")
        session.client.cancel_request(types.CancelParams(id="long"))
        started = time.monotonic()
        with pytest.raises(JsonRpcException) as caught:
            await long
        assert caught.value.code == types.LSPErrorCodes.RequestCancelled
        # A whole answer of eight candidates takes far longer.
        older = asyncio.create_task(session.request("lintseq/propose", place))
        await session.until("busy")
        newer = await session.request("lintseq/propose", place | {"kind": "nextEdit"})
        assert newer.silent != (await older).silent
        assert "newer request" in (await older).silent
        assert time.monotonic() - started < 20
        counts = (await session.request("lintseq/status")).counts
        assert counts.cancelled == 2


async def test_row_8_it_only_inserts_and_drops_what_was_just_deleted() -> None:
    async with real() as session:
        shown = await first_shown(session, least=3)
        place, end = (shown.line, shown.character), (shown.line, shown.character + len(shown.text))
        session.replace(place, place, shown.text)
        session.replace(place, end, "")
        # The user has just taken it away.
        assert await session.ghost(*place) is None
        assert "right after" in await reason(session)
        # One key further it does not come back either.
        session.replace(place, place, "  ")
        session.replace(place, (place[0], place[1] + 2), "")
        session.replace((place[0], place[1] - 1), place, "")
        begun = shown.before.split("\n")[shown.line][place[1] - 1]
        session.replace((place[0], place[1] - 1), (place[0], place[1] - 1), begun)
        again = await session.ghost(*place)
        assert again is None or shown.text not in again
        session.close()
        async for each in all_shown(session, program("shapes"), every=3):
            assert each.problem == ""


async def test_row_9_next_edits_with_a_local_model() -> None:
    found = 0
    async with real() as session:
        for name in ("inventory", "shapes", "tokens", "matrix"):
            text = program(name)
            screen = Screen(session, text)
            lines = range(2, text.count("\n"), 8)
            for line in lines:
                (action,) = [
                    each for each in await session.actions(line) if each.title == "Next edit"
                ]
                resolved = await session.client.code_action_resolve_async(action)
                if resolved.edit is None:
                    continue
                found += 1
                screen.accept(resolved.edit, session.version)
                assert edit_problem(text, screen.text) == ""
                break
            session.close()
            if found:
                break
    assert found, "the default model finds no next edit anywhere"


async def test_row_10_no_duplicated_brackets_and_no_repeated_suffix() -> None:
    text = program("inventory") + "\n\n" + program("tokens")
    problems, shown = [], 0
    async with real() as session:
        for number, line in enumerate(text.split("\n")):
            opening = line.find("(")
            if opening < 0 or not line.endswith((")", "):")) or line.strip().startswith("def"):
                continue
            # As an editor leaves it that closes brackets by itself.
            closing = line[line.rindex(")") :]
            begun = line[: opening + 1]
            screen = Screen(session, text)
            screen.write_line(number, begun + closing)
            found = await session.ghost(number, len(begun), invoked=True)
            if found is not None:
                each = Shown(number, len(begun), found, screen.text)
                shown += 1
                problems += [each.problem] * bool(each.problem)
                whole = each.after.split("\n")[number]
                assert whole.count("(") == whole.count(")"), whole
            session.close()
    assert problems == []
    assert shown >= 2


async def test_asked_by_a_key_there_are_alternatives_each_verified() -> None:
    counts = []
    async with real({"alternatives": 4}) as session:
        for number, begun in [*begun_lines(program("inventory"))][::3]:
            screen = Screen(session, program("inventory"))
            screen.write_line(number, begun)
            items = await session.ghost_items(number, len(begun), invoked=True)
            texts = [str(item.insert_text) for item in items]
            assert len({*texts}) == len(texts)
            for item, text in zip(items, texts, strict=True):
                # What needs an import is clean with it.
                shown = Shown(number, len(begun), text, screen.text)
                assert item.command is not None or shown.problem == ""
            counts.append(len(items))
            session.close()
    assert 1 < max(counts) <= 4
