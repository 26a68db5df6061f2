"""`compare-methods`: whole programs, LintSeq and RandSeq, from one base to one report."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.comparison.plan import Plan

log = logging.getLogger(__name__)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "base", type=Path, help="the checkpoint to tune: of a run, or a published model"
    )
    _add_inputs(parser)
    _add_tuning(parser)
    _add_sampling(parser)
    parser.add_argument(
        "--dry-run", action="store_true", help="write the commands, and do nothing else"
    )


def run(args: argparse.Namespace) -> int:
    """Carry out what is not done yet, write the report, and return the exit status."""
    from lintseq.dataset.lock import only_run
    from training.comparison.plan import stages

    plan = _plan(args)
    if args.dry_run:
        for stage in stages(plan):
            print("lintseq-train", *stage.words)
        return 0
    plan.folder.mkdir(parents=True, exist_ok=True)
    with only_run(plan.folder / "lock"):
        status = _carry_out(plan)
        return status or _report(plan)


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pairs", type=Path, required=True, metavar="FILE", help="instruction and program pairs"
    )
    parser.add_argument("--humaneval", type=Path, required=True, metavar="FILE")
    parser.add_argument(
        "--instructions", type=Path, metavar="FILE", help="HumanEvalPack, for its wording"
    )
    parser.add_argument("--mbpp", type=Path, required=True, metavar="FILE")
    parser.add_argument(
        "--output", type=Path, required=True, metavar="FOLDER", help="what was begun there goes on"
    )


def _add_tuning(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--steps", type=int, required=True, help="optimizer steps of each arm")
    parser.add_argument(
        "--sequences", type=int, default=5, help="edit sequences of a program (%(default)s)"
    )
    parser.add_argument("--context", type=int, default=1024, help="tokens in a row (%(default)s)")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="override a setting of the tuning, such as batch_rows=32; see `show finetune`",
    )


def _add_sampling(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--sampling",
        default="0.4,0.8,1:1:0.05",
        metavar="T[:TOP_P[:MIN_P]],...",
        help="the settings of the sweep (%(default)s)",
    )
    parser.add_argument("--samples", type=int, default=50, help="of each problem (%(default)s)")
    parser.add_argument("--k", default="1,10,50", metavar="K,K", help="(%(default)s)")
    parser.add_argument(
        "--problems", metavar="N[,N]", help="of each benchmark, or of HumanEval and of MBPP (all)"
    )
    parser.add_argument("--max-tokens", type=int, default=512, help="of a sample (%(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="models, or programs (%(default)s)")
    parser.add_argument(
        "--device",
        default="cpu",
        help="cpu: through llama.cpp; cuda: the checkpoint through torch (%(default)s)",
    )
    parser.add_argument(
        "--quantization",
        default="F16",
        metavar="TYPE",
        help="of the models for llama.cpp, a type of `quantize` (%(default)s)",
    )
    parser.add_argument("--seed", type=int, default=0, help="of all draws (%(default)s)")


def _plan(args: argparse.Namespace) -> Plan:
    from training.comparison.plan import Plan, parse_setting

    return Plan(
        base=args.base,
        pairs=args.pairs,
        folder=args.output,
        humaneval=args.humaneval,
        mbpp=args.mbpp,
        steps=args.steps,
        is_published=not (args.base / "model.json").is_file(),
        instructions=args.instructions,
        sequences=args.sequences,
        context=args.context,
        settings=tuple(parse_setting(text) for text in args.sampling.split(",")),
        samples=args.samples,
        ks=tuple(sorted({int(k) for k in args.k.split(",")})),
        problems=_problems(args.problems),
        max_tokens=args.max_tokens,
        jobs=args.jobs,
        device=args.device,
        quantization=args.quantization,
        overrides=tuple(args.set),
        seed=args.seed,
    )


def _problems(text: str | None) -> dict[str, int]:
    from training.comparison.plan import BENCHMARKS

    if not text:
        return {}
    counts = [int(count) for count in text.split(",")]
    if len(counts) > len(BENCHMARKS):
        raise ValueError(f"wanted --problems N or N,N, got {text!r}")
    return dict(zip(BENCHMARKS, counts * (len(BENCHMARKS) // len(counts)), strict=True))


def _carry_out(plan: Plan) -> int:
    """Run the commands that are not done; the first exit status that is not 0, else 0."""
    import contextlib

    from training.__main__ import main
    from training.comparison.made_with import check_made_with
    from training.comparison.plan import stages

    check_made_with(plan)
    for stage in stages(plan):
        if stage.done is not None and stage.done.is_file():
            continue
        log.info("lintseq-train %s", " ".join(stage.words))
        # Their results are files; this command's result is the report.
        with contextlib.redirect_stdout(sys.stderr):
            status = main(stage.words)
        if status:
            return status
    return 0


def _report(plan: Plan) -> int:
    from training.comparison.plots import plot_cost, plot_curves, plot_qualities
    from training.comparison.results import read_comparison
    from training.comparison.tables import markdown
    from training.json_values import write_json

    comparison = read_comparison(plan)
    write_json(plan.folder / "comparison.json", comparison.as_json())
    for measured in comparison.measured:
        plot_curves(measured, plan.folder / f"{measured.benchmark}.png")
        plot_cost(measured, plan.folder / f"{measured.benchmark}-cost.png")
        plot_qualities(measured, plan.folder / f"{measured.benchmark}-qualities.png")
    tables = markdown(comparison)
    part = plan.folder / "comparison.md.part"
    part.write_text(tables, encoding="utf-8")
    part.replace(plan.folder / "comparison.md")
    sys.stdout.write(tables)
    return 0
