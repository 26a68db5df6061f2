"""pylint: what the release counts, said as the command says it, text by text."""

import gc
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from astroid.nodes import Module

from lintseq.errors import LimitError
from lintseq.lint import added
from lintseq.linters import LINTERS, pylint_engine, pylint_memory
from lintseq.linters.pylint_engine import OPTIONS
from lintseq.linters.pylint_memory import TEXT
from tests.bench.corpus import programs as bench_programs
from tests.lintseq.test_lint import COUNTED_SNIPPETS
from tests.lintseq.test_linters import run_python

PYLINT = LINTERS["pylint"]("text.py")


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


def test_trees_of_texts_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pylint_engine, "MAX_CHARACTERS", 1_000)
    for number in range(100):
        # Classes that look at their own attributes are what pylint keeps.
        PYLINT.lint(
            f"import os\n\n\nclass A{number}:\n    a = os\n\n    def f(self):\n"
            f"        return self.a\n"
        )
    gc.collect()
    kept = [each for each in gc.get_objects() if type(each) is Module and each.name == TEXT]
    assert len(kept) < 30
