"""Linting statement by statement finds what linting the whole text finds, in every state."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lintseq import incremental
from lintseq.incremental import state_linter
from lintseq.lint import PYFLAKES, Finding
from lintseq.program import Lines, split_lines
from lintseq.sample import sample_edits
from tests.lintseq.programs import programs


class Plain:
    """The oracle: the same linter, not recognised as one that can be taken apart."""

    version = PYFLAKES.version

    def lint(self, text: str) -> tuple[Finding, ...]:
        return PYFLAKES.lint(text)


@pytest.fixture(autouse=True)
def _small_programs_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incremental, "_WORTH_IT", 0)


def check(lines: Lines, kept: Sequence[int]) -> None:
    whole = PYFLAKES.lint("".join(lines[index] for index in kept))
    assert state_linter(lines, PYFLAKES).lint(kept) == whole


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(programs(), st.randoms(use_true_random=False))
def test_any_state_of_any_program(lines: Lines, rng: random.Random) -> None:
    check(lines, [index for index in range(len(lines)) if rng.random() < 0.8])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(programs(), st.integers(0, 3))
def test_samples_are_the_same(lines: Lines, seed: int) -> None:
    fast = sample_edits(lines, random.Random(seed), keep_findings=True)
    plain = sample_edits(lines, random.Random(seed), linter=Plain(), keep_findings=True)
    assert fast == plain


@pytest.mark.parametrize(
    "text",
    [
        "from __future__ import annotations\ndef f(x: T): ...\nT = int\n",
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
    ],
)
def test_every_state_of_small_programs(text: str) -> None:
    lines = split_lines(text)
    for bits in range(2 ** len(lines)):
        check(lines, [index for index in range(len(lines)) if bits >> index & 1])
