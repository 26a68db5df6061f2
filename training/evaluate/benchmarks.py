"""The benchmarks by name: each asks the model, and says what came of it in one report."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from lintseq.infer.calibration import Calibration, calibration_beside
from lintseq.infer.engine import Engine
from lintseq.infer.model_file import verify
from training.corpus.document import Document, read_documents
from training.evaluate.asking import collect
from training.evaluate.calibrate import fit
from training.evaluate.calibration_file import (
    calibration_entry,
    install_calibration,
    write_calibration,
)
from training.evaluate.cursors import Cursor, random_cursors, with_next_lines
from training.evaluate.documents import is_for_fitting
from training.evaluate.keystrokes import ask_typing
from training.evaluate.lines import (
    LinesFigures,
    Outcome,
    ask_lines,
    report_lines,
    report_next_lines,
)
from training.evaluate.memorized import report_memorized
from training.evaluate.options import Options
from training.evaluate.passages import passages
from training.evaluate.plot import plot_lines, plot_typing
from training.evaluate.projects import Projects
from training.evaluate.quiet import Asked, line_places, quiet_places, report_quiet
from training.evaluate.repair import ask_repairs, repair_effort, report_repair
from training.evaluate.repair_cases import repair_cases
from training.evaluate.report import Report
from training.evaluate.settings import settings_of
from training.evaluate.surroundings import Surroundings, surroundings_of
from training.evaluate.typing_report import report_typing
from training.revision import code_revision

Benchmark = Callable[[Engine, Sequence[Document], Options], Report]


def lines(engine: Engine, documents: Sequence[Document], options: Options) -> Report:
    """The rest of the line at random cursors; with the calibration that is asked for."""
    if options.install_calibration:
        # Refuse what cannot be installed before it takes minutes to fit.
        verify(engine.model.path)
    cursors = random_cursors(documents, options.count, options.seed)
    around = surroundings_of(engine, documents, options.nearby)
    outcomes = collect(ask_lines(engine, cursors, around, options.lines), len(cursors), "lines")
    is_whole = len(outcomes) == len(cursors)
    settings = settings_of(engine, documents, options, is_whole=is_whole)
    settings |= {"lines": options.lines, "next_lines": options.next_lines}
    settings["format"] = options.format
    if options.is_calibrating:
        fitting, outcomes = _halves(outcomes)
        calibration: Calibration | None = fit(fitting)
        settings |= {"calibration": "fitted on the other half", "fitted_on": len(fitting)}
    else:
        calibration = calibration_beside(engine.model.path)
        settings["calibration"] = _named(calibration)
    further = _next_lines(engine, outcomes, around, options) if is_whole else []
    next_lines = report_next_lines(further, options.next_lines + 1)
    figures = report_lines(outcomes, calibration, next_lines)
    if calibration and options.is_calibrating and is_whole:
        _keep(_entry(calibration, settings, figures), options, engine.model.path)
    if options.plot:
        plot_lines(figures, options.plot)
    return Report("lines", engine.model.path, settings, len(outcomes), 1, figures.exact, figures)


def repair(engine: Engine, documents: Sequence[Document], options: Options) -> Report:
    """The import or the assignment that was taken out of a file."""
    cases = repair_cases(documents, options.count, options.seed)
    effort = repair_effort(options.samples, options.seed)
    outcomes = collect(
        ask_repairs(engine, cases, effort, Projects(documents)), len(cases), "repair"
    )
    settings = settings_of(engine, documents, options, is_whole=len(outcomes) == len(cases))
    figures = report_repair(outcomes)
    path, samples = engine.model.path, options.samples
    return Report("repair", path, settings, len(outcomes), samples, figures.restored, figures)


def quiet(engine: Engine, documents: Sequence[Document], options: Options) -> Report:
    """Silence where nothing is missing; pass@1 is the share of places that stay empty."""
    complete = quiet_places(documents, options.count, options.seed)
    line = line_places(documents, options.count, options.seed)
    rest = random_cursors(documents, options.count, options.seed)
    # In turns, so that what there is after Ctrl-C is of all three kinds.
    turns = [cursor for turn in zip(complete, line, rest, strict=False) for cursor in turn]
    around = surroundings_of(engine, documents, options.nearby)
    outcomes = collect(ask_lines(engine, turns, around), len(turns), "quiet")
    settings = settings_of(engine, documents, options, is_whole=len(outcomes) == len(turns))
    calibration = calibration_beside(engine.model.path)
    settings["calibration"] = _named(calibration)
    asked = Asked(outcomes[::3], outcomes[1::3], outcomes[2::3])
    figures = report_quiet(asked, calibration, options.threshold)
    path, places = engine.model.path, len(asked.complete)
    return Report("quiet", path, settings, places, 1, figures.silent, figures)


def typing(engine: Engine, documents: Sequence[Document], options: Options) -> Report:
    """Passages typed again; pass@1 is the share of their characters that was not typed."""
    chosen = passages(documents, options.count, options.length, options.seed, alone=options.alone)
    calibration = calibration_beside(engine.model.path)
    around = surroundings_of(engine, documents, options.nearby, calibration)
    typed = ask_typing(engine, chosen, around, options.lines)
    replays = collect(typed, len(chosen), "typing")
    settings = settings_of(engine, documents, options, is_whole=len(replays) == len(chosen))
    settings |= {"length": options.length, "alone": options.alone, "lines": options.lines}
    settings["calibration"] = _named(calibration)
    figures = report_typing(replays, options.threshold)
    if options.plot:
        plot_typing(figures, options.plot)
    path = engine.model.path
    return Report("typing", path, settings, len(replays), 1, figures.completed, figures)


def memorized(engine: Engine, documents: Sequence[Document], options: Options) -> Report:
    """Long proposals looked for in the training set; pass@1 is the share that stands there."""
    cursors = _further(random_cursors(documents, options.count, options.seed), options.lines - 1)
    around = surroundings_of(engine, documents, options.nearby)
    outcomes = collect(ask_lines(engine, cursors, around, options.lines), len(cursors), "proposals")
    settings = settings_of(engine, documents, options, is_whole=len(outcomes) == len(cursors))
    settings |= {"lines": options.lines, "training": [path.name for path in options.training]}
    console = Console(stderr=True)
    training = track(
        read_documents(*options.training), "training set", None, console=console, transient=True
    )
    figures = report_memorized(outcomes, training)
    path, count = engine.model.path, figures.suggestions
    return Report("memorized", path, settings, count, 1, figures.whole, figures)


BENCHMARKS: Mapping[str, Benchmark] = {
    "lines": lines,
    "repair": repair,
    "quiet": quiet,
    "typing": typing,
    "memorized": memorized,
}


def _next_lines(
    engine: Engine, outcomes: Sequence[Outcome], around: Surroundings, options: Options
) -> list[Outcome]:
    """What is proposed at the same cursors when the lines below are missing too."""
    cursors = _further([outcome.cursor for outcome in outcomes], options.next_lines)
    if not (options.next_lines and cursors):
        return []
    asked = ask_lines(engine, cursors, around, options.next_lines + 1)
    return collect(asked, len(cursors), "next lines")


def _further(cursors: Sequence[Cursor], count: int) -> list[Cursor]:
    """The cursors at which `count` lines below are missing too, where there are so many."""
    further = (with_next_lines(cursor, count) if count else cursor for cursor in cursors)
    return [cursor for cursor in further if cursor]


def _named(calibration: Calibration | None) -> str:
    return "of the manifest" if calibration else "none"


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
