"""pyflakes, pylint and ruff: what they count, on which line, and that no text disturbs the next."""

import subprocess
import sys

import pytest
from hypothesis import given

from lintseq.__main__ import main
from lintseq.errors import LimitError, LintseqError
from lintseq.lint import SYNTAX_ERROR, Linter
from lintseq.linters import LINTERS
from lintseq.program import Lines
from tests.lintseq.programs import texts
from tests.lintseq.test_laws import LAWS

PYLINT = LINTERS["pylint"]("text.py")
RUFF = LINTERS["ruff"]("text.py")
ALL = [make("text.py") for make in LINTERS.values()]
each_linter = pytest.mark.parametrize("linter", ALL, ids=LINTERS)


def run_python(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


CLEAN = (
    "",
    "\n",
    "# nothing\n",
    "import os\n",
    "def f():\n    unused = 1\n",
    "def f():\n    return g()\n\n\ndef g():\n    return f()\n",
    "from __future__ import annotations\n\n\ndef f(x: Later): pass\n\n\nclass Later: pass\n",
    "X = f'{1}'\nprint(X, __file__, __name__)\n",
)


@each_linter
@pytest.mark.parametrize("text", CLEAN)
def test_clean(linter: Linter, text: str) -> None:
    assert linter.lint(text) == ()


@each_linter
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("print(x)\n", 0),
        ("a = 1\r\nprint(x)\r\n", 1),
        ("print('''\r\r''')\nprint(x)\n", 1),
        ("a = '''\n\r\n'''\n\f\nprint(x)", 4),
        ("def f():\n    return x\n", 1),
    ],
)
def test_an_unknown_name_is_found_on_its_line(linter: Linter, text: str, line: int) -> None:
    # pylint also finds control characters in strings.
    kinds = ("UndefinedName", "undefined-variable")
    found = [finding.line for finding in linter.lint(text) if finding.kind in kinds]
    assert found == [line]


@each_linter
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("if 1:\nx = 2\n", 0),
        ("def f(:\n", 0),
        ("a = 1\nb = (\n", 1),
        ("try:\n    pass\nx = 1\n", 2),
        ("a = 1\n  b = 2\n", 1),
        ("x = 1\0\n", 0),
        ("x = '\ud800'\n", 0),
    ],
)
def test_what_does_not_parse_is_one_finding(linter: Linter, text: str, line: int) -> None:
    (finding,) = linter.lint(text)
    assert (finding.kind, finding.line) == (SYNTAX_ERROR, line)


@each_linter
def test_what_is_too_deep_is_refused_and_the_next_text_is_not(linter: Linter) -> None:
    limit = sys.getrecursionlimit()
    for text in ("[" * 500 + "]" * 500, "x = " + "-" * 20_000 + "1"):
        with pytest.raises(LimitError, match="nested too deeply"):
            linter.lint(text)
    assert sys.getrecursionlimit() == limit
    assert len(linter.lint("print(x)\n")) == 1


@each_linter
def test_a_version_has_name_and_number(linter: Linter) -> None:
    name, number = linter.version.split()[:2]
    assert name in LINTERS
    assert number[0].isdigit()


@pytest.mark.parametrize("name", ["pylint", "ruff"])
def test_a_missing_library_is_named(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, f"lintseq.linters.{name}")
    monkeypatch.setitem(sys.modules, name, None)
    for module in (f"{name}_server", f"{name}_engine"):
        monkeypatch.delitem(sys.modules, f"lintseq.linters.{module}", raising=False)
    with pytest.raises(LintseqError, match=rf"pip install 'lintseq\[{name}\]'"):
        LINTERS[name]("text.py")
    assert main(["sample", __file__, "--linter", name]) == 1
    assert f"lintseq[{name}]" in capsys.readouterr().err


@LAWS
@given(texts())
def test_linters_agree_on_what_parses(lines: Lines) -> None:
    """And give the same answer twice, whatever came between."""
    text = "".join(lines)
    broken = {any(each.kind == SYNTAX_ERROR for each in linter.lint(text)) for linter in ALL[:2]}
    assert len(broken) == 1
    assert PYLINT.lint(text) == PYLINT.lint(text)
    assert RUFF.lint(text) == RUFF.lint(text)
