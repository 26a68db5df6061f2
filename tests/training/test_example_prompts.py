"""Training writes exactly what the editor asks, over modules of the standard library."""

from __future__ import annotations

import ast
import random
from collections import Counter
from collections.abc import Iterator

import pytest

from lintseq.examples import MAKERS, Example
from lintseq.format import Special
from lintseq.generated import read_generated
from lintseq.program import EditSequence, Lines, split_lines
from lintseq.repair import import_place, repair_task
from lintseq.stub import implement_task
from lintseq.tasks import Snapshot, Window, cursor_task
from tests.training.modules import MODULES

END = Special.END
WINDOWS = (Window(300, 0), Window(800, 100), Window(1200, 300), Window(1600, 600))


def made(task: str, count: int = 4) -> Iterator[tuple[Lines, Window, Example]]:
    """Examples of a task from each module, with their lines and window."""
    for module in MODULES:
        lines = split_lines(module.text)
        for seed in range(count):
            window = WINDOWS[seed % len(WINDOWS)]
            example = MAKERS[task](lines, random.Random(seed), window)
            if example:
                yield lines, window, example


def state_of(example: Example) -> Lines:
    return EditSequence(read_generated(example.prompt[2:]).edits).replay()


def result_of(example: Example) -> Lines:
    return EditSequence(read_generated((*example.prompt[2:], *example.answer)).edits).replay()


def first_line_of(example: Example) -> int:
    """The line of the state behind which the answer begins."""
    edits = read_generated(example.answer).edits
    return edits[0].hunks[0].at if edits else len(state_of(example))


def indentation(lines: Lines) -> str:
    line = next(line for line in lines if line.strip())
    return line[: len(line) - len(line.lstrip())]


def ends_of(lines: Lines, part: Lines) -> Iterator[int]:
    """Where in `lines` the `part` ends, wherever it stands."""
    for end in range(len(part), len(lines) + 1):
        if lines[end - len(part) : end] == part:
            yield end


# Replay


@pytest.mark.parametrize("task", ["block", "implement", "nothing", "sequence", "source"])
def test_an_example_replays_into_a_stretch_of_the_program(task: str) -> None:
    examples = list(made(task))
    assert len(examples) > 12
    for lines, _, example in examples:
        assert "".join(result_of(example)) in "".join(lines)


def test_a_cursor_example_replays_into_a_stretch_of_the_program() -> None:
    whole = 0
    for lines, _, example in made("cursor", 12):
        at, result = first_line_of(example), "".join(result_of(example))
        if example.answer[-1] is not END:
            # Of a long stretch only the beginning is asked for.
            assert "".join(result_of(example)[: at + 8]) in "".join(lines)
            continue
        # What follows the cursor on its line stands behind what is written.
        glued = "".join(result_of(example)[: at + 1])[:-1] + "".join(result_of(example)[at + 1 :])
        assert result in "".join(lines) or glued in "".join(lines)
        whole += 1
    assert whole > 60


def test_a_repair_example_brings_one_name_behind_the_imports() -> None:
    for lines, _, example in made("repair"):
        at, state, result = first_line_of(example), state_of(example), result_of(example)
        assert result == (*state[:at], result[at], *state[at:])
        (statement,) = ast.parse(result[at]).body
        assert isinstance(statement, ast.Import | ast.ImportFrom)
        (alias,) = statement.names
        name = (alias.asname or alias.name).split(".")[0]
        assert example.prompt[0] == f"undefined name {name!r}\n"
        assert any(name in line for line in state[at:])
        assert "".join(state[at:]) in "".join(lines)


# Prompts


def test_a_cursor_example_is_what_the_editor_asks() -> None:
    kinds: Counter[str] = Counter()
    for lines, window, example in made("cursor", 12):
        kinds[cursor_situation(lines, window, example)] += 1
    assert not kinds["none"]
    assert min(kinds["snapshot"], kinds["typed"]) > 20


