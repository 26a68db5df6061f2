"""pyflakes, pylint and ruff: what they count, on which line, and that no text disturbs the next."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from ruff import find_ruff_bin

from lintseq.__main__ import main
from lintseq.errors import LimitError, LintseqError
from lintseq.lint import SYNTAX_ERROR, Finding, Linter, added, has_waiver
from lintseq.linters import LINTERS, pylint_memory, ruff, ruff_server
from lintseq.linters.pylint_engine import OPTIONS
from lintseq.program import Lines
from tests.bench.sampler import programs as bench_programs
from tests.lintseq.programs import texts
from tests.lintseq.test_laws import LAWS
from tests.lintseq.test_lint import COUNTED_SNIPPETS

PYLINT = LINTERS["pylint"]("text.py")
RUFF = LINTERS["ruff"]("text.py")
ALL = [make("text.py") for make in LINTERS.values()]
each_linter = pytest.mark.parametrize("linter", ALL, ids=LINTERS)

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


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("import os\n", []),
        ("def f(a=[]):\n  return a\n", ["bad-indentation"]),
        ("try:\n    print()\nexcept:\n    pass\n", []),
        (
            "class A:\n    def __init__(self):\n        self.a = 1\n\n\n"
            "class B(A):\n    def __init__(self):\n        self.b = 1\n",
            ["super-init-not-called"],
        ),
        ("print(x)  # noqa\n", ["undefined-variable"]),
        ("print(x)  # pylint: disable=undefined-variable\n", []),
        ("import surely_not_installed\n", ["import-error"]),
        ("import os\nos.nothing()\n", ["no-member"]),
        ("import cv2.nothing  # pylint: disable=import-error\ncv2.nothing.no()\n", []),
        ("def f(a):\n    return a\n\n\nf()\n", ["no-value-for-parameter"]),
        ("x = 1\nx()\n", ["not-callable"]),
    ],
)
def test_pylint_counts_what_the_release_counts(text: str, kinds: list[str]) -> None:
    assert [finding.kind for finding in PYLINT.lint(text)] == kinds


def test_numbers_of_lines_are_not_part_of_a_name() -> None:
    program = "def f():\n    return 1\n\n\ndef f():\n    return 2\n"
    (finding,) = PYLINT.lint(program)
    assert finding.name == "function already defined line ?"
    assert not added([finding], PYLINT.lint(f"\n\n{program}"))


def test_the_engine_says_what_the_command_says(tmp_path: Path) -> None:
    """File by file, with the options of the release and none of the user's configuration."""
    sources = [*bench_programs(), *(text for text, _ in COUNTED_SNIPPETS.values())]
    for number, text in enumerate(sources):
        (tmp_path / f"t{number}.py").write_text(text, encoding="utf-8", newline="")
    command = [sys.executable, "-m", "pylint", f"--rcfile={os.devnull}", "--output-format=json"]
    files = sorted(path.name for path in tmp_path.glob("*.py"))
    done = subprocess.run(
        [*command, *OPTIONS, *files], cwd=tmp_path, capture_output=True, check=False
    )
    told = {
        (message["path"], message["symbol"], message["line"])
        for message in json.loads(done.stdout)
        if message["type"] != "warning"
    }
    asked = {
        (f"t{number}.py", finding.kind, finding.line + 1)
        for number, text in enumerate(sources)
        for finding in PYLINT.lint(text)
    }
    assert asked == told
    assert len(told) > 10


LEAKS = (
    ("import threading\nt = threading.Thread()\nt.zzz = 3\nprint(t.zzz)\n", 0),
    ("import threading\nt = threading.Thread()\nprint(t.zzz)\n", 1),
    ("import os\nos.zzz = 3\nprint(os.zzz)\n", 0),
    ("import os\nprint(os.zzz)\n", 1),
    ("e = ValueError()\ne.zzz = 1\nprint(e.zzz)\n", 0),
    ("e = ValueError()\nprint(e.zzz)\n", 1),
    ("class A:\n    pass\n\n\nprint(A().zzz)\n", 1),
    ("class A:\n    zzz = 1\n\n\nprint(A().zzz)\n", 0),
    ("import lintseq_text\n", 1),
)


@pytest.mark.parametrize(("most", "rounds"), [(pylint_memory.MAX_MODULES, 5), (0, 1)])
def test_no_text_leaves_anything_to_the_next(
    most: int, rounds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pylint_memory, "MAX_MODULES", most)
    order = [*LEAKS]
    for seed in range(rounds):
        random.Random(seed).shuffle(order)
        assert [len(PYLINT.lint(text)) for text, _ in order] == [count for _, count in order]


def run_python(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# In processes of their own: the alarm may ring in a callback of the test runner's.
def test_pylint_may_not_take_too_long() -> None:
    out = run_python(
        "from lintseq.linters import LINTERS, pylint_engine\n"
        "from lintseq.errors import LimitError\n"
        "pylint = LINTERS['pylint']('x')\n"
        "limit_s = pylint_engine.TIMEOUT_S\n"
        "text = ('x = print' + '.real' * 50 + '\\n') * 300 + 'y'\n"
        "for seconds in (0.2, limit_s):\n"
        "    pylint_engine.TIMEOUT_S = seconds\n"
        "    try: print(len(pylint.lint(text)))\n"
        "    except LimitError as error: print(error)\n"
    )
    assert out == "pylint took more than 0 s\n1\n"


def test_time_is_up_inside_the_block_only() -> None:
    out = run_python(
        "from itertools import count\nfrom lintseq.linters.alarm import TimeUp, time_limit\n"
        "try:\n    with time_limit(0.01): sum(1 for _ in count())\n"
        "except TimeUp: print('up')\n"
        "for _ in range(500):\n"
        "    try:\n        with time_limit(1e-5): pass\n"
        "    except TimeUp: pass\n"
        "    assert sum(range(100)) == 4950\n"
    )
    assert out == "up\n"


def test_what_is_too_deep_for_pylint_alone_is_refused() -> None:
    text = "x = 1\nif x == 0:\n    pass\n" + "".join(
        f"elif x == {number}:\n    pass\n" for number in range(600)
    )
    with pytest.raises(LimitError, match="pylint"):
        PYLINT.lint(text)
    assert len(PYLINT.lint("print(x)\n")) == 1


@LAWS
@given(texts())
def test_linters_agree_on_what_parses(lines: Lines) -> None:
    """And give the same answer twice, whatever came between."""
    text = "".join(lines)
    broken = {any(each.kind == SYNTAX_ERROR for each in linter.lint(text)) for linter in ALL[:2]}
    assert len(broken) == 1
    assert PYLINT.lint(text) == PYLINT.lint(text)
    assert RUFF.lint(text) == RUFF.lint(text)
