"""Builds a set of exercises: attempts in any number of processes, then one pass for duplicates.

The folder holds `parts/`, finished attempts, `part` to a part; what is there is not made again, so
that a run that was killed goes on, and one with a larger count goes on from a smaller one.
`exercises.jsonl.gz`, `report.json` and `samples.txt` are made from the parts in their order, the
same whatever the number of processes.
"""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import json
import multiprocessing
import os
import random
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from lintseq.dataset.lock import only_run
from lintseq.sandbox.choose import open_sandbox
from training.decontaminate import read_contamination
from training.dedup import DuplicateIndex
from training.exercises.attempt import Avoided, attempts
from training.exercises.exercise import Exercise, Rejected
from training.exercises.known_forms import read_forms
from training.exercises.parts import Entry, part_path, read_part, write_part
from training.exercises.report import NEAR_DUPLICATE, NORMAL_DUPLICATE, Report, sample_text
from training.exercises.verify import LIMITS
from training.json_values import write_json

SOURCE = "exercises"
"""The field by which pairs of several sources are weighted."""


@dataclass(frozen=True, slots=True)
class ExercisesConfig:
    """How many exercises to try, and where to put them."""

    output: Path
    count: int
    """Attempts, not exercises: some are rejected. Rounded up to whole parts."""
    seed: int = 0
    jobs: int = 1
    against: Path | None = None
    """Folder of evaluation sets that nothing may come near."""
    per_form: int = 1
    """How many exercises may share a normal form."""
    threshold: float = 0.9
    """Similarity of instruction and code from which on two are near-duplicates."""
    part: int = 512
    """Attempts in a part: what a kill costs each process at most."""
    samples: int = 20
    isolation: str | None = None
    """Which sandbox; None: the strongest."""

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        least = {"count": 1, "jobs": 1, "per_form": 1, "part": 1, "samples": 0}
        for name, smallest in least.items():
            if getattr(self, name) < smallest:
                raise ValueError(f"need {name} >= {smallest}, got {getattr(self, name)}")


def build_exercises(config: ExercisesConfig) -> Report:
    """Return the report of the exercises that now lie in the output folder.

    Raises:
        ValueError: the folder was begun with other settings.
        SandboxError: there is no sandbox here.
    """
    parts = config.output / "parts"
    parts.mkdir(parents=True, exist_ok=True)
    with only_run(config.output / "lock"):
        _hold_settings(config)
        numbers = range(-(-config.count // config.part))
        missing = [number for number in numbers if not part_path(parts, number).is_file()]
        _make(config, parts, missing, len(numbers))
        return _join(config, [part_path(parts, number) for number in numbers])


def _hold_settings(config: ExercisesConfig) -> None:
    settings = {
        "seed": config.seed,
        "against": _digest(config.against) if config.against else "",
        "generator": _digest(Path(__file__).parent),
        "part": config.part,
    }
    path = config.output / "settings.json"
    if not path.is_file():
        write_json(path, settings)
    elif (found := json.loads(path.read_text(encoding="utf-8"))) != settings:
        raise ValueError(
            f"{config.output} was begun with other settings or another version: wanted {settings},"
            f" got {found}; choose another folder or empty this one"
        )


def _digest(folder: Path) -> str:
    """A hash of the files in a folder."""
    if not folder.is_dir():
        raise ValueError(f"wanted a folder, got {folder}")
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix in (".py", ".txt", ".toml", ".jsonl", ".gz")
    )
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _make(config: ExercisesConfig, parts: Path, missing: list[int], total: int) -> None:
    if not missing:
        return
    done = total - len(missing)
    work = partial(_make_part, config, parts)
    with _progress() as bar, _pool(config) as pool:
        task = bar.add_task(
            "attempts", total=total * config.part, completed=done * config.part, kept=0
        )
        kept = 0
        for count in pool.imap_unordered(work, missing):
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
        with context.Pool(config.jobs, _start_worker, (config.against,)) as pool:
            yield pool
    finally:
        if before is None:
            del os.environ["PYTHONHASHSEED"]
        else:
            os.environ["PYTHONHASHSEED"] = before


_avoided = Avoided.nothing()


def _start_worker(against: Path | None) -> None:
    # Ctrl-C reaches the whole group: the parent ends the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    global _avoided  # noqa: PLW0603  read once a process, too large to send with every part
    if against is not None:
        _avoided = Avoided(read_contamination(against), read_forms(against))


def _make_part(config: ExercisesConfig, parts: Path, number: int) -> int:
    numbers = range(number * config.part, (number + 1) * config.part)
    sandbox = open_sandbox(LIMITS, config.isolation)
    return write_part(part_path(parts, number), attempts(config.seed, numbers, _avoided, sandbox))


def _join(config: ExercisesConfig, parts: list[Path]) -> Report:
    """Write what is kept of the parts."""
    report = Report()
    filtered = _Filter(config, DuplicateIndex(config.threshold), Counter())
    rng = random.Random(config.seed)
    path = config.output / "exercises.jsonl.gz"
    beside = path.with_name(path.name + ".part")
    with (
        beside.open("wb") as file,
        gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=6, mtime=0) as out,
    ):
        for entry in (entry for part in parts for entry in read_part(part)):
            report.attempts += 1
            outcome = filtered.outcome(entry, report)
            if isinstance(outcome, Rejected):
                report.reject(outcome)
            else:
                named = {"id": f"{config.seed}:{entry.number}", "source": SOURCE}
                record = named | dataclasses.asdict(outcome)
                out.write((json.dumps(record, ensure_ascii=False) + "\n").encode())
                report.keep(outcome, rng, config.samples)
    beside.replace(path)
    write_json(config.output / "report.json", report.as_json())
    samples = "\n".join(sample_text(each) for each in report.samples)
    beside.write_text(samples, encoding="utf-8")
    beside.replace(config.output / "samples.txt")
    return report


@dataclass(frozen=True, slots=True)
class _Filter:
    config: ExercisesConfig
    index: DuplicateIndex
    forms: Counter[str]

    def outcome(self, entry: Entry, report: Report) -> Exercise | Rejected:
        """The exercise, or that it repeats one that was kept."""
        exercise = entry.outcome
        if isinstance(exercise, Rejected) or entry.signature is None:
            return exercise
        report.verified_normals.add(exercise.normal)
        report.verified_skeletons.add(exercise.skeleton)
        if self.forms[exercise.normal] >= self.config.per_form:
            return Rejected(NORMAL_DUPLICATE, exercise.family)
        key = f"{exercise.instruction}\n{exercise.code}".encode()
        if self.index.add(key, entry.signature):
            return Rejected(NEAR_DUPLICATE, exercise.family)
        self.forms[exercise.normal] += 1
        return exercise
