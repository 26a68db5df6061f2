"""The command `lintseq-train examples`: arguments and run."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `ExamplesConfig`."""
    parser.add_argument(
        "corpus", nargs="+", type=Path, help="folders or files of documents, made by `corpus`"
    )
    parser.add_argument("--tokenizer", type=Path, required=True, help="the tokenizer.json")
    parser.add_argument("--output", type=Path, required=True, help="folder for the packed rows")
    parser.add_argument(
        "--task",
        action="append",
        default=[],
        metavar="NAME=SHARE",
        help="share of a task; the default is the mixture for pretraining",
    )
    parser.add_argument(
        "--loss", choices=("all", "answer"), default="all", help="what is learned (%(default)s)"
    )
    parser.add_argument(
        "--characters",
        type=int,
        default=1500,
        help="one example for so many characters (%(default)s)",
    )
    parser.add_argument("--context", type=int, default=1024, help="tokens in a row (%(default)s)")
    parser.add_argument(
        "--share", type=float, default=1.0, help="share of the documents used (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of all draws (%(default)s)")
    parser.add_argument("--jobs", type=int, default=1, help="processes (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Make and pack the examples, print how many, and return the exit status."""
    from training.examples import PRETRAINING, ExamplesConfig, build_examples

    config = ExamplesConfig(
        corpus=tuple(args.corpus),
        tokenizer=args.tokenizer,
        output=args.output,
        weights=dict(_share(text) for text in args.task) or PRETRAINING,
        loss=args.loss,
        characters=args.characters,
        context=args.context,
        share=args.share,
        seed=args.seed,
        jobs=args.jobs,
    )
    meta = build_examples(config)
    print(f"{meta.examples} examples, {meta.tokens} tokens, {meta.rows} rows in {args.output}")
    return 0


def _share(text: str) -> tuple[str, float]:
    name, _, share = text.partition("=")
    try:
        return name, float(share)
    except ValueError as error:
        raise ValueError(f"wanted NAME=SHARE, got {text!r}") from error
