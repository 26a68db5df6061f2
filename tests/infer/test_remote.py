"""An engine behind a completion server, against one that speaks its protocol on loopback."""

import ast
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from lintseq.errors import EngineError
from lintseq.format import Special
from lintseq.infer.ask import Effort, Extent, Judgement, complete, edit
from lintseq.infer.completion_client import Endpoint
from lintseq.infer.locality import Locality, Trust
from lintseq.infer.remote import RemoteEngine
from lintseq.infer.request import PromptTooLong, Request
from lintseq.stub import implement_task
from lintseq.tasks import cursor_task
from tests.infer.completion_stub import served
from tests.server.editor import REAL_SERVER, editor

STUB = 'def double(x):\n    """Return x + x."""\n    pass\n'
BODY = f" @@\n+    return x + x\n{Special.DIFF}\n{Special.DIFF}"


def answer(body: dict[str, Any]) -> str | None:
    """What a good model would say."""
    prompt = body["prompt"]
    if body["max_tokens"] == 1:
        return "@@" if "print(" not in prompt else "\n"
    answers = {
        "+    return ": "first + second\n",
        "+if ": "value:\n",
        " @@\n+": "    print(value)\n",
        f"slow\n{Special.DIFF}": None,
    }
    return next((text for end, text in answers.items() if prompt.endswith(end)), BODY)


@pytest.mark.parametrize("is_llama", [False, True])
def test_a_line_is_completed(is_llama: bool) -> None:
    text = "def add(first, second):\n    return fi\n"
    with served(answer, is_llama=is_llama) as (url, asked):
        engine = RemoteEngine(Endpoint(url, "large"))
        completion = complete(engine, cursor_task(text, 1, 13), Judgement())
        assert [each.shown for each in completion.proposals] == ["rst + second"]
        assert completion.proposals[0].confidence > 0.5
    path, body = asked[-1]
    assert (path, body["model"], body["stop"]) == ("/v1/completions", "large", ["\n"])
    # The word that was begun is the model's to spell.
    assert body["prompt"].endswith("@@ -1,0 +2 @@\n+    return ")
    assert Special.DIFF in body["prompt"]


def test_nothing_of_other_files_is_sent() -> None:
    trust = Trust(20.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    judgement = Judgement(others=("sesame = 1\n",), locality=Locality(trust, trust))
    with served(answer) as (url, asked):
        engine = RemoteEngine(Endpoint(url))
        completion = complete(engine, cursor_task("value = 1\nif \n", 1, 3), judgement)
        assert completion.answer is not None
    assert asked
    assert "sesame" not in repr(asked)


def test_several_lines_are_asked_one_by_one() -> None:
    text = "value = 1\nif \n"
    with served(answer) as (url, asked):
        engine = RemoteEngine(Endpoint(url))
        completion = complete(engine, cursor_task(text, 1, 3), Judgement(), extent=Extent(3))
        assert [each.shown for each in completion.proposals] == ["value:\n    print(value)"]
    assert "model" not in asked[0][1]


def test_edits_of_several_candidates_come_in_one_request() -> None:
    with served(answer) as (url, asked):
        engine = RemoteEngine(Endpoint(url))
        task = implement_task(STUB, 0)
        assert task is not None
        completion = edit(engine, task, Judgement(), Effort(samples=3))
        (best,) = completion.proposals
        assert best.text == STUB.replace("    pass\n", "    return x + x\n")
    assert [body["n"] for _, body in asked if "n" in body] == [3]


def test_cancelling_closes_the_connection_at_once() -> None:
    cancel = threading.Event()
    with served(answer) as (url, _):
        engine = RemoteEngine(Endpoint(url))
        request = Request(("slow\n", Special.DIFF), stop="edits", samples=2)
        threading.Timer(0.2, cancel.set).start()
        started = time.monotonic()
        found = engine.generate(request, cancel)
        assert time.monotonic() - started < 5
        assert [each.ended for each in found.candidates] == ["cancelled"] * 2


def test_what_is_refused() -> None:
    with served(answer) as (url, _):
        engine = RemoteEngine(Endpoint(url))
        with pytest.raises(EngineError, match="control token"):
            engine.generate(Request((f"'{Special.DIFF.value}'\n ", Special.DIFF), stop="edits"))
        with pytest.raises(PromptTooLong):
            engine.generate(Request(("x" * 9000, Special.DIFF), stop="edits"))
        with pytest.raises(EngineError, match="404"):
            RemoteEngine(Endpoint(url + "/wrong")).generate(
                Request(("a\n", Special.DIFF), stop="edits")
            )
        engine.close()
        with pytest.raises(EngineError, match="closed"):
            engine.generate(Request(("a\n", Special.DIFF), stop="edits"))
    engine = RemoteEngine(Endpoint(url))
    with pytest.raises(EngineError, match=url):
        engine.generate(Request(("a\n", Special.DIFF), stop="edits"))
    with pytest.raises(ValueError, match="wanted an address"):
        Endpoint("somewhere")


@pytest.mark.asyncio
async def test_the_server_asks_the_endpoint_that_the_user_named_and_verifies_its_answers() -> None:
    with served(answer) as (url, asked):
        async with editor(REAL_SERVER, options={"endpoint": url}) as session:
            session.open("def add(first, second):\n    return \n")
            assert await session.ghost(1, 11, invoked=True) == "first + second"
            session.close()
            session.open("def add(a, b):\n    return \n")
            assert await session.ghost(1, 11, invoked=True) is None
            status = await session.request("lintseq/status")
            assert "undefined name 'first'" in status.reason
            assert url.split("/")[2] in status.model
        assert asked
    async with editor(REAL_SERVER, options={"endpoint": "somewhere"}) as session:
        (told,) = await session.messages(1)
        assert "the option endpoint: wanted an address" in told


def test_nothing_else_reaches_a_network() -> None:
    root = Path(__file__).parents[2]
    network = {"socket", "http", "urllib", "ssl", "ftplib", "smtplib", "requests", "httpx"}
    found = {
        path.relative_to(root).as_posix()
        for folder in ("lintseq", "server")
        for path in (root / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in _imported(node)
        if name.partition(".")[0] in network and name != "urllib.parse"
    }
    assert found == {"lintseq/infer/completion_client.py"}


def _imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [each.name for each in names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
    return []
