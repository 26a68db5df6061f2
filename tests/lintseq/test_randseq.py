"""RandSeq and the table of methods."""

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintseq.__main__ import main
from lintseq.errors import LimitError
from lintseq.format import parse
from lintseq.lint import PYFLAKES
from lintseq.methods import METHODS
from lintseq.program import Lines, split_lines
from lintseq.randseq import random_sampler
from lintseq.sample import LintError, sample_edits
from tests.lintseq.programs import programs, texts
from tests.lintseq.test_laws import LAWS, is_subsequence

PROGRAM = "from math import pi\n\n\ndef area(r):\n    return pi * r * r\n\n\nprint(area(1))\n"


@LAWS
@given(texts(), st.integers(0, 3))
def test_it_only_inserts_and_builds_the_program(lines: Lines, seed: int) -> None:
    edits = random_sampler(lines, PYFLAKES, keep_findings=True).sample(random.Random(seed))
    before: Lines = ()
    for edit, state in zip(edits.edits, edits.states(), strict=True):
        assert edit.hunks
        assert is_subsequence(before, state)
        before = state
    assert before == lines


def test_the_size_of_a_step_is_uniform() -> None:
    """Of five lines between one and four leave first, each as likely; the last one leaves."""
    sampler = random_sampler(split_lines("1\n2\n3\n4\n5\n"), PYFLAKES)
    rng = random.Random(0)
    sizes: Counter[int] = Counter()
    for _ in range(2_000):
        edits = sampler.sample(rng).edits
        assert edits[0].inserted == 1
        sizes[edits[-1].inserted] += 1
    assert set(sizes) == {1, 2, 3, 4}
    assert all(count == pytest.approx(500, rel=0.2) for count in sizes.values())


@pytest.mark.parametrize("text", ["", "x = 1", "\n"])
def test_what_has_one_line_is_one_edit(text: str) -> None:
    edits = random_sampler(split_lines(text), PYFLAKES).sample(random.Random(0)).edits
    assert len(edits) == len(split_lines(text))


def test_prefixes_are_not_linted() -> None:
    sampler = random_sampler(split_lines(PROGRAM), PYFLAKES)
    states = [state for seed in range(20) for state in sampler.sample(random.Random(seed)).states()]
    assert any(PYFLAKES.lint("".join(state)) for state in states)


@pytest.mark.parametrize("name", METHODS)
def test_methods_refuse_the_same_programs(name: str) -> None:
    for text in ("print(x)\n", "def f(:\n"):
        with pytest.raises(LintError):
            METHODS[name](split_lines(text), PYFLAKES)
        sampler = METHODS[name](split_lines(text), PYFLAKES, keep_findings=True)
        assert "".join(sampler.sample(random.Random(0)).replay()) == text
    with pytest.raises(LimitError, match="too long"):
        METHODS[name](("x = 1\n",) * 10_001, PYFLAKES)


@LAWS
@given(programs(), st.integers(0, 3))
def test_the_default_method_is_the_sampler(lines: Lines, seed: int) -> None:
    sampler = METHODS["lintseq"](lines, PYFLAKES)
    for _ in range(2):
        edits = sampler.sample(random.Random(seed))
        assert edits == sample_edits(lines, random.Random(seed))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("linter", ["pyflakes", "pylint", "ruff"])
def test_the_command_line_offers_all(
    method: str, linter: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM, encoding="utf-8")
    assert main(["sample", str(path), "--method", method, "--linter", linter]) == 0
    transcript = capfdbinary.readouterr().out.decode().removesuffix("\n")
    assert "".join(parse(transcript).edits.replay()) == PROGRAM
