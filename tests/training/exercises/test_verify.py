"""What the sandbox says of programs, many at a time."""

from __future__ import annotations

import pytest

from lintseq.sandbox.choose import open_sandbox
from training.exercises import verify as verifying
from training.exercises.verify import LIMITS, PASSED, Program, verify

RIGHT = Program("def f(x):\n    return x + 1\n", "assert f(1) == 2\n")
DOCUMENTED = 'def f(x):\n    """Add one.\n\n    >>> f(1)\n    {}\n    """\n    return x + 1\n'


@pytest.mark.parametrize(
    ("program", "verdict"),
    [
        (RIGHT, PASSED),
        (Program(RIGHT.code, "assert f(1) == 3\n"), "AssertionError"),
        (Program("def f(x):\n    return y\n", "f(1)\n"), "NameError"),
        (Program("def f(:\n", ""), "SyntaxError"),
        (Program("raise SystemExit\n", ""), "SystemExit"),
        (Program("print('a' * 100_000)\n", ""), PASSED),
        (Program(DOCUMENTED.format("2"), ""), PASSED),
        (Program(DOCUMENTED.format("3"), ""), "AssertionError: doctest"),
        (Program("import warnings\nwarnings.warn('no matter')\n", ""), PASSED),
    ],
)
def test_verdict(program: Program, verdict: str) -> None:
    before, found, after = verify([RIGHT, program, RIGHT], open_sandbox(LIMITS))
    assert found.startswith(verdict) if verdict else found == PASSED
    # Its neighbours know nothing of it.
    assert before == after == PASSED


def test_one_without_end_costs_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "_SECONDS", 0.2)
    endless = Program("while True:\n    pass\n", "")
    first, found, last = verify([RIGHT, endless, RIGHT], open_sandbox(LIMITS))
    assert found.startswith("TimeoutError")
    assert first == last == PASSED


def test_one_that_ends_the_process_costs_itself_alone() -> None:
    deadly = Program("import os\nos._exit(1)\n", "")
    verdicts = verify([RIGHT, RIGHT, deadly, RIGHT], open_sandbox(LIMITS))
    assert [verdict == PASSED for verdict in verdicts] == [True, True, False, True]


def test_nothing_is_asked_of_the_sandbox_for_nothing() -> None:
    assert verify([], open_sandbox(LIMITS)) == []
