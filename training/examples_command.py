"""The command `lintseq-train examples`: arguments and run."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path
from typing import TYPE_CHECKING

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from training.packing import PackingMeta


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `ExamplesConfig` and `InstructionsConfig`."""
    parser.add_argument("--tokenizer", type=Path, required=True, help="the tokenizer.json")
    parser.add_argument("--output", type=Path, required=True, help="folder for the packed rows")
    parser.add_argument(
        "--loss", choices=("all", "answer"), default="all", help="what is learned (%(default)s)"
    )
    parser.add_argument("--context", type=int, default=1024, help="tokens in a row (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="seed of all draws (%(default)s)")
    parser.add_argument(
        "--against",
        type=Path,
        help="folder of evaluation sets (*.jsonl, *.jsonl.gz): a document with a unit of one is an"
        " error, a pair is left out",
    )
    parser.add_argument("--jobs", type=int, default=1, help="processes (%(default)s)")
    _add_document_arguments(parser.add_argument_group("tasks made from documents"))
    pairs = parser.add_argument_group("instruction and program pairs, instead of documents")
    pairs.add_argument(
        "--instructions",
        type=Path,
        metavar="FILE",
        help="JSON lines, with gzip if the name ends in .gz",
    )
    pairs.add_argument(
        "--method",
        default="lintseq",
        help="what the model is to write: edits as lintseq, paper or random samples them, or "
        "whole programs (%(default)s)",
    )
    pairs.add_argument(
        "--instruction-field", default="instruction", metavar="NAME", help="(%(default)s)"
    )
    pairs.add_argument("--program-field", default="code", metavar="NAME", help="(%(default)s)")
    pairs.add_argument(
        "--samples", type=int, default=1, help="sequences of each program (%(default)s)"
    )
    pairs.add_argument(
        "--source-weights",
        metavar="SOURCE=WEIGHT,...",
        help="how often the pairs of a source, which their field `source` names, are taken",
    )


def run(args: argparse.Namespace) -> int:
    """Make and pack the examples, print how many, and return the exit status.

    Raises:
        ValueError: There are both documents and pairs, or neither.
    """
    if bool(args.corpus) == (args.instructions is not None):
        raise ValueError("give either documents, made by `corpus`, or --instructions")
    if args.against is None:
        log.warning("nothing is looked for in what is packed: give evaluation sets with --against")
    meta = _of_documents(args) if args.corpus else _of_instructions(args)
    print(f"{meta.examples} examples, {meta.tokens} tokens, {meta.rows} rows in {args.output}")
    return 0


def _add_document_arguments(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "corpus", nargs="*", type=Path, help="folders or files of documents, made by `corpus`"
    )
    group.add_argument(
        "--weights",
        metavar="TASK=WEIGHT,...",
        help="how often each task is made; the default is the mixture for pretraining",
    )
    group.add_argument(
        "--characters",
        type=int,
        default=1500,
        help="one example for so many characters (%(default)s)",
    )
    group.add_argument(
        "--by-quality",
        action="store_true",
        help="more examples of documents that are well written, fewer of others",
    )
    group.add_argument(
        "--every-function",
        action="store_true",
        help="one example of `implement` for each function that says what it does, instead",
    )
    group.add_argument(
        "--share", type=float, default=1.0, help="share of the documents used (%(default)s)"
    )


def _of_documents(args: argparse.Namespace) -> PackingMeta:
    from training.examples import PRETRAINING, ExamplesConfig, build_examples

    config = ExamplesConfig(
        corpus=tuple(args.corpus),
        tokenizer=args.tokenizer,
        output=args.output,
        weights=_weights(args.weights) if args.weights else PRETRAINING,
        loss=args.loss,
        characters=args.characters,
        context=args.context,
        share=args.share,
        by_quality=args.by_quality,
        every_function=args.every_function,
        against=args.against,
        seed=args.seed,
        jobs=args.jobs,
    )
    return build_examples(config)


def _of_instructions(args: argparse.Namespace) -> PackingMeta:
    from training.instructions import InstructionsConfig, build_instructions

    config = InstructionsConfig(
        pairs=args.instructions,
        tokenizer=args.tokenizer,
        output=args.output,
        method=args.method,
        instruction_field=args.instruction_field,
        program_field=args.program_field,
        samples=args.samples,
        loss=args.loss,
        context=args.context,
        against=args.against,
        weights=_weights(args.source_weights) if args.source_weights else {},
        seed=args.seed,
        jobs=args.jobs,
    )
    return build_instructions(config)


def _weights(text: str) -> dict[str, float]:
    pairs = [part.split("=") for part in text.split(",")]
    try:
        return {name: float(weight) for name, weight in pairs}
    except ValueError as error:
        raise ValueError(f"wanted NAME=WEIGHT,..., got {text!r}") from error
