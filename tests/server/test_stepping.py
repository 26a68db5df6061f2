"""A proposal step by step: over custom requests, over commands, and with the default model."""

from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.server.editor import REAL_SERVER, Editor, capabilities, editor
from tests.server.screen import Screen, workspace_edit
from tests.server.verdicts import assert_no_worse

STUB = 'def add(first, second):\n    """Take steps."""\n    pass\n\n\nx = 1\n'
FIRST = "    result = first\n"
SECOND = "    result += second\n"
THIRD = "    return result\n"
HEAD = 'def add(first, second):\n    """Take steps."""\n'
TAIL = "\n\nx = 1\n"


def asked(session: Editor, line: int = 0) -> dict[str, object]:
    place = {"line": line, "character": 0}
    return {"uri": session.uri, "version": session.version, "position": place, "kind": "implement"}


class Stepper:
    """A client that steps through a proposal and applies what it is told."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.answer: Any = None

    async def begin(self, line: int = 0) -> Any:  # noqa: ANN401
        self.answer = await self.screen.session.request(
            "lintseq/steps", asked(self.screen.session, line)
        )
        self.id = self.answer.id
        return self.answer

    async def move(self, method: str, step: int | None = None) -> Any:  # noqa: ANN401
        session = self.screen.session
        parameters = {"uri": session.uri, "version": session.version, "id": self.id, "step": step}
        self.answer = await session.request(f"lintseq/{method}", parameters)
        if self.answer.edit is not None:
            self.screen.accept(self.answer.edit, session.version)
        return self.answer

    def offered(self) -> list[int]:
        return [step.number for step in self.answer.steps]


@pytest.mark.asyncio
async def test_accept_one_by_one_and_undo() -> None:
    async with editor() as session:
        stepper = Stepper(Screen(session, STUB))
        await stepper.begin()
        assert stepper.offered() == [0, 1, 2]
        assert stepper.answer.steps[0].label == "step 1 of 3: result = first"
        await stepper.move("accept")
        assert stepper.screen.text == HEAD + FIRST + TAIL
        assert (stepper.answer.taken, stepper.offered()) == ([0], [1, 2])
        await stepper.move("accept", 2)
        assert stepper.screen.text == HEAD + FIRST + SECOND + THIRD + TAIL
        assert stepper.offered() == []
        assert "no step is left" in (await stepper.move("accept")).silent
        for text in (HEAD + FIRST + SECOND + TAIL, HEAD + FIRST + TAIL, STUB):
            await stepper.move("undo")
            assert stepper.screen.text == text
        assert "no step is accepted" in (await stepper.move("undo")).silent
        assert "not offered; offered: 0, 1, 2" in (await stepper.move("skip", 9)).silent


@pytest.mark.asyncio
async def test_what_needs_a_skipped_step_is_offered_no_more() -> None:
    async with editor() as session:
        stepper = Stepper(Screen(session, STUB))
        await stepper.begin()
        await stepper.move("skip")
        assert (stepper.answer.edit, stepper.answer.silent, stepper.offered()) == (None, None, [])
        await stepper.begin()
        await stepper.move("skip", 1)
        assert stepper.offered() == [0, 2]
        await stepper.move("accept", 2)
        assert stepper.screen.text == HEAD + FIRST + THIRD + TAIL


@pytest.mark.asyncio
async def test_previews_apply_one_behind_the_other() -> None:
    async with editor() as session:
        screen = Screen(session, STUB)
        for number, step in enumerate((await Stepper(screen).begin()).steps):
            before = screen.text
            screen.accept(step.edit, None if number else session.version)
            assert step.diff.startswith("--- a/example.py\n+++ b/example.py\n@@ ")
            assert_no_worse(before, screen.text)
        assert screen.text == HEAD + FIRST + SECOND + THIRD + TAIL


@pytest.mark.asyncio
async def test_an_edit_that_was_not_applied_costs_nothing() -> None:
    async with editor() as session:
        stepper = Stepper(Screen(session, STUB))
        await stepper.begin()
        old = {"uri": session.uri, "version": session.version, "id": stepper.id}
        refused = await session.request("lintseq/accept", old)
        assert refused.edit is not None
        await stepper.move("accept")
        assert stepper.screen.text == HEAD + FIRST + TAIL


@pytest.mark.asyncio
async def test_another_text_ends_the_steps() -> None:
    async with editor() as session:
        stepper = Stepper(Screen(session, STUB))
        await stepper.begin()
        stepper.screen.write_line(5, "x = 2")
        assert "has changed" in (await stepper.move("accept")).silent
        stepper.id = 99_999
        assert "no steps are offered as 99999" in (await stepper.move("accept")).silent
        with pytest.raises(JsonRpcException, match="StepParameters"):
            await session.request("lintseq/skip", {"uri": session.uri})


@pytest.mark.asyncio
async def test_changes_are_annotated_for_a_client_that_knows_it() -> None:
    able = capabilities()
    assert able.workspace is not None
    assert able.workspace.workspace_edit is not None
    able.workspace.workspace_edit.change_annotation_support = (
        types.ChangeAnnotationsSupportOptions()
    )
    async with editor(able=able) as session:
        stepper = Stepper(Screen(session, STUB))
        (first, *_) = (await stepper.begin()).steps
        edit = workspace_edit(first.edit)
        assert edit.change_annotations is not None
        ((name, annotation),) = edit.change_annotations.items()
        assert annotation.label == "LintSeq: step 1 of 3: result = first"
        assert edit.document_changes is not None
        (change,) = edit.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        assert {getattr(each, "annotation_id", None) for each in change.edits} == {name}


@pytest.mark.asyncio
async def test_a_plain_client_steps_by_code_actions() -> None:
    # One that takes commands only; without literals, these come bare.
    able = capabilities()
    assert able.text_document is not None
    able.text_document.code_action = types.CodeActionClientCapabilities()
    async with editor(able=able) as session:
        screen = Screen(session, STUB)

        async def run(title: str) -> dict[str, Any]:
            listed = await session.listed(0, ["refactor.rewrite.lintseq.steps"])
            (action,) = [action for action in listed if action.title.startswith(title)]
            assert isinstance(action, types.Command)
            answer = await session.command(action.command, *(action.arguments or ()))
            if session.applied:
                screen.accept(session.applied.pop(), session.version)
            return answer

        started = await run("Implement add step by step")
        assert started == {"applied": False, "reason": "", "left": 3}
        assert await run("Accept step 1") == {"applied": True, "reason": "", "left": 2}
        assert screen.text == HEAD + FIRST + TAIL
        assert (await run("Skip step 2"))["left"] == 1
        await run("Accept step 3")
        assert screen.text == HEAD + FIRST + THIRD + TAIL
        await run("Undo step 3")
        assert screen.text == HEAD + FIRST + TAIL
        await session.command("lintseq.undoStep", session.uri)
        screen.accept(session.applied.pop(), session.version)
        assert screen.text == STUB
        screen.write_line(5, "x = 3")
        answer = await session.command("lintseq.acceptStep", session.uri)
        assert "has changed" in answer["reason"]


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["startSteps", "acceptStep", "skipStep", "undoStep"])
async def test_wrong_arguments_are_an_error(name: str) -> None:
    async with editor() as session:
        with pytest.raises(JsonRpcException, match="wanted the arguments"):
            await session.command(f"lintseq.{name}", 1)


WORDS = (
    "Read a file and return its lines.",
    "Compile the pattern.",
    "Return the data as json.",
    "Return True if the file exists.",
)


@pytest.mark.asyncio
async def test_with_the_default_model_every_stop_is_as_clean_as_the_beginning() -> None:
    walked = 0
    async with editor(REAL_SERVER, options={"threads": 1}) as session:
        for words in WORDS:
            program = f'def f(path, name):\n    """{words}"""\n    pass\n\n\nprint(f("a", "b"))\n'
            screen = Screen(session, program)
            stepper = Stepper(screen)
            await stepper.begin()
            count = len(stepper.offered())
            for _ in range(count):
                await stepper.move("accept")
                assert stepper.answer.silent is None
                assert_no_worse(program, screen.text)
            for _ in range(count):
                await stepper.move("undo")
                if screen.text != program:
                    assert_no_worse(program, screen.text)
            assert screen.text == program
            if count > 1:
                walked += 1
                await stepper.move("skip")
                while stepper.offered():
                    await stepper.move("accept")
                    assert_no_worse(program, screen.text)
            session.close()
    assert walked >= 1, "the default model wrote no proposal of several steps"
