"""The benchmarks by name: each asks the model, and says what came of it in one report."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lintseq.infer.calibration import Calibration, calibration_beside
from lintseq.infer.engine import Engine
from lintseq.infer.model_file import verify
from training.corpus.document import Document
from training.evaluate.asking import collect
from training.evaluate.calibrate import fit
from training.evaluate.calibration_file import (
    calibration_entry,
    install_calibration,
    write_calibration,
)
from training.evaluate.cursors import random_cursors
from training.evaluate.documents import is_for_fitting, joint_sha256
from training.evaluate.lines import LinesFigures, Outcome, ask_lines, report_lines
from training.evaluate.plot import plot_lines
from training.evaluate.quiet import quiet_places, report_quiet
from training.evaluate.repair import ask_repairs, repair_cases, repair_effort, report_repair
from training.evaluate.report import Report
from training.revision import code_revision


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of a benchmark; each takes what concerns it."""

    data: tuple[Path, ...]
    """Where the documents come from, for the report."""
    without: tuple[str, ...] = ()
    """The packages left out of them, for the report."""
    count: int = 500
    """Problems, at most."""
    seed: int = 0
    threads: int | None = None
    """Of the model, for the report."""
    lines: int = 1
    """`lines`: how many a proposal may have."""
    calibrate_to: Path | None = None
    """`lines`: fit the confidence and write it to this file."""
    install_calibration: bool = False
    """`lines`: fit the confidence and write it into the manifest beside the model."""
    plot: Path | None = None
    """`lines`: the picture to draw."""
    samples: int = 8
    """`repair`: candidates at each problem."""
    threshold: float = 0.5
    """`quiet`: the confidence from which on something is shown."""

    @property
    def is_calibrating(self) -> bool:
        """Whether half of the documents is for fitting."""
        return self.calibrate_to is not None or self.install_calibration


Benchmark = Callable[[Engine, Sequence[Document], Options], Report]


def lines(engine: Engine, documents: Sequence[Document], options: Options) -> Report:
    """The rest of the line at random cursors; with the calibration that is asked for."""
    if options.install_calibration:
        # Refuse what cannot be installed before it takes minutes to fit.
        verify(engine.model.path)
    cursors = random_cursors(documents, options.count, options.seed)
    outcomes = collect(ask_lines(engine, cursors, options.lines), len(cursors), "lines")
    settings = _settings(engine, documents, options, is_whole=len(outcomes) == len(cursors))
    settings["lines"] = options.lines
    if options.is_calibrating:
        fitting, outcomes = _halves(outcomes)
        calibration: Calibration | None = fit(fitting)
        settings |= {"calibration": "fitted on the other half", "fitted_on": len(fitting)}
    else:
        calibration = calibration_beside(engine.model.path)
        settings["calibration"] = "of the manifest" if calibration else "none"
    figures = report_lines(outcomes, calibration)
    if calibration and options.is_calibrating and not settings["interrupted"]:
        _keep(_entry(calibration, settings, figures), options, engine.model.path)
    if options.plot:
        plot_lines(figures, options.plot)
    return Report("lines", engine.model.path, settings, len(outcomes), 1, figures.exact, figures)


def repair(engine: Engine, documents: Sequence[Document], options: Options) -> Report:
    """The import that was taken out of a file."""
    cases = repair_cases(documents, options.count, options.seed)
    effort = repair_effort(options.samples, options.seed)
    outcomes = collect(ask_repairs(engine, cases, effort), len(cases), "repair")
    settings = _settings(engine, documents, options, is_whole=len(outcomes) == len(cases))
    figures = report_repair(outcomes)
    path, samples = engine.model.path, options.samples
    return Report("repair", path, settings, len(outcomes), samples, figures.restored, figures)


def quiet(engine: Engine, documents: Sequence[Document], options: Options) -> Report:
    """Silence where nothing is missing; pass@1 is the share of places that stay empty."""
    places = quiet_places(documents, options.count, options.seed)
    outcomes = collect(ask_lines(engine, places), len(places), "quiet")
    settings = _settings(engine, documents, options, is_whole=len(outcomes) == len(places))
    calibration = calibration_beside(engine.model.path)
    settings["calibration"] = "of the manifest" if calibration else "none"
    figures = report_quiet(outcomes, calibration, options.threshold)
    return Report("quiet", engine.model.path, settings, len(outcomes), 1, figures.silent, figures)


BENCHMARKS: Mapping[str, Benchmark] = {"lines": lines, "repair": repair, "quiet": quiet}


def _settings(
    engine: Engine, documents: Sequence[Document], options: Options, *, is_whole: bool
) -> dict[str, Any]:
    return {
        "asked": options.count,
        "seed": options.seed,
        "data": [path.name for path in options.data],
        "data_sha256": joint_sha256(documents),
        "documents": len(documents),
        "without": sorted(options.without),
        "threads": options.threads,
        "model_sha256": hashlib.sha256(engine.model.path.read_bytes()).hexdigest(),
        "quantization": engine.model.quantization,
        "parameters": engine.model.parameters,
        "interrupted": not is_whole,
    }


def _halves(outcomes: Sequence[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
    """The outcomes to fit on, and those to report."""
    halves: tuple[list[Outcome], list[Outcome]] = ([], [])
    for outcome in outcomes:
        halves[0 if is_for_fitting(outcome.cursor.document) else 1].append(outcome)
    return halves


def _entry(
    calibration: Calibration, settings: Mapping[str, Any], figures: LinesFigures
) -> dict[str, Any]:
    """The calibration with how it came about, and how true it was on the other half."""
    names = ("data", "data_sha256", "without", "seed", "lines", "model_sha256")
    facts = {
        "cursors": settings["fitted_on"],
        "calibration_error": round(figures.calibration_error, 4),
        "code_revision": code_revision(),
    }
    return calibration_entry(calibration, facts | {name: settings[name] for name in names})


def _keep(entry: Mapping[str, Any], options: Options, model: Path) -> None:
    if options.calibrate_to:
        write_calibration(options.calibrate_to, entry)
    else:
        install_calibration(model, entry)
