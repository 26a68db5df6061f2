"""The command `lintseq-train speed`: arguments and run."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `speed`."""
    parser.add_argument("recipe", help="see `show`")
    parser.add_argument("--steps", type=int, default=3, help="to measure (%(default)s)")
    parser.add_argument("--row-tokens", type=int, help="tokens in a row (the model's context)")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="override a setting, such as model.layers=12; see `show`",
    )


def run(args: argparse.Namespace) -> int:
    """Measure, print the figures as JSON, and return the exit status."""
    import dataclasses
    import json

    from training.json_values import with_settings
    from training.pretrain import find_recipe
    from training.speed import measure_speed

    if args.steps < 1:
        raise ValueError(f"steps must be at least 1, got {args.steps}")
    config = with_settings(find_recipe(args.recipe), args.set)
    speed = measure_speed(config, args.steps, args.row_tokens)
    print(json.dumps(dataclasses.asdict(speed), indent=1))
    return 0
