"""How fast programs become edit sequences, on the programs in `programs/`.

They are thirty programs of 10 to 40 lines, the size of HumanEval's, written for this: functions,
classes and scripts. They are kept as text so that formatters leave them as they were measured.
Time is CPU time, so that other processes disturb it less. The growth with length is read off
modules of the standard library, which differ a little from one Python to the next.
"""

import importlib.util
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import linear_regression, mean

from lintseq.lint import PYFLAKES, Finding
from lintseq.program import EditSequence, split_lines
from lintseq.sample import sample_edits
from tests.bench.figures import Figure, Section, repeated

PROGRAMS = Path(__file__).with_name("programs")
# 15 to 1,400 lines, with about as many modules per doubling.
SMALL_MODULES = ("struct", "this", "keyword", "secrets", "bisect", "colorsys", "graphlib")
LARGE_MODULES = ("queue", "csv", "selectors", "fractions", "random", "statistics")


@dataclass(frozen=True, slots=True)
class SamplerPlan:
    """How much to sample."""

    repeats: int = 5
    programs: int | None = None
    """The first so many programs; None for all of them."""
    modules: Sequence[str] = (*SMALL_MODULES, *LARGE_MODULES)


@dataclass(frozen=True, slots=True)
class Sampled:
    """A program that was sampled once."""

    lines: int
    edits: EditSequence
    seconds: float
    """Of CPU time."""


class CountingLinter:
    """pyflakes, and how often it was asked.

    Sampling has a faster way with pyflakes itself, so what is timed does without this.
    """

    def __init__(self) -> None:
        self.version = PYFLAKES.version
        self.count = 0

    def lint(self, text: str) -> tuple[Finding, ...]:
        self.count += 1
        return PYFLAKES.lint(text)


def programs() -> list[str]:
    """The programs that are sampled, by name."""
    return [path.read_text(encoding="utf-8") for path in sorted(PROGRAMS.glob("*.txt"))]


def measure_sampler(plan: SamplerPlan) -> Section:
    """Speed over the small programs, and how the cost grows with length."""
    texts = programs()[: plan.programs]
    passes = [[sample(text) for text in texts] for _ in range(plan.repeats)]
    first = passes[0]
    edits = [edit for sampled in first for edit in sampled.edits.edits]
    lines = [sampled.lines for sampled in first]
    return Section(
        "Sampler",
        f"one core, {PYFLAKES.version}, {len(texts)} programs of {min(lines)} to {max(lines)} "
        f"lines, {mean(lines):.0f} on average; CPU time",
        (
            repeated(
                "programs per second",
                (len(each) / sum(sampled.seconds for sampled in each) for each in passes),
                "1/s",
            ),
            Figure("edits per program", len(edits) / len(first)),
            Figure("lines per edit", mean(edit.inserted for edit in edits)),
            Figure("lints per program", mean(map(lints, texts))),
            *_growth([sample(text) for text in _module_texts(plan.modules)]),
        ),
    )


def sample(text: str) -> Sampled:
    """`text` sampled once, always with the same choices."""
    lines = split_lines(text)
    start = time.process_time()
    edits = sample_edits(lines, random.Random(0), keep_findings=True)
    return Sampled(len(lines), edits, time.process_time() - start)


def lints(text: str) -> int:
    """How many states of `text` are linted for that sample."""
    linter = CountingLinter()
    sample_edits(split_lines(text), random.Random(0), linter=linter, keep_findings=True)
    return linter.count


def _module_texts(names: Sequence[str]) -> list[str]:
    found = [importlib.util.find_spec(name) for name in names]
    return [
        Path(module.origin).read_text(encoding="utf-8")
        for module in found
        if module is not None and module.origin is not None
    ]


def _growth(sampled: list[Sampled]) -> tuple[Figure, ...]:
    points = [(math.log(each.lines), math.log(each.seconds)) for each in sampled]
    exponent, offset = linear_regression(*zip(*points, strict=True))
    longest = max(sampled, key=lambda each: each.lines)
    return (
        Figure("cost grows with length to the power of", exponent),
        Figure("100 lines, by that fit", math.exp(offset + exponent * math.log(100)), "s"),
        Figure("1,000 lines, by that fit", math.exp(offset + exponent * math.log(1000)), "s"),
        Figure(f"{longest.lines:,} lines, the longest module", longest.seconds, "s"),
    )
