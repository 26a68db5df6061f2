"""Makes the parts of a run in any number of processes, round by round.

A round knows the normal forms of the rounds before it, and of them only: what it holds does not
depend on the number of processes or on when a run was killed.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from lintseq.parent import end_with_parent
from lintseq.sandbox.choose import open_sandbox
from training.decontaminate import read_contamination
from training.exercises.attempt import Avoided, attempts
from training.exercises.config import ExercisesConfig, digest_of_sets
from training.exercises.joined import folder_parts, line_groups, write_joined
from training.exercises.known import KnownForms
from training.exercises.known_forms import read_forms
from training.exercises.parts import (
    copy_whole,
    joined_parts,
    joined_path,
    part_path,
    write_part,
)
from training.exercises.verify import LIMITS


def make_parts(config: ExercisesConfig, folder: Path) -> list[Path]:
    """Return the paths of all parts, those that were missing made now."""
    numbers = range(-(-config.count // config.part))
    missing = [number for number in numbers if not part_path(folder, number).is_file()]
    done = folder / "joined"
    if missing or (config.join and not done.is_file()):
        with _pool(config) as pool:
            if config.join and not done.is_file():
                _take_up(config, folder, pool)
                done.touch()
            _make(config, folder, missing, pool)
    return [*joined_parts(folder), *(part_path(folder, number) for number in numbers)]


def _take_up(config: ExercisesConfig, folder: Path, pool: multiprocessing.pool.Pool) -> None:
    """Lay the exercises of earlier runs down as parts: whole folders first, then files."""
    against = digest_of_sets(config.against)
    copied = [part for each in config.join if each.is_dir() for part in folder_parts(each, against)]
    for number, part in enumerate(copied):
        copy_whole(part, joined_path(folder, number))
    groups = enumerate(line_groups([each for each in config.join if each.is_file()]), len(copied))
    tasks = (
        (path, group)
        for number, group in groups
        if not (path := joined_path(folder, number)).is_file()
    )
    with _progress() as bar:
        task = bar.add_task("parts of earlier runs", total=None, kept=0)
        kept = 0
        for count in pool.imap_unordered(_make_joined, tasks):
            kept += count
            bar.update(task, advance=1, kept=kept)


def _make(
    config: ExercisesConfig, folder: Path, missing: list[int], pool: multiprocessing.pool.Pool
) -> None:
    total = -(-config.count // config.part)
    done = total - len(missing)
    with _progress() as bar:
        task = bar.add_task(
            "attempts", total=total * config.part, completed=done * config.part, kept=0
        )
        kept = 0
        for start in range(0, total, config.round):
            work = partial(_make_part, config, folder, start)
            numbers = [each for each in missing if start <= each < start + config.round]
            for count in pool.imap_unordered(work, numbers):
                kept += count
                bar.update(task, advance=config.part, kept=kept)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    kept = TextColumn("{task.fields[kept]:,} verified")
    return Progress(*columns, kept, TimeElapsedColumn(), console=Console(stderr=True))


@contextmanager
def _pool(config: ExercisesConfig) -> Iterator[multiprocessing.pool.Pool]:
    """Processes in which sets have another order than in the sandbox.

    A solution that depends on that order then gives another answer there, and is left out.
    """
    before = os.environ.get("PYTHONHASHSEED")
    os.environ["PYTHONHASHSEED"] = "1"
    try:
        context = multiprocessing.get_context("spawn")
        with context.Pool(config.jobs, _start_worker, (config.against, config.per_form)) as pool:
            yield pool
    finally:
        if before is None:
            del os.environ["PYTHONHASHSEED"]
        else:
            os.environ["PYTHONHASHSEED"] = before


_avoided = Avoided.nothing()
_known = KnownForms(1)


def _start_worker(against: Path | None, per_form: int) -> None:
    end_with_parent()
    # Read once a process, too large to send with every part.
    global _avoided, _known  # noqa: PLW0603
    _known = KnownForms(per_form)
    if against is not None:
        _avoided = Avoided(read_contamination(against), read_forms(against))


def _make_joined(task: tuple[Path, list[str]]) -> int:
    path, lines = task
    return write_joined(path, lines, _avoided)


def _make_part(config: ExercisesConfig, folder: Path, start: int, number: int) -> int:
    """Make one part of the round that begins with part `start`."""
    _known.read([*joined_parts(folder), *(part_path(folder, each) for each in range(start))])
    numbers = range(number * config.part, (number + 1) * config.part)
    sandbox = open_sandbox(LIMITS, config.isolation)
    outcomes = attempts(config.seed, numbers, _avoided, sandbox, _known)
    named = ((f"{config.seed}:{each}", outcome) for each, outcome in outcomes)
    return write_part(part_path(folder, number), named)
