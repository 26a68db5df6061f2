"""What a model is asked, and the program that its answer stands for."""

from pathlib import Path

import pytest

from lintseq.format import Segment, Special
from tests.training.evaluate.code.sets import TWICE, write_set
from training.evaluate.code.problems import Problem, read_problems
from training.evaluate.code.question import Asking

DIFF, END = Special.DIFF, Special.END
STOPS = ("\nclass", "\ndef")


@pytest.fixture
def problem(tmp_path: Path) -> Problem:
    (problem,) = read_problems("humaneval", write_set(tmp_path, "humaneval"))
    return problem


def test_edits_behind_an_instruction(problem: Problem) -> None:
    asking = Asking("edits", "instruction", STOPS)
    question = asking.question(problem)
    assert question.prompt == (f"{problem.instruction}\n", DIFF)
    assert (question.name, question.stop, question.until) == ("HumanEval/0", "edits", ())
    answer: tuple[Segment, ...] = (
        *("@@ -0,0 +1,2 @@\n+def twice(numbers):\n+    return found\n", DIFF),
        *("@@ -1,0 +2 @@\n+    found = [2 * number for number in numbers]\n", DIFF),
        *("\n", DIFF, END),
    )
    assert asking.program(problem, answer) == (
        "def twice(numbers):\n    found = [2 * number for number in numbers]\n    return found\n"
    )


@pytest.mark.parametrize(
    ("answer", "program"),
    [
        ((), ""),
        (("\n", DIFF, END), ""),
        (("@@ -0,0 +1 @@\n+a = 1\n",), "a = 1\n"),
        # Half a line, a place that is not there, and a header that contradicts itself.
        (("@@ -0,0 +1,2 @@\n+a = 1\n+b",), "a = 1\n"),
        (("@@ -0,0 +1 @@\n+a = 1\n", DIFF, "@@ -7,0 +8 @@\n+b = 2\n", DIFF), "a = 1\n"),
        (("@@ -0,0 +1 @@\n+a = 1\n", DIFF, "@@ -1,0 +7 @@\n+b = 2\n", DIFF), "a = 1\n"),
    ],
)
def test_edits_that_break_off(answer: tuple[Segment, ...], program: str, problem: Problem) -> None:
    assert Asking().program(problem, answer) == program


def test_a_whole_program_behind_an_instruction(problem: Problem) -> None:
    asking = Asking("whole", "instruction", STOPS)
    question = asking.question(problem)
    assert question.prompt == (f"{problem.instruction}\n",)
    assert (question.stop, question.until) == ("text", ())
    assert asking.program(problem, ("def twice(n):\n    return n\n", END)) == (
        "def twice(n):\n    return n\n"
    )


def test_plain_code_is_gone_on_from(problem: Problem) -> None:
    asking = Asking("whole", "code", STOPS)
    question = asking.question(problem)
    assert question.prompt == (TWICE,)
    assert (question.stop, question.until) == ("text", STOPS)
    assert asking.program(problem, ("    return numbers",)) == f"{TWICE}    return numbers"


def test_code_is_gone_on_from_in_edits(problem: Problem) -> None:
    asking = Asking("edits", "code", STOPS)
    question = asking.question(problem)
    count = TWICE.count("\n")
    assert question.prompt[:2] == ("\n", DIFF)
    assert question.prompt[2].startswith(f"@@ -0,0 +1,{count} @@\n+from typing import List\n")
    assert question.prompt[3:] == (DIFF,)
    assert question.until == ()
    answer = (f"@@ -{count},0 +{count + 1} @@\n+    return numbers\n", DIFF, "\n", DIFF, END)
    assert asking.program(problem, answer) == f"{TWICE}    return numbers\n"


@pytest.mark.parametrize(("format_", "prompt"), [("diff", "code"), ("edits", "chat")])
def test_what_there_is_not(format_: str, prompt: str) -> None:
    with pytest.raises(ValueError, match="need a format of edits, whole and a prompt of"):
        Asking(format_, prompt)
