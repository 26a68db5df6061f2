"""What the commands of a comparison left, put together: one value for JSON, tables and plots."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from training.comparison.best import Best, Difference, Table
from training.comparison.plan import ARMS, BENCHMARKS, Arm, Plan, Setting, stages
from training.comparison.qualities import Shares, mean_differences, means, qualities
from training.evaluate.bootstrap import Interval
from training.evaluate.code.figures import code_figures
from training.evaluate.code.passk import Estimate, estimate
from training.evaluate.code.problems import Problem, choose, read_problems
from training.evaluate.code.run import Scored, read_scored
from training.evaluate.report import versions

FIGURES = ("parsed", "clean", "answered", "distinct", "finished", "tokens", "tokens_per_problem")
"""What every table shows of `CodeFigures`."""

_OTHERS = ("whole", "random")


@dataclass(frozen=True, slots=True)
class Sampled:
    """The samples of one arm with one setting."""

    arm: str
    setting: str
    pass_at_k: Mapping[str, float]
    intervals: Mapping[str, Interval]
    figures: Mapping[str, float]
    """`FIGURES`, by name."""
    qualities: Mapping[str, Estimate]
    """With their intervals, by name in `QUALITIES`."""


@dataclass(frozen=True, slots=True)
class Point:
    """One k on the curve of an arm."""

    k: int
    best: Best
    tokens: float
    """Generated for so many samples of a problem, on average, with this setting."""


@dataclass(frozen=True, slots=True)
class Measured:
    """All arms on one benchmark."""

    benchmark: str
    problems: int
    samples: int
    rows: Sequence[Sampled]
    curves: Mapping[str, Sequence[Point]]
    """By arm, a point for each k up to the number of samples."""
    differences: Mapping[str, Mapping[str, Difference]]
    """"lintseq - whole" and "lintseq - random", by k."""
    quality_differences: Mapping[str, Mapping[str, Mapping[str, Estimate]]]
    """The same by setting and by name in `QUALITIES`: both arms with the same setting."""

    def point(self, arm: str, k: int) -> Point:
        """The point of an arm at `k`."""
        return self.curves[arm][k - 1]


@dataclass(frozen=True, slots=True)
class Tuned:
    """What an arm's model has seen."""

    arm: str
    examples: int
    rows: int
    tokens: int
    """Of the packed rows, prompts included."""
    targets: int
    """Of these, the tokens of answers: what the loss sees."""
    seen: int
    """Tokens that went through the model."""
    epochs: float
    loss: float
    """Of the last steps, in nats a token of answers: not to be compared between arms."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything."""

    settings: Mapping[str, Any]
    tuned: Sequence[Tuned]
    measured: Sequence[Measured]

    def as_json(self) -> dict[str, Any]:
        """The object that is written to `comparison.json`."""
        return {**asdict(self), "versions": versions()}


def read_comparison(plan: Plan) -> Comparison:
    """The results of a plan all of whose commands are done."""
    return Comparison(
        settings=settings_of(plan),
        tuned=[_tuned(plan.folder / arm.name, arm) for arm in ARMS],
        measured=[_measured(plan, benchmark) for benchmark in BENCHMARKS],
    )


def settings_of(plan: Plan) -> dict[str, Any]:
    """All that the figures depend on, as JSON values."""
    plain = {name: value for name, value in asdict(plan).items() if not isinstance(value, Path)}
    names = {"base": str(plan.base), "pairs": plan.pairs.name}
    commands = [" ".join(stage.words) for stage in stages(plan)]
    return {
        **names,
        **plain,
        "settings": [setting.name for setting in plan.settings],
        "commands": commands,
    }


def _tuned(folder: Path, arm: Arm) -> Tuned:
    meta = json.loads((folder / "rows" / "meta.json").read_text(encoding="utf-8"))
    lines = (folder / "run" / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    last = [row for row in map(json.loads, lines) if "gradient_norm" in row][-1]
    counts = {name: meta[name] for name in ("examples", "rows", "tokens", "targets")}
    return Tuned(
        arm.name, **counts, seen=last["tokens"], epochs=last["epochs"][0], loss=last["loss"]
    )


def _measured(plan: Plan, benchmark: str) -> Measured:
    rows: list[Sampled] = []
    scored: dict[str, dict[str, list[Scored]]] = {}
    contexts = {problem.name: problem.context for problem in _problems(plan, benchmark)}
    shares: dict[tuple[str, str], Shares] = {}
    for arm in ARMS:
        scored[arm.name] = {}
        for setting in plan.settings:
            folder = plan.samples_folder(arm, benchmark, setting)
            found = read_scored(folder, list(contexts))
            scored[arm.name][setting.name] = found
            shares[arm.name, setting.name] = qualities(found, contexts)
            of_samples = means(shares[arm.name, setting.name])
            rows.append(_sampled(plan, arm, setting, found, contexts, of_samples))
    table = Table({arm: _passed(of_arm) for arm, of_arm in scored.items()}, plan.samples)
    tokens = {(row.arm, row.setting): row.figures["tokens"] for row in rows}
    return Measured(
        benchmark=benchmark,
        problems=len(contexts),
        samples=plan.samples,
        rows=rows,
        curves={arm.name: _curve(table, arm.name, plan.samples, tokens) for arm in ARMS},
        differences={
            f"lintseq - {other}": {str(k): table.difference("lintseq", other, k) for k in plan.ks}
            for other in _OTHERS
        },
        quality_differences={
            f"lintseq - {other}": {
                setting.name: mean_differences(
                    shares["lintseq", setting.name], shares[other, setting.name]
                )
                for setting in plan.settings
            }
            for other in _OTHERS
        },
    )


def _problems(plan: Plan, benchmark: str) -> Sequence[Problem]:
    """Those that `evaluate` takes."""
    split = "test" if benchmark == "mbpp" else None
    problems = read_problems(benchmark, plan.data(benchmark), None)
    return choose(problems, split, 0, plan.problems.get(benchmark))


def _sampled(
    plan: Plan,
    arm: Arm,
    setting: Setting,
    scored: Sequence[Scored],
    contexts: Mapping[str, str],
    of_samples: Mapping[str, Estimate],
) -> Sampled:
    """The figures that `evaluate` reports of these problems."""
    estimates = estimate([one.passed for one in scored], plan.samples, plan.ks)
    by_k = dict(zip(plan.ks, estimates, strict=True))
    figures = code_figures(scored, contexts, by_k, are_references=False)
    return Sampled(
        arm=arm.name,
        setting=setting.name,
        pass_at_k={str(k): one.value for k, one in by_k.items()},
        intervals=figures.intervals,
        figures={name: getattr(figures, name) for name in FIGURES},
        qualities=of_samples,
    )


def _passed(settings: Mapping[str, Sequence[Scored]]) -> dict[str, list[int]]:
    return {name: [one.passed for one in scored] for name, scored in settings.items()}


def _curve(
    table: Table, arm: str, samples: int, tokens: Mapping[tuple[str, str], float]
) -> list[Point]:
    bests = ((k, table.best(arm, k)) for k in range(1, samples + 1))
    return [Point(k, best, k * tokens[arm, best.setting]) for k, best in bests]
