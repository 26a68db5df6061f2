"""The command `lintseq-train exercises`: arguments, run, and the report for people."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `ExercisesConfig`."""
    parser.add_argument("--output", type=Path, required=True, help="folder for the exercises")
    parser.add_argument("--count", type=int, default=100_000, help="attempts (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="draws the exercises (%(default)s)")
    parser.add_argument("--jobs", type=int, default=1, help="processes (%(default)s)")
    parser.add_argument(
        "--against", type=Path, help="folder of evaluation sets (*.jsonl, *.jsonl.gz) to keep out"
    )
    parser.add_argument(
        "--join",
        type=Path,
        nargs="+",
        default=[],
        help="folders of earlier runs, or their exercises.jsonl.gz: nothing repeats these",
    )
    parser.add_argument(
        "--per-form",
        type=int,
        default=1,
        help="exercises that may differ in names and constants only (%(default)s)",
    )
    parser.add_argument(
        "--threshold", type=float, default=0.9, help="similarity of near-duplicates (%(default)s)"
    )
    parser.add_argument("--samples", type=int, default=20, help="samples to show (%(default)s)")
    parser.add_argument("--sandbox", help="the sandbox's name; without it the strongest there is")


def run(args: argparse.Namespace) -> int:
    """Build the exercises, print the report and samples, and return the exit status."""
    from training.exercises.build import build_exercises
    from training.exercises.config import ExercisesConfig
    from training.exercises.report import describe, sample_text

    config = ExercisesConfig(
        output=args.output,
        count=args.count,
        seed=args.seed,
        jobs=args.jobs,
        against=args.against,
        join=tuple(args.join),
        per_form=args.per_form,
        threshold=args.threshold,
        samples=args.samples,
        isolation=args.sandbox,
    )
    report = build_exercises(config)
    for line in describe(report):
        print(line)
    for exercise in report.samples:
        print(sample_text(exercise))
    return 0
