"""Programs are run with their checks: only the right ones pass."""

import dataclasses
from pathlib import Path

import pytest

from lintseq.sandbox.choose import open_sandbox
from tests.training.evaluate.code.sets import ROWS, write_rows, write_set
from training.evaluate.code.problems import Problem, read_problems
from training.evaluate.code.scoring import LIMITS, LONG_LIMITS, Scorer, Verdict

TWICE = "def twice(numbers):\n    return [2 * number for number in numbers]\n"


def verdicts(problem: Problem, *programs: str) -> list[Verdict]:
    limits = LONG_LIMITS if problem.has_long_checks else LIMITS
    short = dataclasses.replace(limits, cpu_s=2)
    ((_, found),) = Scorer(open_sandbox(short), 2).verdicts([(problem, programs)])
    return found


@pytest.fixture(params=ROWS)
def problems(request: pytest.FixtureRequest, tmp_path: Path) -> list[Problem]:
    return read_problems(request.param, write_set(tmp_path, request.param))


def test_references_pass_but_for_the_bad_one(problems: list[Problem]) -> None:
    for problem in problems:
        (found,) = verdicts(problem, problem.reference)
        assert found.status == ("failed" if problem.name == "MBPP/700" else "passed")


@pytest.mark.parametrize(
    ("program", "wanted"),
    [
        (TWICE, "passed"),
        ("def twice(numbers):\n    return list(map(helper, numbers))\n", "passed"),
        # Wrong in the only test, or nothing at all.
        ("def twice(numbers):\n    return numbers\n", "failed"),
        ("def double(numbers):\n    return numbers\n", "failed"),
        ("def twice(numbers:\n", "failed"),
        ("import nothing_of_this_name\n" + TWICE, "failed"),
        ("", "empty"),
        ("\n \n", "empty"),
        # Ends well, but never comes to the tests.
        ("import sys\nsys.exit(0)\n", "failed"),
        ("import os\nprint('passed', flush=True)\nos._exit(0)\n", "failed"),
        ("raise SystemExit\n", "failed"),
        # Writes, and is not the main program.
        (f"print('x', end='')\n{TWICE}", "passed"),
        (f"{TWICE}\nif __name__ == '__main__':\n    raise ValueError\n", "passed"),
        (f"{TWICE}\n'''\n", "failed"),
        ("while True:\n    pass\n", "timeout"),
    ],
)
@pytest.mark.parametrize("benchmark", ["humaneval", "humanevalplus"])
def test_verdicts(benchmark: str, program: str, wanted: str, tmp_path: Path) -> None:
    (problem,) = read_problems(benchmark, write_set(tmp_path, benchmark))
    (found,) = verdicts(problem, program)
    assert found.status == wanted, found


def test_more_tests_find_more(tmp_path: Path) -> None:
    (short,) = read_problems("humaneval", write_set(tmp_path, "humaneval"))
    (long,) = read_problems("humanevalplus", write_set(tmp_path, "humanevalplus"))
    program = "def twice(numbers):\n    return [abs(2 * number) for number in numbers]\n"
    assert verdicts(short, program)[0].status == "passed"
    assert verdicts(long, program) == [Verdict("failed", "AssertionError: wanted [-6], got [6]")]


def test_arguments_come_as_tuples(tmp_path: Path) -> None:
    (problem,) = read_problems("mbppplus", write_set(tmp_path, "mbppplus"))
    right = "def shared(a, b):\n    return tuple(sorted(set(a + ()) & set(b)))\n"
    assert [one.status for one in verdicts(problem, right, "def shared(a, b): pass")] == [
        "passed",
        "failed",
    ]


def test_a_slow_call_is_ended_by_its_own_limit(tmp_path: Path) -> None:
    """Also where the reference is slow, and the sandbox lets it."""
    row = {**ROWS["humanevalplus"][0], "base_input": [[[1]]], "plus_input": []}
    path = write_rows(tmp_path / "slow.jsonl", [row])
    (problem,) = read_problems("humanevalplus", path)
    endless = "def twice(numbers):\n    while True:\n        pass\n"
    ((_, (found,)),) = Scorer(open_sandbox(LONG_LIMITS), 1).verdicts([(problem, [endless])])
    assert found.status == "timeout"


def test_equal_programs_get_one_verdict_and_keep_their_order(tmp_path: Path) -> None:
    (problem,) = read_problems("humaneval", write_set(tmp_path, "humaneval"))
    found = verdicts(problem, TWICE, "x = 1\n", TWICE, "", "x = 1\n")
    assert [one.status for one in found] == ["passed", "failed", "passed", "empty", "failed"]
