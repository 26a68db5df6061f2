"""What the sandbox says of a program, which has no say in it."""

import os
import signal

import pytest

from tests.lintseq.sandbox.jails import OFFERED, run


@pytest.mark.parametrize("isolation", OFFERED)
@pytest.mark.parametrize(
    ("program", "status", "exit_code", "output"),
    [
        ("print('hi')", "passed", 0, "hi\n"),
        ("", "passed", 0, ""),
        ("import sys; sys.exit(3)", "failed", 3, ""),
        ("raise SystemExit('no')", "failed", 1, "no\n"),
        ("1/0", "failed", 1, "ZeroDivisionError: division by zero\n"),
        ("def f(:", "failed", 1, "SyntaxError: invalid syntax\n"),
        ("assert 1 == 2, 'é'", "failed", 1, "AssertionError: é\n"),
        ("import os; os.abort()", "killed", -signal.SIGABRT, ""),
        ("import sys; print(sys.stdin.read(), __name__, sys.argv)", "passed", 0, "program.py"),
        (
            "import threading; t = threading.Thread(target=print, args='t'); t.start(); t.join()",
            "passed",
            0,
            "t\n",
        ),
        ("import json, random, re, ssl, sqlite3, asyncio, decimal; print(1)", "passed", 0, "1\n"),
        ("import lintseq", "failed", 1, "No module named 'lintseq'\n"),
        ("import os; print(sorted({*os.environ} - {'LC_CTYPE'}))", "passed", 0, "[]\n"),
        ("import os; os.close(1); os.close(2)", "passed", 0, ""),
        ("import sys; sys.exit()\n1/0", "failed", 0, ""),
        ("import os; os._exit(0)", "failed", 0, ""),
        ("import os\nif os.fork(): os._exit(0)", "failed", 0, ""),
        (
            "import os\nfor n in range(3, 64):\n  try: os.write(n, b'1' * 16)\n"
            "  except OSError: pass\nos._exit(0)",
            "failed",
            0,
            "",
        ),
        ("x = 5\nimport __main__; print(__main__.x)", "passed", 0, "5\n"),
        (
            "import sys; print({*sys.modules} & {'start', 'hold', 'system', 'refused'})",
            "passed",
            0,
            "set()\n",
        ),
        ("import os; print(os.listdir())", "passed", 0, "[]\n"),
        ("import sys; print(sys._getframe(1).f_code.co_name); 1/0", "failed", 1, "Traceback"),
    ],
)
def test_verdicts(program: str, status: str, exit_code: int, output: str, isolation: str) -> None:
    outcome = run(program, isolation)
    assert (outcome.status, outcome.exit_code) == (status, exit_code), outcome
    assert output in outcome.output


@pytest.mark.parametrize("isolation", OFFERED)
def test_verdicts_are_not_told_by_the_program_when_many_files_are_open(isolation: str) -> None:
    files = [os.dup(0) for _ in range(300)]
    try:
        attack = "import os\nfor n in range(3, 1000):\n  try: os.write(n, b'exit 0 1')\n"
        outcome = run(attack + "  except OSError: pass\nos._exit(0)", isolation)
    finally:
        for file in files:
            os.close(file)
    assert (outcome.status, outcome.exit_code) == ("failed", 0)


@pytest.mark.parametrize("isolation", OFFERED)
def test_the_same_twice(isolation: str) -> None:
    program = "print({str(n) for n in range(20)}, hash('x'))"
    assert run(program, isolation).output == run(program, isolation).output
