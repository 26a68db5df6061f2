"""How fast programs become edit sequences: the default, the paper's mode, and ruff, on one core.

A program's time is everything that it costs: to read its structure, to lint it, and to sample it.
What a process loads once, such as pylint, is loaded before. Time is CPU time, so that other
processes disturb it less; ruff's is that of the clock, as it works in a process of its own.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median

from lintseq.linters import LINTERS
from lintseq.methods import METHODS
from lintseq.program import EditSequence, split_lines
from tests.bench.corpus import Corpus, humaneval_path, module_texts, small_programs
from tests.bench.figures import Figure, Section, repeated
from tests.bench.growth import Growth, Point, fit, plot

RELEASED_PROGRAMS_PER_SECOND = 1.9
"""What the paper's release does: HumanEval programs, mean 20 lines, pylint 3.2.6, one core."""

# From 15 to 3,500 lines, with about as many modules per doubling.
SMALL_MODULES = ("this", "struct", "keyword", "secrets", "bisect", "colorsys", "graphlib")
MEDIUM_MODULES = ("queue", "csv", "selectors", "fractions", "random", "statistics")
LARGE_MODULES = ("subprocess", "datetime", "argparse", "tarfile", "inspect", "typing")


@dataclass(frozen=True, slots=True)
class SamplerPlan:
    """How much to sample."""

    repeats: int = 5
    """Of the default; the others are run once."""
    programs: int | None = None
    """The first so many programs; None for all of them."""
    modules: Sequence[str] = (*SMALL_MODULES, *MEDIUM_MODULES, *LARGE_MODULES)
    humaneval: Path | None = field(default_factory=humaneval_path)
    """HumanEval's file; None for our own programs."""
    plot: Path | None = None
    """Where the picture of the growth goes."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """A program that was sampled."""

    edits: tuple[EditSequence, ...]
    seconds: float


def measure_sampler(plan: SamplerPlan) -> Section:
    """Speed over the small programs, and how the cost grows with length."""
    corpus = small_programs(plan.humaneval)
    corpus = Corpus(corpus.name, corpus.texts[: plan.programs])
    lines = corpus.sizes
    growth = _growth(plan)
    if plan.plot is not None:
        plot(growth, plan.plot)
    return Section(
        "Sampler",
        f"one core, {LINTERS['pyflakes']('').version}, {len(lines)} {corpus.name}, of {min(lines)} "
        f"to {max(lines)} lines, {mean(lines):.0f} on average; the paper's release does "
        f"{RELEASED_PROGRAMS_PER_SECOND} HumanEval programs a second",
        (*_speeds(corpus, plan.repeats), *_growth_figures(growth)),
    )


def sample(text: str, method: str, linter: str, *, samples: int = 1, record: int = 0) -> Sampled:
    """`text` sampled so many times, as `lintseq generate` samples the record of that number."""
    lines = split_lines(text)
    clock = time.perf_counter if linter == "ruff" else time.process_time
    start = clock()
    sampler = METHODS[method](lines, LINTERS[linter]("<text>"), keep_findings=True)
    edits = tuple(
        [sampler.sample(random.Random(f"0:{record}:{number}")) for number in range(samples)]
    )
    return Sampled(edits, clock() - start)


def _speeds(corpus: Corpus, repeats: int) -> tuple[Figure, ...]:
    default = [_pass(corpus, "lintseq", "pyflakes") for _ in range(repeats)]
    five = [_pass(corpus, "lintseq", "pyflakes", samples=5) for _ in range(repeats)]
    pylint, ruff = _pass(corpus, "paper", "pylint"), _pass(corpus, "lintseq", "ruff")
    speed = repeated("programs per second, default", map(_speed, default), "1/s")
    edits = [edit for sampled in default[0] for edit in sampled.edits[0].edits]
    return (
        speed,
        repeated("programs per second, five samples of each", map(_speed, five), "1/s"),
        Figure("programs per second, paper mode with pylint", _speed(pylint), "1/s"),
        Figure("programs per second, default with ruff", _speed(ruff), "1/s"),
        Figure("default, ratio to the paper's release", speed.value / RELEASED_PROGRAMS_PER_SECOND),
        Figure("default, ratio to the paper mode", speed.value / _speed(pylint)),
        Figure("default, ratio to ruff", speed.value / _speed(ruff)),
        Figure(
            "paper mode, ratio to the paper's release",
            _speed(pylint) / RELEASED_PROGRAMS_PER_SECOND,
        ),
        Figure("edits per program", len(edits) / len(corpus.texts)),
        Figure("lines per edit", mean(edit.inserted for edit in edits)),
    )


def _pass(corpus: Corpus, method: str, linter: str, samples: int = 1) -> list[Sampled]:
    sample("import typing\n", method, linter)
    return [
        sample(text, method, linter, samples=samples, record=record)
        for record, text in enumerate(corpus.texts)
    ]


def _speed(sampled: Sequence[Sampled]) -> float:
    return len(sampled) / sum(each.seconds for each in sampled)


def _growth(plan: SamplerPlan) -> Growth:
    points = []
    for text in module_texts(plan.modules):
        seconds = [sample(text, "lintseq", "pyflakes").seconds for _ in range(3)]
        points.append(Point(len(split_lines(text)), median(seconds)))
    return fit(points)


def _growth_figures(growth: Growth) -> tuple[Figure, ...]:
    longest = growth.points[-1]
    return (
        Figure("cost grows with length to the power of", growth.exponent),
        *(
            Figure(f"{lines:,} lines, by that fit", growth.seconds(lines), "s")
            for lines in (100, 1000)
        ),
        Figure(f"{longest.lines:,} lines, the longest module", longest.seconds, "s"),
    )
