"""`evaluate humaneval`, `humanevalplus`, `mbpp` and `mbppplus`: arguments, and what they start."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from training.evaluate.code.generator import Generator, Sampling
    from training.evaluate.code.passk import Estimate
    from training.evaluate.code.problems import Problem
    from training.evaluate.code.question import Asking
    from training.evaluate.code.run import Run, Scored
    from training.evaluate.report import Report

BENCHMARKS = {
    "humaneval": "164 functions to complete (Chen et al. 2021)",
    "humanevalplus": "the same with many more tests (EvalPlus)",
    "mbpp": "974 short tasks in words (Austin et al. 2021)",
    "mbppplus": "378 of them with many more tests (EvalPlus)",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of a benchmark that runs programs."""
    _add_inputs(parser)
    _add_sampling(parser)
    parser.add_argument(
        "--k",
        type=_counts,
        default=(1, 10, 50),
        metavar="K,K",
        help="values of k, those above --samples left out (1,10,50)",
    )
    parser.add_argument(
        "--jobs",
        type=_positive,
        default=2,
        metavar="N",
        help="models, and then programs, at work at a time (%(default)s)",
    )
    parser.add_argument("--isolation", metavar="KIND", help="of the sandbox (the strongest)")
    parser.add_argument(
        "--run",
        type=Path,
        metavar="FOLDER",
        dest="folder",
        help="keep samples and scores here; an interrupted run goes on from them",
    )
    parser.add_argument("--plot", type=Path, metavar="PNG", help="draw pass@k over k")
    parser.add_argument("--json", action="store_true", help="write the report to stdout")


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--model",
        type=Path,
        metavar="GGUF|DIR",
        help="a GGUF for llama.cpp, or a checkpoint folder for torch (the default model)",
    )
    what.add_argument(
        "--references", action="store_true", help="score the data set's own solutions instead"
    )
    parser.add_argument("--data", type=Path, required=True, metavar="FILE", help="the data set")
    parser.add_argument(
        "--instructions",
        type=Path,
        metavar="FILE",
        help="HumanEvalPack, for its wording of what HumanEval asks (made of the docstring)",
    )
    parser.add_argument(
        "--split",
        choices=("all", "prompt", "test", "validation", "train"),
        help="of MBPP (test; all with --references)",
    )
    parser.add_argument(
        "--skip", type=int, default=0, metavar="N", help="leave out the first N problems"
    )
    parser.add_argument("--problems", type=_positive, metavar="N", help="at most so many (all)")


