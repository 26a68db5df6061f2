"""The command `lintseq-train evaluate`: one benchmark, one model, one report."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add a parser for each benchmark."""
    benchmarks = parser.add_subparsers(dest="benchmark", metavar="BENCHMARK", required=True)
    lines = benchmarks.add_parser("lines", help="the rest of the line at random cursors")
    _add_common(lines, "--cursors", 1000)
    lines.add_argument(
        "--lines", type=int, default=1, help="lines that a proposal may have (%(default)s)"
    )
    lines.add_argument("--plot", type=Path, metavar="PNG", help="draw precision and reliability")
    target = lines.add_mutually_exclusive_group()
    target.add_argument(
        "--calibrate-to",
        type=Path,
        metavar="FILE",
        help="fit the confidence on half of the documents, report on the others, write it as JSON",
    )
    target.add_argument(
        "--install-calibration",
        action="store_true",
        help="the same, into the manifest beside the model",
    )
    repair = benchmarks.add_parser("repair", help="the import that was taken out of a file")
    _add_common(repair, "--cases", 500)
    repair.add_argument(
        "--samples", type=int, default=8, help="candidates for each import (%(default)s)"
    )
    quiet = benchmarks.add_parser("quiet", help="silence where nothing is missing")
    _add_common(quiet, "--places", 500)
    quiet.add_argument(
        "--threshold", type=float, default=0.5, help="confidence to be shown (%(default)s)"
    )


def run(args: argparse.Namespace) -> int:
    """Show the report, write it as JSON if wanted, and return the exit status."""
    import dataclasses
    import json
    import sys

    from rich.console import Console

    from lintseq.infer.engine import start_engine
    from lintseq.infer.model_file import default_model
    from training.evaluate.benchmarks import BENCHMARKS, Options
    from training.evaluate.documents import held_out
    from training.evaluate.report import show

    known = {field.name for field in dataclasses.fields(Options)}
    given = {name: value for name, value in vars(args).items() if name in known}
    options = Options(**given | {"data": tuple(args.data), "without": tuple(args.without)})
    documents = held_out(args.data, args.without)
    engine = start_engine(args.model or default_model(), threads=args.threads)
    try:
        report = BENCHMARKS[args.benchmark](engine, documents, options)
    finally:
        engine.close()
    show(report, Console(stderr=True))
    if args.json:
        sys.stdout.write(json.dumps(report.as_json(), indent=1) + "\n")
    return 130 if report.settings["interrupted"] else 0


def _add_common(parser: argparse.ArgumentParser, count: str, default: int) -> None:
    parser.add_argument("--model", type=Path, metavar="GGUF", help="(the default model)")
    parser.add_argument(
        "--data",
        nargs="+",
        type=Path,
        required=True,
        metavar="DOCUMENTS",
        help="files or folders of held-out documents, as `corpus --hold-out` writes them",
    )
    parser.add_argument(
        "--without", nargs="+", default=[], metavar="PACKAGE", help="packages to leave out"
    )
    parser.add_argument(
        count, dest="count", type=_positive, default=default, metavar="N", help="(%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=0, help="of all draws (%(default)s)")
    parser.add_argument("--threads", type=_positive, help="of the model (all processors)")
    parser.add_argument("--json", action="store_true", help="write the report to stdout")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"wanted a number from 1, got {text!r}")
    return int(text)
