"""Candidates are run only where the user has said so twice: by the option and for the workspace."""

import asyncio
import doctest
from typing import Any

import pytest

from lintseq.sandbox.choose import open_sandbox
from lintseq.sandbox.run import SandboxError
from server.consent import keep_consent, read_consent
from tests.server.editor import REAL_SERVER, Editor, editor

ADD = '''\
def add(first, second):
    """Add two numbers.

    >>> add(2, 3)
    {result}
    """
    pass
'''
RUN = {"run_examples": True}


@pytest.fixture(scope="module", autouse=True)
def _sandbox() -> None:
    try:
        open_sandbox()
    except SandboxError as error:
        pytest.skip(str(error))


async def implemented(session: Editor, text: str) -> Any:  # noqa: ANN401
    session.open(text)
    place = {"line": 0, "character": 0}
    asked = {"uri": session.uri, "version": session.version, "position": place}
    answer = await session.request("lintseq/propose", asked | {"kind": "implement"})
    session.close()
    return answer


RIGHT, WRONG = ADD.replace("{result}", "5"), ADD.replace("{result}", "6")


@pytest.mark.asyncio
async def test_nothing_is_run_unless_the_option_says_so() -> None:
    async with editor() as session:
        answer = await implemented(session, WRONG)
        assert (len(answer.steps), answer.passed, session.questions) == (1, 0, [])


@pytest.mark.asyncio
async def test_the_user_is_asked_once_for_the_workspace() -> None:
    async with editor(options=RUN) as session:
        session.answer = "Run here"
        answer = await implemented(session, RIGHT)
        assert (len(answer.steps), answer.passed) == (1, 1)
        answer = await implemented(session, WRONG)
        assert answer.steps == []
        assert "none passes add" in answer.silent
        (question,) = session.questions
        assert "sandbox" in question


@pytest.mark.asyncio
@pytest.mark.parametrize("answer", ["Not now", "Never here", None])
async def test_without_the_users_word_nothing_is_run(answer: str | None) -> None:
    async with editor(options=RUN) as session:
        session.answer = answer
        for _ in range(2):
            assert (await implemented(session, WRONG)).passed == 0
        assert len(session.questions) == 1


@pytest.mark.asyncio
async def test_requests_at_once_ask_the_user_one_question() -> None:
    async with editor(options=RUN) as session:
        session.answer = "Run here"
        session.open(RIGHT)
        asked = {"uri": session.uri, "version": session.version, "kind": "implement"}
        asked |= {"position": {"line": 0, "character": 0}}
        answers = await asyncio.gather(
            *(session.request("lintseq/propose", asked) for _ in range(3)), return_exceptions=True
        )
        assert any(getattr(answer, "passed", 0) for answer in answers)
        assert len(session.questions) == 1


def test_the_answer_is_kept(tmp_path: Any) -> None:  # noqa: ANN401
    path = tmp_path / "deep" / "workspaces.json"
    assert read_consent(path) == {}
    keep_consent(path, "file:///a", is_allowed=True)
    keep_consent(path, "file:///b", is_allowed=False)
    assert read_consent(path) == {"file:///a": True, "file:///b": False}
    path.write_text("[1]")
    assert read_consent(path) == {}


@pytest.mark.asyncio
async def test_what_the_default_model_writes_passes_an_easy_example() -> None:
    easy = [
        'def same(value):\n    """Return the value.\n\n    >>> same(7)\n    7\n    """\n    pass\n',
        'def word(x):\n    """Return x.\n\n    >>> word(1)\n    1\n    """\n    pass\n',
        'def total(a, b):\n    """Return a + b.\n\n    >>> total(7, 2)\n    9\n    """\n    pass\n',
    ]
    examples = ">>> f(1), f(1) == f(1)\n    (2, False)"
    impossible = f'def f(x):\n    """Return x.\n\n    {examples}\n    """\n    pass\n'
    passed = 0
    async with editor(REAL_SERVER, options=RUN | {"threads": 1}) as session:
        session.answer = "Run here"
        for text in easy:
            answer = await implemented(session, text)
            assert (answer.passed == 1) == bool(answer.steps)
            if answer.steps:
                space: dict[str, Any] = {}
                exec(answer.steps[-1], space)
                (example,) = doctest.DocTestParser().get_examples(text.split('"""')[1])
                assert eval(example.source, space) == eval(example.want)
                passed += 1
        answer = await implemented(session, impossible)
        assert answer.steps == []
    assert passed >= 1, "of three easy functions the default model writes none that passes"