def _add_sampling(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--samples", type=_positive, default=1, metavar="N", help="of each problem (%(default)s)"
    )
    parser.add_argument("--temperature", type=float, default=0.8, help="(%(default)s)")
    parser.add_argument("--top-p", type=float, default=0.95, help="(%(default)s)")
    parser.add_argument("--min-p", type=float, default=0.0, help="(%(default)s)")
    parser.add_argument(
        "--max-tokens", type=_positive, default=512, metavar="N", help="of a sample (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=0, help="of all draws (%(default)s)")
    parser.add_argument(
        "--format",
        default="edits",
        metavar="FORMAT",
        help="how the model writes programs: edits or whole (%(default)s)",
    )
    parser.add_argument(
        "--prompt",
        default="instruction",
        choices=("instruction", "signature", "code"),
        help="what the model gets: the task in words, the same with the function's signature as "
        "in the paper, or code to go on from, for a model without instruction tuning",
    )
    parser.add_argument(
        "--device", default="auto", help="of a checkpoint folder: auto, cpu, cuda (%(default)s)"
    )


def evaluate(args: argparse.Namespace) -> Report:
    """The report of one benchmark on one model, or on the references.

    Raises:
        ValueError: a file is not what it should be, or the folder holds another run.
        LintseqError: there is no sandbox, the model failed, or another run has the folder.
    """
    import tempfile

    from lintseq.dataset.lock import only_run
    from training.evaluate.code.problems import choose, read_problems
    from training.json_values import write_json

    problems = read_problems(args.benchmark, args.data, args.instructions)
    problems = choose(problems, _split(args), args.skip, args.problems)
    with contextlib.ExitStack() as stack:
        folder = args.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        stack.enter_context(only_run(folder / "lock"))
        report = (_references if args.references else _model)(args, problems, folder)
        write_json(folder / "report.json", report.as_json())
        return report


def _references(args: argparse.Namespace, problems: Sequence[Problem], folder: Path) -> Report:
    from training.evaluate.code.run import Run

    settings = {**_data_settings(args), "references": True}
    run = Run(folder, settings)
    run.keep(problems, lambda problem: problem.reference)
    return _report(args, Path("references"), settings, run, problems)


def _model(args: argparse.Namespace, problems: Sequence[Problem], folder: Path) -> Report:
    from lintseq.infer.model_file import default_model
    from training.evaluate.code.run import Run

    sampling, asking = _sampling(args), _asking(args)
    model = args.model or default_model()
    with _open_generator(model, args) as generator:
        settings = {
            **_data_settings(args),
            **dataclasses.asdict(sampling),
            **dataclasses.asdict(asking),
            **generator.facts,
        }
        run = Run(folder, settings)
        run.sample(problems, generator, asking, sampling)
    return _report(args, model, settings, run, problems)


def _report(
    args: argparse.Namespace,
    model: Path,
    settings: dict[str, Any],
    run: Run,
    problems: Sequence[Problem],
) -> Report:
    from lintseq.sandbox.choose import open_sandbox
    from training.evaluate.code.figures import code_figures
    from training.evaluate.code.scoring import LIMITS, LONG_LIMITS, Scorer
    from training.evaluate.report import Report

    limits = LONG_LIMITS if any(problem.has_long_checks for problem in problems) else LIMITS
    sandbox = open_sandbox(limits, args.isolation)
    scored = run.score(problems, Scorer(sandbox, args.jobs))
    samples = len(scored[0].programs)
    curve = _curve(scored, samples)
    if args.plot:
        from training.evaluate.code.plot import plot_pass_at_k

        plot_pass_at_k({model.name: curve}, args.benchmark, args.plot)
    wanted = {k: curve[k] for k in (1, *args.k) if k in curve}
    settings |= {"isolation": sandbox.isolation, "limits": dataclasses.asdict(limits)}
    return Report(
        benchmark=args.benchmark,
        model=model,
        settings=settings,
        problems=len(problems),
        samples=samples,
        passed=curve[1].value,
        figures=code_figures(
            scored,
            {problem.name: problem.context for problem in problems},
            wanted,
            are_references=args.references,
        ),
        pass_at={k: one.value for k, one in wanted.items() if k > 1},
    )


def _curve(scored: Sequence[Scored], samples: int) -> dict[int, Estimate]:
    from training.evaluate.code.passk import estimate

    ks = range(1, samples + 1)
    estimates = estimate([one.passed for one in scored], samples, ks)
    return dict(zip(ks, estimates, strict=True))


@contextlib.contextmanager
def _open_generator(model: Path, args: argparse.Namespace) -> Iterator[Generator]:
    generator: Generator
    if model.is_dir():
        from training.evaluate.code.torch_generator import TorchGenerator

        generator = TorchGenerator(model, args.device, args.jobs)
    else:
        from training.evaluate.code.llama_generator import LlamaGenerator

        generator = LlamaGenerator(model, args.jobs)
    try:
        yield generator
    finally:
        generator.close()


def _sampling(args: argparse.Namespace) -> Sampling:
    from training.evaluate.code.generator import Sampling

    fields = {field.name for field in dataclasses.fields(Sampling)}
    return Sampling(**{name: value for name, value in vars(args).items() if name in fields})


def _asking(args: argparse.Namespace) -> Asking:
    from training.evaluate.code.problems import STOPS
    from training.evaluate.code.question import Asking

    return Asking(args.format, args.prompt, STOPS[args.benchmark.removesuffix("plus")])


def _data_settings(args: argparse.Namespace) -> dict[str, Any]:
    # Not how many problems: a run of a few goes on as one of many.
    return {
        "data": args.data.name,
        "data_sha256": hashlib.sha256(args.data.read_bytes()).hexdigest(),
        "instructions": args.instructions.name if args.instructions else None,
        "split": _split(args),
        "skipped": args.skip,
    }


def _split(args: argparse.Namespace) -> str | None:
    """The split of MBPP; the other data sets have none."""
    if args.benchmark != "mbpp" or args.split == "all":
        return None
    return args.split or (None if args.references else "test")


def _counts(text: str) -> tuple[int, ...]:
    return tuple(_positive(part) for part in text.split(","))


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"wanted a number from 1, got {text!r}")
    return int(text)
