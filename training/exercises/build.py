"""Builds a set of exercises: attempts in any number of processes, then one pass for duplicates.

The folder holds `parts/`, finished attempts, `part` to a part; what is there is not made again, so
that a run that was killed goes on, and one with a larger count goes on from a smaller one.
`exercises.jsonl.gz`, `report.json` and `samples.txt` are made from the parts in their order, the
same whatever the number of processes. The exercises of earlier runs can be joined to it.
"""

from __future__ import annotations

from lintseq.dataset.lock import only_run
from training.exercises.collect import collect
from training.exercises.config import ExercisesConfig, hold_settings
from training.exercises.produce import make_parts
from training.exercises.report import Report


def build_exercises(config: ExercisesConfig) -> Report:
    """Return the report of the exercises that now lie in the output folder.

    Raises:
        ValueError: the folder was begun with other settings, or an earlier run has no exercises.
        SandboxError: there is no sandbox here.
    """
    parts = config.output / "parts"
    parts.mkdir(parents=True, exist_ok=True)
    with only_run(config.output / "lock"):
        hold_settings(config)
        return collect(config, make_parts(config, parts))
