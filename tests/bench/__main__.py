"""`python -m tests.bench`, or `make bench`: how fast this is, on this machine.

Sampler, engine and typing are measured in one run and printed with the machine and the revision.
Nothing is asserted. Without a default model a random one stands in: its times say something
about the engine, and nothing about a model. Numbers count on a quiet machine only.
"""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from lintseq.errors import EngineError, LintseqError
from lintseq.infer.model_file import default_model
from tests.bench.corpus import VARIABLE
from tests.bench.engine import EnginePlan, measure_engine
from tests.bench.figures import Figure, Section
from tests.bench.machine import Machine, this_machine
from tests.bench.sampler import SamplerPlan, measure_sampler
from tests.bench.trace import TypingPlan
from tests.bench.typing import measure_typing
from tests.infer.tiny_model import TinyModel, write_tiny_model

PARTS = ("sampler", "engine", "typing")
_INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """0, if everything could be measured."""
    arguments = _parser().parse_args(argv)
    told = Console(stderr=True)
    try:
        if arguments.cores is not None:
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: arguments.cores])
        machine = this_machine()
        with model_to_measure(arguments.model) as path:
            sections = _measure(arguments, path, told)
    except (LintseqError, OSError, ValueError) as error:
        told.print(f"{error}", style="red", markup=False)
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    if arguments.json:
        report = {"machine": asdict(machine), "sections": [asdict(each) for each in sections]}
        print(json.dumps(report, indent=1))
    else:
        show(Console(highlight=False), machine, sections)
    return 0


@contextmanager
def model_to_measure(named: Path | None) -> Iterator[Path]:
    """The named model, else the default one, else a random one for the time being."""
    with TemporaryDirectory() as folder:
        try:
            path = named or default_model()
        except EngineError:
            # One that never closes a sequence, so that there is something to generate.
            tiny = TinyModel(context=2048, edit_bias=40.0)
            path = write_tiny_model(Path(folder) / "random.gguf", tiny)
        yield path


def show(console: Console, machine: Machine, sections: list[Section]) -> None:
    """Print machine, revision and all numbers."""
    versions = ", ".join(f"{name} {version}" for name, version in machine.versions.items())
    console.print(
        f"{machine.processor}, {machine.cores} cores, load {machine.load}, {machine.system}\n"
        f"revision {machine.revision}; {versions}\n"
    )
    for section in sections:
        console.print(f"[bold]{section.title}[/]: {section.about}")
        console.print(_table(section), "")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure speed.")
    parser.add_argument("--json", action="store_true", help="the numbers as JSON")
    parser.add_argument("--model", type=Path, help="a GGUF (default: the default model)")
    parser.add_argument(
        "--threads", type=int, default=1, help="of the model (default: 1, what a small one gets)"
    )
    parser.add_argument(
        "--cores", type=int, help="use so many of the machine's cores, children too (Linux)"
    )
    parser.add_argument(
        "--llama-server",
        type=Path,
        default=shutil.which("llama-server"),
        help="llama.cpp's server, to type into as well (default: the one on PATH, if any)",
    )
    parser.add_argument("--only", action="append", choices=PARTS, help="measure this part")
    parser.add_argument(
        "--humaneval", type=Path, help=f"HumanEval.jsonl or .jsonl.gz (default: ${VARIABLE})"
    )
    parser.add_argument("--plot", type=Path, help="draw the growth of the sampler's cost there")
    return parser


def _sampler_plan(arguments: argparse.Namespace) -> SamplerPlan:
    plan = SamplerPlan()
    return replace(plan, humaneval=arguments.humaneval or plan.humaneval, plot=arguments.plot)


def _measure(arguments: argparse.Namespace, path: Path, told: Console) -> list[Section]:
    threads: int = arguments.threads
    parts: dict[str, Callable[[], Section]] = {
        "sampler": lambda: measure_sampler(_sampler_plan(arguments)),
        "engine": lambda: measure_engine(path, threads, EnginePlan()),
        "typing": lambda: measure_typing(path, threads, TypingPlan(), arguments.llama_server),
    }
    sections = []
    for name in arguments.only or PARTS:
        with told.status(f"measuring: {name}"):
            sections.append(parts[name]())
    return sections


def _table(section: Section) -> Table:
    table = Table()
    table.add_column("what")
    table.add_column("value", justify="right")
    table.add_column("unit")
    table.add_column("middle half", justify="right")
    for figure in section.figures:
        table.add_row(figure.name, _number(figure.value), figure.unit, _spread(figure))
    return table


def _spread(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f"{_number(figure.low)} to {_number(figure.high)} of {figure.count}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    sys.exit(main())
