"""The command `lintseq-train evaluate`: one benchmark, one model, one report."""

from __future__ import annotations

import argparse

from training.evaluate import editor_command as editor
from training.evaluate import infill
from training.evaluate.code import command as code


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add a parser for each benchmark."""
    benchmarks = parser.add_subparsers(dest="benchmark", metavar="BENCHMARK", required=True)
    for name, summary in code.BENCHMARKS.items():
        code.add_arguments(benchmarks.add_parser(name, help=summary))
    infill.add_arguments(benchmarks.add_parser("infill", help=infill.SUMMARY))
    editor.add_arguments(benchmarks)


def run(args: argparse.Namespace) -> int:
    """Show the report, write it as JSON if wanted, and return the exit status."""
    import json
    import sys

    from rich.console import Console

    from training.evaluate.report import show

    if args.benchmark in code.BENCHMARKS:
        report = code.evaluate(args)
    elif args.benchmark == "infill":
        report = infill.evaluate(args)
    else:
        report = editor.evaluate(args)
    show(report, Console(stderr=True))
    if args.json:
        sys.stdout.write(json.dumps(report.as_json(), indent=1) + "\n")
    return 130 if report.settings.get("interrupted") else 0
