"""The command `lintseq-train tokenizer`: arguments and run."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `TokenizerConfig`."""
    parser.add_argument(
        "corpus", nargs="+", type=Path, help="folders or files of documents, made by `corpus`"
    )
    parser.add_argument("--output", type=Path, required=True, help="the tokenizer.json to write")
    parser.add_argument(
        "--vocabulary", type=int, default=8192, help="number of tokens (%(default)s)"
    )
    parser.add_argument(
        "--share", type=float, default=0.3, help="share of the documents read (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of the draw (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Train the tokenizer, print its size and hash, and return the exit status."""
    from training.tokenizer import TokenizerConfig, train_tokenizer

    config = TokenizerConfig(
        corpus=tuple(args.corpus),
        output=args.output,
        vocabulary=args.vocabulary,
        share=args.share,
        seed=args.seed,
    )
    tokenizer = train_tokenizer(config)
    print(f"{len(tokenizer)} tokens, sha256 {tokenizer.hash}")
    return 0
