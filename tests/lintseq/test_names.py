"""Following the names finds what linting every state as a whole finds, in every program."""

import dataclasses
import random
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lintseq.closure import Departure, Remainder
from lintseq.lint import PYFLAKES
from lintseq.names import NameWatch
from lintseq.program import Lines, split_lines
from lintseq.relint import WholeTextWatch
from lintseq.sample import LintSeq
from lintseq.source import decode_source
from tests.lintseq.programs import programs

# Of every kind of statement, and with the odd things that modules do to their names.
MODULES = ("hmac", "keyword", "sched", "tokenize", "graphlib", "contextlib", "copy", "posixpath")


def plain(program: LintSeq) -> LintSeq:
    """The oracle: the same program, every state of it linted as a whole."""
    return dataclasses.replace(program, indexed=None)


def check(lines: Lines, seeds: int = 1) -> None:
    program = LintSeq.of(lines, keep_findings=True)
    assert program.findings == PYFLAKES.lint("".join(lines))
    for seed in range(seeds):
        fast = program.sample(random.Random(seed))
        assert fast == plain(program).sample(random.Random(seed))
        assert fast.replay() == lines


@settings(deadline=None)
@given(programs())
def test_samples_are_the_same(lines: Lines) -> None:
    check(lines, seeds=4)


@pytest.mark.parametrize("module", MODULES)
def test_samples_of_modules_are_the_same(module: str) -> None:
    path = Path(sysconfig.get_path("stdlib")) / f"{module}.py"
    check(split_lines(decode_source(path.read_bytes()).text))


@settings(deadline=None)
@given(programs(), st.randoms(use_true_random=False))
def test_what_is_found_line_by_line(lines: Lines, rng: random.Random) -> None:
    """Also in states that sampling does not reach, as long as they parse."""
    program = LintSeq.of(lines, keep_findings=True)
    if program.indexed is None:
        return
    remainder = Remainder(program.structure, program.torn)
    watches = (
        NameWatch(program.indexed, program.findings, remainder.present),
        WholeTextWatch(lines, PYFLAKES, program.findings, remainder.present),
    )
    told: list[set[int]] = []

    class Both:
        def after(self, departure: Departure) -> list[int]:
            fast, whole = (set(watch.after(departure)) for watch in watches)
            told.append(fast)
            assert fast == whole
            return sorted(whole)

    for seed in rng.sample(range(len(lines)), len(lines)):
        if remainder.present[seed]:
            remainder.close(seed, Both())


@pytest.mark.parametrize(
    "text",
    [
        "from __future__ import annotations\ndef f(x: T): ...\nT = int\n",
        "from __future__ import annotations\nx: T\ndef f(a: x, b: 'T') -> x: ...\nT = int\n",
        "def f(x: T): ...\nT = int\n",
        "def f():\n    return g()\ndef g():\n    return f()\n",
        "print(x)\nx = 1\n",
        "x = 1\ndef f():\n    print(x)\n    x = 2\n",
        "__all__ = ['f', 'g']\ndef f(): ...\ndef g(): ...\n",
        "__all__ = ['f']\n__all__ += ['g']\ndef f(): ...\ndef g(): ...\n",
        "from os import *\nprint(path)\nx = 1\n",
        "def f():\n    global x\n    x = 1\nprint(x)\n",
        "x = 1\nif x:\n    del x\nprint(x)\n",
        "import os.path\nx: int\nprint(os, x)\nx = 1\n",
        "try:\n    import a\nexcept ImportError as e:\n    a = None\nprint(a, e)\n",
        "a = 1; b = a\nc = b\n",
        "x = 1  # noqa\nprint(y)  # noqa: F821\nprint(z)\n",
        "class A:\n    x = y\n    def f(self): return y\ny = 1\n",
        "'''Doc.'''\nimport os\n@os.f\n# of g\ndef g(): ...\nos = g",
        "if (x := 1):\n    print(x)\nprint(x)\n",
        "x = 'a \\\n b'\nprint(x \\\n  )\n",
        "x = 1 \\\n  + 2\ny = x\n",
        # A use that hides an earlier one, until it leaves.
        "x = 1\ndef f():\n    print(x)\n    [x for _ in '']\n    x = 2\n",
        "def f():\n    print(max)\n    [max for _ in '']\n    max = 2\n",
        "import a\nimport a as b\ndef f():\n    print(b)\n    a = 1\n",
        # A handler for NameError, the names of exceptions, and `del`.
        "try:\n    print(x)\nexcept NameError:\n    x = 1\nexcept OSError:\n    pass\n",
        "try:\n    x = 1\nexcept (\n    NameError,\n    OSError,\n):\n    pass\n",
        "e = 1\ntry:\n    pass\nexcept OSError as e:\n    del e\nprint(e)\n",
        "def f():\n    x = 1\n    del x\n    x = 2\n    return x\n",
        "if 1:\n    def f():\n        nonlocal_ = 1\n        def g():\n"
        "            nonlocal nonlocal_\n            nonlocal_ = 2\n        return g\n",
        "def f():\n    x = 1\n    y = 2\n    def g():\n        nonlocal x\n        nonlocal y\n"
        "        x = y = 2\n    return g\n",
        # Scopes: classes, comprehensions, lambdas, assignment expressions.
        "class A:\n    x = 1\n    y = [x for _ in '']\n    z = lambda: x\nx = 2\n",
        "class A:\n    def f(self): return __class__, __module__\n    __module__\n",
        "[y := 1 for _ in '']\nprint(y)\ny: int\n",
        "f = lambda a, b=1: (a, b, c)\nc = 1\n",
        # Parts of statements, and what the rest then means.
        "a = b = 1\nf = [\n    x\n    for x in [a]\n    for y in [b]\n    if y\n]\n",
        # A name that was one of the comprehension's is one outside it.
        "import t\nx = [n for n, o in {}.items()\n    if t(o)\n    and n not in {1}]\n",
        # A name that was bound when it was used is used before it is bound.
        "x = [\n    k\n    for k in ''\n    for m in ''\n    if k == m\n    or k in m\n]\ny = 1\n",
        "print('%s %s' % (\n    1,\n    2,\n))\nprint('%(a)s' % {\n    'a': 1,\n})\n",
        "'{} {}'.format(\n    1,\n    2,\n)\n",
        "x = {\n    **{},\n    'a':\n        1,\n    'b': 'c'\n         'd',\n}\n",
        "def f(\n    a,\n    b=1,\n    *,\n    c,\n):\n    return (\n    a,\n    c\n    )\n",
        "from typing import cast\nx = cast('T', [\n    1,\n    2,\n])\nT = int\n",
        "with (\n    open('a') as x,\n    open('b') as y,\n):\n    print(x, y)\n",
        "match [1]:\n    case [x, *y]:\n        print(x, y)\n    case {'a': z, **rest}:\n"
        "        print(z, rest)\n    case _:\n        pass\n",
        "__all__ = [\n    'f',\n    'g',\n]\ndef f(): ...\ndef g(): ...\n",
        "from os import (\n    path,\n    sep as s,\n)\nimport os.path, sys\nprint(path, s, os)\n",
        "from os import *\n__all__ = ['f']\nprint(sep)\n",
        # What is added to is not known.
        "from os import __all__\n__all__ += ['f']\ndef f(): ...\n",
        "a, __all__ = [], []\n__all__ += ['f']\n__all__ += ['g']\ndef f(): ...\ng = 1\n",
    ],
)
def test_samples_of_odd_programs_are_the_same(text: str) -> None:
    check(split_lines(text), seeds=12)
