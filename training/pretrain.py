"""The commands `lintseq-train pretrain` and `finetune`: arguments and run.

Both are the same loop. Pretraining begins with random weights and a recipe's shape; finetuning
with a checkpoint's weights, shape and tokenizer, a fresh optimizer, and rows whose mask lets the
loss see the answers alone.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.loop import TrainConfig
    from training.mixture import Source


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what both commands share."""
    parser.add_argument(
        "--run", type=Path, required=True, help="folder of the run; one begun before goes on"
    )
    parser.add_argument(
        "--rows",
        action="append",
        required=True,
        metavar="FOLDER[:START[:END]]",
        help="packed rows and their weight before the decay and at its end (1, the same);"
        " give it once for each data set",
    )
    parser.add_argument("--held-out", metavar="FOLDER", help="packed rows to measure on")
    parser.add_argument("--tokenizer", metavar="FILE", help="the tokenizer.json of the rows")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, help="wall-clock time of the whole plan")
    length.add_argument("--steps", type=int, help="optimizer steps of the whole plan")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="override a setting, such as optimizer.matrix_rate=0.01; see `show`",
    )


def add_pretrain_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `pretrain`."""
    parser.add_argument("recipe", help="tiny, cpu or gpu; see `show`")
    add_arguments(parser)


def add_finetune_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `finetune`."""
    parser.add_argument("start", type=Path, help="the checkpoint to start from")
    parser.add_argument("--recipe", default="finetune", help="see `show` (%(default)s)")
    add_arguments(parser)


def run_pretrain(args: argparse.Namespace) -> int:
    """Train from random weights and return the exit status."""
    return _train(_configure(_recipe(args.recipe), args), args.run)


def run_finetune(args: argparse.Namespace) -> int:
    """Train from a checkpoint's weights and return the exit status."""
    from training.model import read_model_config

    shape = args.start / "model.json"
    if not shape.is_file():
        raise ValueError(f"{args.start} is no checkpoint: it has no model.json")
    tokenizer = args.start / "tokenizer.json"
    recipe = dataclasses.replace(
        _recipe(args.recipe),
        model=read_model_config(shape),
        start=str(args.start),
        tokenizer=str(tokenizer) if tokenizer.is_file() else None,
    )
    return _train(_configure(recipe, args), args.run)


def parse_source(text: str) -> Source:
    """Return the source that `FOLDER[:START[:END]]` names.

    Raises:
        ValueError: A weight is no number.
    """
    from training.mixture import Source

    folder, *weights = text.split(":")
    try:
        numbers = [float(weight) for weight in weights]
    except ValueError as error:
        raise ValueError(f"wanted FOLDER[:START[:END]], got {text!r}") from error
    if len(numbers) > 2:
        raise ValueError(f"wanted FOLDER[:START[:END]], got {text!r}")
    numbers = numbers or [1.0]
    return Source(folder, numbers[0], numbers[-1])


def _recipe(name: str) -> TrainConfig:
    from training.recipes import RECIPES

    if name not in RECIPES:
        raise ValueError(f"recipes are {', '.join(RECIPES)}; got {name!r}")
    return RECIPES[name]()


def _configure(config: TrainConfig, args: argparse.Namespace) -> TrainConfig:
    from training.json_values import with_settings

    schedule = config.schedule
    if args.steps is not None or args.minutes is not None:
        schedule = dataclasses.replace(schedule, steps=args.steps, minutes=args.minutes)
    config = dataclasses.replace(
        config,
        schedule=schedule,
        mixture=tuple(parse_source(text) for text in args.rows),
        held_out=args.held_out,
        tokenizer=args.tokenizer or config.tokenizer,
    )
    return with_settings(config, args.set)


def _train(config: TrainConfig, folder: Path) -> int:
    from training.loop import CHECKPOINT, train

    finished = train(config, folder)
    if finished:
        print(folder / CHECKPOINT)
    else:
        print(f"interrupted; the same command goes on from {folder}", file=sys.stderr)
    return 0 if finished else 130
