"""The command line: `lintseq-train COMMAND`, one parser; libraries load when a command runs."""

from __future__ import annotations

import argparse
import importlib
import logging
import sys
from collections.abc import Sequence

from lintseq.errors import LintseqError

# Command, module, prefix of its two functions' names, what it does.
COMMANDS = (
    ("corpus", "training.corpus.command", "", "collect Python files, filtered and de-duplicated"),
    ("exercises", "training.exercises.command", "", "compose exercises with verified solutions"),
    ("imports", "training.imports.command", "", "count how public code imports names"),
    ("tokenizer", "training.tokenizer_command", "", "train a tokenizer, or take up another"),
    ("examples", "training.examples_command", "", "make and pack examples"),
    ("pretrain", "training.pretrain", "pretrain", "train a model from random weights"),
    ("finetune", "training.pretrain", "finetune", "go on from a checkpoint or a published model"),
    ("adapt", "training.adapt_command", "", "adapt the default model to one repository"),
    ("evaluate", "training.evaluate.command", "", "measure a model on held-out code"),
    ("locality", "training.locality_command", "", "fit how far what stands nearby is trusted"),
    ("compare-methods", "training.comparison.command", "", "whole programs, LintSeq and RandSeq"),
    ("compare-formats", "training.formats_command", "", "score each way to show a cursor"),
    ("export", "training.export_command", "export", "write a checkpoint as GGUF"),
    ("quantize", "training.export_command", "quantize", "make a GGUF smaller"),
    ("install", "training.export_command", "install", "make a GGUF the default model"),
    ("speed", "training.speed_command", "", "measure tokens per second, and where the time goes"),
    ("show", "training.show", "", "print recipes, data, checkpoints, GGUF files; compare runs"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Return the exit status of the command that `argv` names."""
    args = _parser().parse_args(argv)
    logging.basicConfig(
        level=args.log_level.upper(), stream=sys.stderr, format="%(levelname)s %(message)s"
    )
    try:
        return int(args.run_command(args))
    except (LintseqError, ValueError, OSError) as error:
        if args.log_level == "debug":
            raise
        print(f"lintseq-train {args.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"lintseq-train {args.command}: interrupted", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lintseq-train", description="Makes the model, from Python files to a GGUF."
    )
    parser.add_argument(
        "--log-level", default="info", choices=("debug", "info", "warning", "error")
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, module, prefix, summary in COMMANDS:
        command = commands.add_parser(name, help=summary, description=summary.capitalize() + ".")
        code = importlib.import_module(module)
        getattr(code, f"add_{prefix}_arguments" if prefix else "add_arguments")(command)
        run = getattr(code, f"run_{prefix}" if prefix else "run")
        command.set_defaults(run_command=run)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
