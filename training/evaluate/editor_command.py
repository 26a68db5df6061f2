"""The benchmarks on held-out documents: what somebody at an editor feels of a model."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from training.evaluate.report import Report

BENCHMARKS = {
    "lines": "the rest of the line, and the next lines, at random cursors",
    "repair": "the import or the assignment that was taken out of a file",
    "quiet": "silence where nothing is missing, and what the same threshold shows elsewhere",
    "typing": "files typed again, key by key: what need not be typed, and what disturbs",
    "memorized": "long proposals that stand word for word in the training set",
}


def add_arguments(benchmarks: argparse._SubParsersAction[Any]) -> None:
    """Add a parser for each benchmark."""
    parsers = {name: benchmarks.add_parser(name, help=text) for name, text in BENCHMARKS.items()}
    _add_lines(parsers["lines"])
    _add_common(parsers["repair"], "--cases", 500)
    parsers["repair"].add_argument(
        "--samples", type=_positive, default=8, help="candidates for each case (%(default)s)"
    )
    _add_common(parsers["quiet"], "--places", 300)
    _add_nearby(parsers["quiet"])
    _add_threshold(parsers["quiet"])
    _add_typing(parsers["typing"])
    _add_common(parsers["memorized"], "--cursors", 1000)
    _add_nearby(parsers["memorized"])
    parsers["memorized"].add_argument(
        "--training",
        nargs="+",
        type=Path,
        required=True,
        metavar="DOCUMENTS",
        help="files or folders of the documents that the model was trained on",
    )
    _add_proposal_lines(parsers["memorized"], 6)


def evaluate(args: argparse.Namespace) -> Report:
    """The report of the benchmark that the arguments name.

    Raises:
        LintseqError: there is no such model.
        ValueError: the data are out of form.
    """
    import dataclasses

    from lintseq.infer.engine import start_engine
    from lintseq.infer.model_file import default_model
    from training.evaluate.benchmarks import BENCHMARKS as BY_NAME
    from training.evaluate.documents import held_out
    from training.evaluate.fill_in_the_middle import speaking
    from training.evaluate.options import Options

    known = {field.name for field in dataclasses.fields(Options)}
    given = {name: value for name, value in vars(args).items() if name in known}
    # Where arguments are several, they come as a list.
    several = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
    documents = held_out(args.data, args.without)
    engine = start_engine(args.model or default_model(), threads=args.threads)
    try:
        options = Options(**given | several)
        return BY_NAME[args.benchmark](speaking(engine, options.format), documents, options)
    finally:
        engine.close()


def _add_lines(parser: argparse.ArgumentParser) -> None:
    _add_common(parser, "--cursors", 1000)
    _add_nearby(parser)
    _add_proposal_lines(parser, 1)
    parser.add_argument(
        "--next-lines",
        type=_natural,
        default=3,
        metavar="N",
        help="then ask again with N lines below missing too; 0 for no second round (%(default)s)",
    )
    parser.add_argument(
        "--format",
        default="edits",
        metavar="FORMAT",
        help="what the model was trained on: edits, or fim, plain fill-in-the-middle (%(default)s)",
    )
    parser.add_argument("--plot", type=Path, metavar="PNG", help="draw precision and reliability")
    target = parser.add_mutually_exclusive_group()
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


def _add_typing(parser: argparse.ArgumentParser) -> None:
    _add_common(parser, "--passages", 60)
    _add_nearby(parser)
    _add_threshold(parser)
    _add_proposal_lines(parser, 1)
    parser.add_argument(
        "--length", type=_positive, default=8, metavar="N", help="lines of a passage (%(default)s)"
    )
    parser.add_argument(
        "--alone",
        action="store_true",
        help="nothing follows a passage, as when a file is written from top to bottom",
    )
    parser.add_argument("--plot", type=Path, metavar="PNG", help="draw the figures by threshold")


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
    parser.add_argument("--threads", type=_positive, help="of the model (by its size)")
    parser.add_argument("--json", action="store_true", help="write the report to stdout")


def _add_nearby(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--nearby",
        choices=("folder", "file", "none"),
        default="folder",
        help="whose text a proposal may repeat: that of the files in the same folder too, as in an"
        " editor, of the file, or of none (%(default)s)",
    )


def _add_threshold(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--threshold",
        type=_share,
        default=argparse.SUPPRESS,
        metavar="C",
        help="the confidence, from 0 to 1, from which on something is shown (the server's usual)",
    )


def _add_proposal_lines(parser: argparse.ArgumentParser, default: int) -> None:
    parser.add_argument(
        "--lines",
        type=_positive,
        default=default,
        metavar="N",
        help="lines that a proposal may have (%(default)s)",
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"wanted a number from 1, got {text!r}")
    return int(text)


def _natural(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"wanted a number from 0, got {text!r}")
    return int(text)


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"wanted a number from 0 to 1, got {text!r}")
    return value
