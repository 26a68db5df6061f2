"""ruff: the rules that count, and the server that is asked."""

import json
import os
import subprocess

import pytest
from ruff import find_ruff_bin

from lintseq.errors import LimitError
from lintseq.lint import SYNTAX_ERROR, Finding, has_waiver
from lintseq.linters import LINTERS, ruff, ruff_server
from tests.bench.corpus import programs as bench_programs
from tests.lintseq.test_lint import COUNTED_SNIPPETS
from tests.lintseq.test_linters import run_python

RUFF = LINTERS["ruff"]("text.py")

# ruff says the same in its own way, or leaves it to the compiler.
RUFF_DIFFERS = {
    "DuplicateArgument": [SYNTAX_ERROR],
    "TooManyExpressionsInStarredAssignment": [],
    "PercentFormatExpectedSequence": [
        "PercentFormatExpectedSequence",
        "PercentFormatPositionalCountMismatch",
    ],
}


@pytest.mark.parametrize("kind", COUNTED_SNIPPETS)
def test_ruff_counts_what_pyflakes_counts(kind: str) -> None:
    text, name = COUNTED_SNIPPETS[kind]
    findings = RUFF.lint(text)
    assert [finding.kind for finding in findings] == RUFF_DIFFERS.get(kind, [kind])
    if kind in ("UndefinedName", "UndefinedLocal", "UndefinedExport"):
        assert findings[0].name == name


def test_ruff_counts_nothing_else() -> None:
    assert set(ruff.COUNTED.values()) <= set(COUNTED_SNIPPETS)


@pytest.mark.parametrize(
    ("comment", "is_waived"),
    [
        ("# noqa", True),
        ("# NOQA", True),
        ("#noqa:F821 because", True),
        ("# noqa: F", True),
        ("# noqa: E501, F821", True),
        ("# noqa: E501", False),
        ("# noqaX", False),
    ],
)
def test_ruff_respects_noqa(comment: str, is_waived: bool) -> None:
    assert has_waiver(comment) == is_waived
    assert (RUFF.lint(f"print(x)  {comment}\n") == ()) == is_waived


def test_a_waiver_is_that_of_its_line_as_python_counts_lines() -> None:
    (finding,) = RUFF.lint("print(x)\rprint(y)  # noqa\r")
    assert finding.name == "x"
    assert RUFF.lint("print(x)  # noqa\r\nprint(y)  # noqa\r\n") == ()


def test_ruff_knows_a_package() -> None:
    text = "print(__path__)\n"
    assert len(RUFF.lint(text)) == 1
    assert LINTERS["ruff"]("package/__init__.py").lint(text) == ()


def test_the_server_says_what_the_command_says() -> None:
    for text in [*bench_programs(), *(text for text, _ in COUNTED_SNIPPETS.values())]:
        command = [find_ruff_bin(), "check", "--isolated", "--no-cache", "--output-format", "json"]
        done = subprocess.run(
            [*command, "--select", ",".join(ruff.COUNTED), "-"],
            input=text.encode(),
            capture_output=True,
            check=False,
        )
        told = [(each["code"], each["location"]["row"]) for each in json.loads(done.stdout)]
        server = ruff._server().diagnostics(text, "text.py")
        asked = [(each["code"], each["range"]["start"]["line"] + 1) for each in server]
        assert sorted(asked, key=str) == sorted(told, key=str)


def test_a_crash_of_ruff_costs_one_text() -> None:
    # Python's parser refuses this before ruff sees it; ruff itself overflows its stack.
    with pytest.raises(LimitError, match="ruff crashed"):
        ruff._server().diagnostics("x = " + "[" * 100_000, "text.py")
    assert RUFF.lint("print(x)\n") == (Finding("UndefinedName", "x", 0),)


def test_ruff_may_not_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff_server, "TIMEOUT_S", 1e-9)
    with pytest.raises(LimitError, match="took more than"):
        RUFF.lint("x = 1\n" * 50_000)
    monkeypatch.undo()
    assert RUFF.lint("x = 1\n") == ()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_ruff_has_a_server_of_its_own_behind_a_fork() -> None:
    program = (
        "import os\nfrom lintseq.linters import LINTERS\nruff = LINTERS['ruff']('x')\n"
        "ruff.lint('x')\nchild = os.fork()\n"
        "for _ in range(50): assert len(ruff.lint('x')) == 1\n"
        "if child: assert os.waitpid(child, 0)[1] == 0\nelse: os._exit(0)\n"
    )
    assert run_python(program) == ""
