"""The commands `lintseq-train pretrain` and `finetune`: arguments and run.

Both are the same loop; `torchrun -m training pretrain ...` is the same in several processes.
Pretraining begins with random weights and a recipe's shape; finetuning with a checkpoint's weights,
shape and tokenizer, a fresh optimizer, and rows whose mask lets the loss see the answers alone.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.clock import Budget
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
    parser.add_argument(
        "--minutes",
        type=float,
        help="time for this command, its beginning and end too; the plan is finished in it unless"
        " it is given apart, otherwise the same command goes on from the checkpoint",
    )
    plan = parser.add_mutually_exclusive_group()
    plan.add_argument(
        "--plan-minutes", type=float, help="time of the whole plan, over all its commands"
    )
    plan.add_argument("--steps", type=int, help="optimizer steps of the whole plan")
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
    start = parser.add_mutually_exclusive_group(required=True)
    start.add_argument("start", nargs="?", type=Path, help="the checkpoint of a run to start from")
    start.add_argument(
        "--from",
        dest="published",
        type=Path,
        metavar="FOLDER",
        help="a published model instead: Llama, OLMo, OLMo2, Qwen2 or Gemma-2, as transformers"
        " saves it",
    )
    parser.add_argument("--lora", type=int, metavar="RANK", help="train small matrices beside it")
    parser.add_argument("--recipe", help="see `show` (finetune; with --from published)")
    add_arguments(parser)


def run_pretrain(args: argparse.Namespace) -> int:
    """Train from random weights and return the exit status."""
    budget = _budget(args)
    return _train(_configure(find_recipe(args.recipe), args), args.run, budget)


def run_finetune(args: argparse.Namespace) -> int:
    """Train from a checkpoint's weights and return the exit status."""
    budget = _budget(args)
    if args.published is not None:
        return _train(_configure(_from_published(args), args), args.run, budget)
    if args.lora is not None:
        raise ValueError("--lora is for models given with --from")
    return _train(_configure(_from_checkpoint(args), args), args.run, budget)


def _from_checkpoint(args: argparse.Namespace) -> TrainConfig:
    from training.model import read_model_config

    shape = args.start / "model.json"
    if not shape.is_file():
        raise ValueError(f"{args.start} is no checkpoint of a run: it has no model.json")
    tokenizer = args.start / "tokenizer.json"
    return dataclasses.replace(
        find_recipe(args.recipe or "finetune"),
        model=read_model_config(shape),
        start=str(args.start),
        tokenizer=str(tokenizer) if tokenizer.is_file() else None,
    )


def _from_published(args: argparse.Namespace) -> TrainConfig:
    from training.families.adopt import write_adopted
    from training.families.lora import base_of
    from training.families.published import TOKENIZER, open_published

    published = open_published(base_of(args.published))
    write_adopted(args.run / TOKENIZER, published.tokenizer)
    return dataclasses.replace(
        find_recipe(args.recipe or "published"),
        model=published.outline,
        published=str(args.published),
        lora_rank=args.lora,
        tokenizer=str(args.run / TOKENIZER),
    )


def find_recipe(name: str) -> TrainConfig:
    """Return the run of this name.

    Raises:
        ValueError: There is none.
    """
    from training.recipes import RECIPES

    if name not in RECIPES:
        raise ValueError(f"recipes are {', '.join(RECIPES)}; got {name!r}")
    return RECIPES[name]()


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


def _configure(config: TrainConfig, args: argparse.Namespace) -> TrainConfig:
    from training.json_values import with_settings

    schedule = config.schedule
    minutes = args.minutes if args.plan_minutes is None else args.plan_minutes
    if args.steps is not None:
        schedule = dataclasses.replace(schedule, steps=args.steps, minutes=None)
    elif minutes is not None:
        schedule = dataclasses.replace(schedule, steps=None, minutes=minutes)
    config = dataclasses.replace(
        config,
        schedule=schedule,
        mixture=tuple(parse_source(text) for text in args.rows),
        held_out=args.held_out,
        tokenizer=args.tokenizer or config.tokenizer,
    )
    return with_settings(config, args.set)


def _budget(args: argparse.Namespace) -> Budget:
    from training.clock import Budget

    return Budget(args.minutes)


def _train(config: TrainConfig, folder: Path, budget: Budget) -> int:
    from training.loop import Ending, train
    from training.run_folder import CHECKPOINT

    ending = train(config, folder, budget)
    if int(os.environ.get("RANK", "0")):
        return 0
    if ending is not Ending.FINISHED:
        print(f"{ending}; the same command goes on from {folder}", file=sys.stderr)
    if ending is Ending.INTERRUPTED:
        return 130
    print(folder / CHECKPOINT)
    return 0
