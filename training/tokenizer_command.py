"""The command `lintseq-train tokenizer`: arguments and run."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.tokenizer import Tokenizer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `TokenizerConfig`."""
    parser.add_argument(
        "corpus", nargs="*", type=Path, help="folders or files of documents, made by `corpus`"
    )
    parser.add_argument(
        "--from",
        dest="published",
        type=Path,
        metavar="FOLDER",
        help="take up the tokenizer of a published model instead of training one",
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
    """Train or take up a tokenizer, print its size and hash, and return the exit status.

    Raises:
        ValueError: There are both documents and a published model, or neither.
    """
    if bool(args.corpus) == (args.published is not None):
        raise ValueError("give either documents, made by `corpus`, or --from")
    tokenizer = _trained(args) if args.corpus else _adopted(args)
    print(f"{len(tokenizer)} tokens, sha256 {tokenizer.hash}")
    return 0


def _adopted(args: argparse.Namespace) -> Tokenizer:
    from training.families.adopt import write_adopted
    from training.families.published import open_published
    from training.tokenizer import load_tokenizer

    write_adopted(args.output, open_published(args.published).tokenizer)
    return load_tokenizer(args.output)


def _trained(args: argparse.Namespace) -> Tokenizer:
    from training.tokenizer import TokenizerConfig, train_tokenizer

    config = TokenizerConfig(
        corpus=tuple(args.corpus),
        output=args.output,
        vocabulary=args.vocabulary,
        share=args.share,
        seed=args.seed,
    )
    return train_tokenizer(config)
