"""The command `lintseq-train corpus`: arguments, run, and a summary for people."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `CorpusConfig`."""
    parser.add_argument(
        "sources",
        nargs="+",
        type=Path,
        metavar="SOURCE",
        help="a repository, a standard library or a site-packages directory",
    )
    parser.add_argument("--output", type=Path, required=True, help="folder for the documents")
    parser.add_argument(
        "--against", type=Path, help="folder of evaluation sets (*.jsonl, *.jsonl.gz) to keep out"
    )
    parser.add_argument(
        "--hold-out", nargs="+", default=(), metavar="NAME", help="packages kept out of training"
    )
    parser.add_argument(
        "--threshold", type=float, default=0.8, help="similarity of near-duplicates (%(default)s)"
    )
    parser.add_argument(
        "--test-share", type=float, default=0.5, help="share of test files kept (%(default)s)"
    )
    parser.add_argument("--jobs", type=int, default=1, help="processes (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Build the corpus, print its report's sums, and return the exit status."""
    from training.corpus.build import CorpusConfig, build_corpus
    from training.corpus.filters import FilterConfig

    report = build_corpus(
        CorpusConfig(
            sources=tuple(args.sources),
            output=args.output,
            against=args.against,
            hold_out=tuple(args.hold_out),
            threshold=args.threshold,
            jobs=args.jobs,
            filters=FilterConfig(test_share=args.test_share),
        )
    )
    print(f"{report.training.documents} documents, {report.training.size_bytes} bytes")
    for name, amount in report.licenses.items():
        print(f"{amount.size_bytes:12} bytes  {amount.documents:6} documents  {name}")
    for reason, count in report.rejected.items():
        print(f"{count:12} files left out: {reason}")
    return 0
