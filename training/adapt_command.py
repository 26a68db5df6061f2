"""The command `lintseq-train adapt`: arguments and run."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.adapt_report import AdaptReport


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `AdaptConfig`."""
    parser.add_argument("code", type=Path, help="folder of the repository to adapt to")
    parser.add_argument("--minutes", type=float, default=10.0, help="of training (%(default)s)")
    parser.add_argument(
        "--model", type=Path, metavar="GGUF", help="the model to begin with (the default model)"
    )
    parser.add_argument(
        "--output", type=Path, metavar="GGUF", help="(models/NAME/lintseq-NAME.gguf)"
    )
    parser.add_argument("--run", type=Path, help="folder for what lies between (runs/adapt-NAME)")
    parser.add_argument(
        "--held-out", type=float, default=0.15, help="share of the code held out (%(default)s)"
    )
    parser.add_argument(
        "--cursors", type=int, default=400, help="held-out lines asked about (%(default)s)"
    )
    parser.add_argument("--workers", type=int, help="threads (one a core)")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of all draws (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Adapt, say what it brought, print the path of the model, and return the exit status."""
    from lintseq.infer.model_file import default_model, models_folder
    from training.adapt import AdaptConfig, adapt

    name = re.sub(r"[^\w.-]+", "-", args.code.resolve().name.lower())
    config = AdaptConfig(
        code=args.code,
        model=args.model or default_model(),
        run=args.run or Path("runs") / f"adapt-{name}",
        output=args.output or models_folder() / name / f"lintseq-{name}.gguf",
        minutes=args.minutes,
        held_out=args.held_out,
        cursors=args.cursors,
        workers=args.workers,
        device=args.device,
        seed=args.seed,
    )
    report = adapt(config)
    if report is None:
        print(f"interrupted; the same command goes on from {config.run}", file=sys.stderr)
        return 130
    print(_told(report), file=sys.stderr)
    print(report.output)
    return 0


def _told(report: AdaptReport) -> str:
    verdict = "" if report.is_better else "\nNo more than chance: the model it came from may serve."
    return (
        f"rest of the line, exact, at {report.lines} cursors in held-out files:"
        f" {report.before:.1%} before, {report.after:.1%} after"
        f" ({report.won} won, {report.lost} lost, standard error {report.error:.1%})\n"
        f"trained on {report.tokens:,} tokens in {report.elapsed_s / 60:.1f} minutes{verdict}\n"
        f"to use it: LINTSEQ_MODEL={report.output.resolve()} in the server's environment, or that"
        ' path as its setting "model"'
    )
