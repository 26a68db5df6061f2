"""The release's choices, one by one, and the laws of sequences with every linter."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintseq import paper
from lintseq.errors import LimitError
from lintseq.lint import PYFLAKES, Finding, Linter, added
from lintseq.linters import LINTERS
from lintseq.paper import paper_sampler
from lintseq.program import EditSequence, Lines, split_lines
from lintseq.sample import LintError
from tests.lintseq.programs import programs, texts
from tests.lintseq.test_laws import LAWS, is_subsequence

ALL = [make("text.py") for make in LINTERS.values()]
SEEDS = st.integers(0, 3)


def sampled(text: str, seed: object = 0, linter: Linter = PYFLAKES) -> EditSequence:
    return paper_sampler(split_lines(text), linter).sample(random.Random(str(seed)))


def check(lines: Lines, edits: EditSequence, linter: Linter) -> None:
    """The edits build the program, only insert, and no prefix but the last has a finding."""
    before: Lines = ()
    for edit, state in zip(edits.edits, edits.states(), strict=True):
        assert edit.hunks
        assert is_subsequence(before, state)
        assert len(state) == len(before) + edit.inserted
        assert state == lines or not linter.lint("".join(state))
        before = state
    assert before == lines


@pytest.mark.parametrize("linter", ALL, ids=LINTERS)
@LAWS
@given(lines=texts(), seed=SEEDS)
def test_every_prefix_is_clean(linter: Linter, lines: Lines, seed: int) -> None:
    sampler = paper_sampler(lines, linter, keep_findings=True)
    edits = sampler.sample(random.Random(seed))
    check(lines, edits, linter)
    assert sampler.sample(random.Random(seed)) == edits
    again = paper_sampler(lines, linter, keep_findings=True)
    assert again.sample(random.Random(seed)) == edits


@LAWS
@given(programs(), SEEDS)
def test_a_clean_program_stays_clean(lines: Lines, seed: int) -> None:
    edits = paper_sampler(lines, PYFLAKES).sample(random.Random(seed))
    assert all(not added((), PYFLAKES.lint("".join(state))) for state in edits.states())


@LAWS
@given(st.lists(st.sampled_from(["x", "def f(:", " y", "\t)", "'''", "", "\\"]), max_size=12))
def test_what_does_not_parse_comes_back(lines: list[str]) -> None:
    program = split_lines("\n".join(lines))
    sampler = paper_sampler(program, PYFLAKES, keep_findings=True)
    check(program, sampler.sample(random.Random(0)), PYFLAKES)


def test_findings_are_refused_unless_they_are_kept() -> None:
    lines = split_lines("x = 1\nprint(y)\n")
    with pytest.raises(LintError) as caught:
        paper_sampler(lines, PYFLAKES)
    assert caught.value.findings == (Finding("UndefinedName", "y", 1),)
    for seed in range(5):
        edits = paper_sampler(lines, PYFLAKES, keep_findings=True).sample(random.Random(seed))
        # What is found comes last.
        assert "print(y)\n" in edits.edits[-1].hunks[-1].lines


def test_a_program_may_be_too_long() -> None:
    with pytest.raises(LimitError, match="too long"):
        paper_sampler(("x = 1\n",) * 10_001, PYFLAKES)


def first_removed(text: str, rounds: int = 2_000) -> Counter[str]:
    """Which line is the seed of the first removal, that is, how often it is in the last edit."""
    sampler = paper_sampler(split_lines(text), PYFLAKES)
    rng = random.Random(0)
    removed: Counter[str] = Counter()
    for _ in range(rounds):
        last = sampler.sample(rng).edits[-1]
        (hunk,) = last.hunks
        removed[hunk.lines[0]] += 1
    return removed


def test_deeper_lines_are_likelier() -> None:
    text = "if 1:\n  print(1)\n  if 2:\n      print(2)\n      print(3)\n"
    # Weights: 1, 2/2, 2/2, 6/2, 6/2.
    weights = {
        "if 1:\n": 1,
        "  print(1)\n": 1,
        "  if 2:\n": 1,
        "      print(2)\n": 3,
        "      print(3)\n": 3,
    }
    removed = first_removed(text)
    for line, weight in weights.items():
        assert removed[line] == pytest.approx(2_000 * weight / 9, rel=0.2)


# Each program, and the lines that are never a seed: they are the first edit.
NEVER = {
    "comments and blank lines": ("# a\n\nx = 1\n# b\n", ["# a\n", "\n", "# b\n"]),
    "what is behind a literal that does not end": (
        "print(1)\nNAMES = (\n    1,\n) * 2\nx = 1\nprint(x)\n",
        ["x = 1\n", "print(x)\n"],
    ),
    "only comments": ("# a\n\n# b\n", ["# a\n", "\n", "# b\n"]),
}


@pytest.mark.parametrize("name", NEVER)
def test_what_is_never_reached_comes_first(name: str) -> None:
    text, lines = NEVER[name]
    for seed in range(10):
        first = sampled(text, seed).edits[0]
        assert set(lines) <= {line for hunk in first.hunks for line in hunk.lines}


@pytest.mark.parametrize(
    ("text", "seeds"),
    [
        ("x = 1\n# c\n\nprint(x)\n", [0, 3]),
        ("NAMES = [\n    1,\n    2,\n]\nx = 1\n", [0, 4]),
        ("A_B = (\n    1,\n)\nx = 1\n", [0, 3]),
        ("if 1:\n    NAMES = [\n        1,\n    ]\nx = 1\n", [0, 1, 4]),
        # No UPPER_CASE name, or another bracket.
        ("names = [\n    1,\n]\n", [0, 1, 2]),
        ("NAMES = {\n    1,\n}\n", [0, 1, 2]),
        ("NAMES: list = [\n    1,\n]\n", [0, 1, 2]),
        # It ends with its bracket at the end of a line, or not at all.
        ("NAMES = [\n    1,\n].copy()\nx = 1\n\ny = [1]\nz = 1\n", [0, 6]),
        ("NAMES = (\n    1,\n) * 2\nx = 1\n", [0]),
    ],
)
def test_seeds(text: str, seeds: list[int]) -> None:
    sampler = paper_sampler(split_lines(text), PYFLAKES)
    assert isinstance(sampler, paper._PaperSampler)
    assert [line for line, weight in enumerate(sampler.weights) if weight] == seeds


@pytest.mark.parametrize(
    ("text", "indents"),
    [
        ("if 1:\n    x = 1\n\ny = 2\n", [0, 4, 4, 0]),
        ("if 1:\n    x = (\n        1\n)\ny = 2\n", [0, 4, 4, 4, 0]),
        ("if 1:\n\tx = 1\n", [0, 1]),
        ("\n\nx = 1\n", [0, 0, 0]),
        ("x = 1", [0]),
        ("", []),
    ],
)
def test_blank_lines_and_single_characters_are_as_deep_as_the_line_above(
    text: str, indents: list[int]
) -> None:
    assert list(paper._indents(split_lines(text))) == indents


def test_a_sequence_has_a_most_of_edits() -> None:
    text = "print(1)\n" * (paper.MAX_EDITS + 5)
    edits = sampled(text)
    assert len(edits.edits) == paper.MAX_EDITS + 1
    assert edits.edits[0].inserted == 5


def test_a_linter_that_blames_the_wrong_line_does_not_stop_it() -> None:
    class Lost:
        version = "lost 1"

        def lint(self, text: str) -> tuple[Finding, ...]:
            return (Finding("Strange", "", 99),) if "2" in text else ()

    lines = split_lines("print(1)\nprint(2)\nprint(3)\n")
    for seed in range(5):
        edits = paper_sampler(lines, Lost(), keep_findings=True).sample(random.Random(seed))
        check(lines, edits, Lost())


def test_pylint_keeps_what_pyflakes_would_not() -> None:
    """`self.base` is known to pylint only: its line leaves with the one that assigns it."""
    text = (
        "class A:\n    def __init__(self):\n        self.base = 1\n\n"
        "    def total(self):\n        return self.base\n"
    )
    pylint = LINTERS["pylint"]("text.py")
    for seed in range(20):
        for state in sampled(text, seed, pylint).states():
            assert "self.base = 1" in "".join(state) or "return self.base" not in "".join(state)
