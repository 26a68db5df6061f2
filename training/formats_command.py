"""`compare-formats`: the same small model trained on each way to show a cursor, and scored."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM

    from training.loop import TrainConfig
    from training.state_formats import Score, Scorer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("corpus", nargs="+", type=Path, help="documents to train on")
    parser.add_argument(
        "--held-out", nargs="+", type=Path, required=True, help="documents to score"
    )
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True, help="folder for rows and runs")
    parser.add_argument("--examples", type=int, default=12_000)
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--cases", type=int, default=2_000, help="held-out lines to score")


def run(args: argparse.Namespace) -> int:
    """Write one JSON line of figures for each format."""
    from training.checkpoint import load_model
    from training.loop import Ending, train
    from training.run_folder import CHECKPOINT
    from training.state_formats import FORMATS, score, write_format
    from training.tokenizer import load_tokenizer

    tokenizer = load_tokenizer(args.tokenizer)
    for name in FORMATS:
        rows, folder = args.output / "rows" / name, args.output / "runs" / name
        if not (rows / "meta.json").is_file():
            write_format(name, tuple(args.corpus), args.tokenizer, rows, args.examples)
        if train(_config(rows, args), folder) is not Ending.FINISHED:
            return 130
        model, _ = load_model(folder / CHECKPOINT)
        figures = score(name, tuple(args.held_out), tokenizer, _scorer(model), args.cases)
        _write(name, figures)
    return 0


def _config(rows: Path, args: argparse.Namespace) -> TrainConfig:
    from training.loop import TrainConfig
    from training.mixture import Source
    from training.model import ModelConfig
    from training.schedule import ScheduleConfig

    return TrainConfig(
        schedule=ScheduleConfig(steps=args.steps),
        model=ModelConfig(layers=3),
        mixture=(Source(str(rows)),),
        tokenizer=str(args.tokenizer),
        batch_rows=4,
        log_every=20,
        evaluate_every=args.steps,
    )


def _scorer(model: LlamaForCausalLM) -> Scorer:
    import torch

    model.train(mode=False)

    def judge(tokens: list[int], count: int) -> tuple[float, list[bool]]:
        with torch.inference_mode():
            seen = model(torch.tensor([tokens]), logits_to_keep=count + 1)
        logits_TV = seen.logits[0, :-1].float()
        wanted_T = torch.tensor(tokens[-count:])
        lost = torch.nn.functional.cross_entropy(logits_TV, wanted_T, reduction="sum")
        return float(lost), (logits_TV.argmax(-1) == wanted_T).tolist()

    return judge


def _write(name: str, figures: Score) -> None:
    sys.stdout.write(json.dumps({"format": name, **dataclasses.asdict(figures)}) + "\n")