@pytest.mark.parametrize("task", ["block", "nothing"])
def test_other_examples_at_a_cursor_are_what_the_editor_asks(task: str) -> None:
    for lines, window, example in made(task):
        assert cursor_situation(lines, window, example) == "snapshot"


def cursor_situation(lines: Lines, window: Window, example: Example) -> str:
    """How the editor comes to ask this, with the file as it would be on screen."""
    for text, line in cursor_texts(lines, example):
        asked = cursor_task(text, line, 0, None, window)
        if asked.prompt() == example.prompt:
            return checked(asked.forced(), "snapshot", example)
        state, at = state_of(example), first_line_of(example)
        for typed in range(1, 5):
            # A snapshot from some lines ago, which still is the state.
            cut = max(at - typed, 0)
            before = Snapshot(line - at, state[:cut], state[at:])
            asked = cursor_task(text, line, 0, before, window)
            if asked.prompt() == example.prompt:
                return checked(asked.forced(), "typed", example)
    return "none"


def checked(forced: str, kind: str, example: Example) -> str:
    """The kind, once the answer begins with what the editor forces."""
    if example.task == "cursor":
        assert str(example.answer[0]).startswith(forced)
    return kind


def cursor_texts(lines: Lines, example: Example) -> Iterator[tuple[str, int]]:
    """Files in which the cursor stands where the answer goes, and the line of the cursor."""
    state, at = state_of(example), first_line_of(example)
    if not read_generated(example.answer).edits:
        yield from (
            ("".join((*state[:cut], "\n", *state[cut:])), cut) for cut in range(len(state) + 1)
        )
        return
    before, after = state[:at], state[at:]
    for start in ends_of(lines, before):
        rest = lines[start:]
        # What follows the cursor on its line is the first line behind it.
        if after and rest[1 : len(after)] == after[1:] and rest[0].endswith(after[0]):
            yield "".join((*lines[:start], after[0], *rest[1:])), start
        for stop in range(1, len(rest) + 1):
            if rest[stop : stop + len(after)] == after and (after or stop == len(rest)):
                yield "".join((*lines[:start], "\n", *rest[stop:])), start
        if not after:
            # The window reaches no further than the cursor.
            yield "".join((*lines[:start], "\n", *rest[1:])), start


def test_an_implement_example_is_what_the_editor_asks() -> None:
    examples = list(made("implement", 6))
    assert len(examples) > 12
    for lines, window, example in examples:
        state, at, result = state_of(example), first_line_of(example), result_of(example)
        size = len(result) - len(state)
        stub = f"{indentation(result[at:])}pass\n"
        asked = [
            implement_task("".join((*lines[:start], stub, *lines[start + size :])), start, window)
            for start in ends_of(lines, state[:at])
            if lines[start : start + size] == result[at : at + size]
        ]
        fitting = [task for task in asked if task and task.prompt() == example.prompt]
        assert fitting
        assert str(example.answer[0]).startswith(fitting[0].forced)


def test_a_repair_example_is_what_the_editor_asks() -> None:
    same = 0
    for lines, window, example in made("repair"):
        name = str(example.prompt[0]).split("'")[1]
        asked = [
            repair_task("".join(text), line, name, window)
            for text in without_import(lines, name)
            for line in range(len(text))
            if name in text[line] and text[line] in state_of(example)
        ]
        fitting = [task for task in asked if task.prompt() == example.prompt]
        assert fitting
        assert all(str(example.answer[0]).startswith(task.forced) for task in fitting)
        same += 1
    assert same > 20


def without_import(lines: Lines, name: str) -> Iterator[Lines]:
    for node in ast.parse("".join(lines[: import_place(lines)])).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            bound = {(alias.asname or alias.name).split(".")[0] for alias in node.names}
            if name in bound:
                yield lines[: node.lineno - 1] + lines[node.end_lineno :]


@pytest.mark.parametrize("task", ["sequence", "source"])
def test_a_whole_program_answers_an_empty_file(task: str) -> None:
    for _, _, example in made(task):
        assert example.prompt == cursor_task("", 0, 0).prompt()
        assert str(example.answer[0]).startswith("@@ -0,0 +1")
