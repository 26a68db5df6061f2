"""`python -m tests.bench.methods --humaneval FILE`: the methods side by side.

Every method takes the same programs apart with the same seeds: HumanEval's solutions, and modules
of the standard library. A table says how their edits look and how fast they came. Time is CPU
time, for ruff that of the clock, as it works in a process of its own. pylint takes most of the
time: some seconds for HumanEval, about half a minute for a module of 200 lines.
"""

import argparse
import json
import math
import random
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from lintseq.errors import LimitError, LintseqError
from lintseq.linters import LINTERS
from lintseq.methods import METHODS
from lintseq.program import EditSequence, Lines, split_lines
from tests.bench.corpus import Corpus, humaneval_path, library_modules, small_programs
from tests.bench.shape import Shape, shape_of

WAYS = (
    ("lintseq", "pyflakes"),
    ("lintseq", "ruff"),
    ("lintseq", "pylint"),
    ("paper", "pylint"),
    ("paper", "pyflakes"),
    ("random", "pyflakes"),
)
_INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Row:
    """One method with one linter over one corpus."""

    method: str
    linter: str
    refused: int
    """Programs that are too much for the linter."""
    programs_per_second: float
    shape: Shape


def main(argv: list[str] | None = None) -> int:
    """0, if everything could be measured."""
    arguments = _parser().parse_args(argv)
    told = Console(stderr=True)
    try:
        corpora = [
            small_programs(arguments.humaneval),
            library_modules(arguments.modules, arguments.least, arguments.most),
        ]
        tables = {
            f"{corpus.name}, {len(corpus.texts)}": compare(corpus, arguments.samples, told)
            for corpus in corpora
            if corpus.texts
        }
    except (LintseqError, OSError, ValueError) as error:
        told.print(f"{error}", style="red", markup=False)
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    if arguments.json:
        report = {name: [asdict(row) for row in rows] for name, rows in tables.items()}
        print(json.dumps(report, indent=1))
    else:
        for name, rows in tables.items():
            Console(highlight=False).print(_table(name, rows), "")
    return 0


def compare(corpus: Corpus, samples: int, told: Console) -> list[Row]:
    """Each method over the programs, so many samples each."""
    with Progress(console=told, transient=True) as progress:
        rows = []
        for method, linter in WAYS:
            task = progress.add_task(f"{method} {linter}", total=len(corpus.texts))
            rows.append(measure(method, linter, corpus, samples, partial(progress.advance, task)))
        return rows


def measure(
    method: str, linter: str, corpus: Corpus, samples: int, step: Callable[[], None]
) -> Row:
    """One method over the programs; `step` is called behind each of them."""
    clock = time.perf_counter if linter == "ruff" else time.process_time
    # What is loaded once per process is loaded here.
    LINTERS[linter]("<text>").lint("import typing\n")
    sampled: list[tuple[Lines, EditSequence]] = []
    seconds = 0.0
    for number, text in enumerate(corpus.texts):
        start = clock()
        with suppress(LimitError):
            sampled += sample(method, linter, text, [f"0:{number}:{n}" for n in range(samples)])
        seconds += clock() - start
        step()
    refused = len(corpus.texts) - len(sampled) // samples
    return Row(method, linter, refused, len(sampled) / seconds, shape_of(sampled))


def sample(
    method: str, linter: str, text: str, seeds: Sequence[str]
) -> list[tuple[Lines, EditSequence]]:
    """The program with each of the sequences that these seeds give."""
    lines = split_lines(text)
    sampler = METHODS[method](lines, LINTERS[linter]("<text>"), keep_findings=True)
    return [(lines, sampler.sample(random.Random(seed))) for seed in seeds]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.methods", description="Compare methods and linters."
    )
    add = parser.add_argument
    add("--humaneval", type=Path, default=humaneval_path(), help="HumanEval.jsonl or .jsonl.gz")
    add("--modules", type=int, default=10, metavar="N", help="so many modules (default 10)")
    add("--least", type=int, default=100, metavar="LINES", help="of at least so many lines (100)")
    add("--most", type=int, default=200, metavar="LINES", help="of at most so many lines (200)")
    add("--samples", type=int, default=1, metavar="N", help="of each program (default 1)")
    add("--json", action="store_true", help="the numbers as JSON")
    return parser


def _table(name: str, rows: Sequence[Row]) -> Table:
    table = Table(title=name, title_justify="left")
    table.add_column(no_wrap=True)
    for row in rows:
        table.add_column(f"{row.method}\n{row.linter}", justify="right")
    for field in fields(Shape):
        values = [getattr(row.shape, field.name) for row in rows]
        table.add_row(field.name.replace("_", " "), *[_number(field.name, each) for each in values])
    table.add_row("refused programs", *[str(row.refused) for row in rows])
    table.add_row("programs per second", *[f"{row.programs_per_second:,.3g}" for row in rows])
    return table


def _number(name: str, value: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:.2f}" if "_per_" in name else f"{value:.0%}"


if __name__ == "__main__":
    sys.exit(main())
