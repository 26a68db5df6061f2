"""What a run of the exercises is told, and that a folder belongs to one such run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from training.exercises.parts import joined_parts, own_parts
from training.json_values import write_json

_TEXT = (".py", ".txt", ".toml", ".jsonl", ".gz")


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
    join: tuple[Path, ...] = ()
    """Folders of earlier runs, whole or not, or their `exercises.jsonl.gz`: these exercises come
    first, and nothing repeats them."""
    per_form: int = 1
    """How many exercises may share a normal form."""
    threshold: float = 0.9
    """Similarity of instruction and code from which on two are near-duplicates."""
    part: int = 512
    """Attempts in a part: what a kill costs each process at most."""
    round: int = 32
    """Parts in a round: what is made later knows the forms of what was made in rounds before."""
    samples: int = 20
    isolation: str | None = None
    """Which sandbox; None: the strongest."""

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        least = {"count": 1, "jobs": 1, "per_form": 1, "part": 1, "round": 1, "samples": 0}
        for name, smallest in least.items():
            if getattr(self, name) < smallest:
                raise ValueError(f"need {name} >= {smallest}, got {getattr(self, name)}")


def hold_settings(config: ExercisesConfig) -> None:
    """Write down what a folder is begun with, or compare it with what was written.

    Raises:
        ValueError: the folder was begun with other settings.
    """
    settings = {
        "seed": config.seed,
        "against": digest_of_sets(config.against),
        "join": _digest(file for each in config.join for file in _joined_files(each)),
        "generator": _digest(_files(Path(__file__).parent)),
        "part": config.part,
        "round": config.round,
        "per_form": config.per_form,
    }
    path = config.output / "settings.json"
    if not path.is_file():
        write_json(path, settings)
    elif (found := json.loads(path.read_text(encoding="utf-8"))) != settings:
        raise ValueError(
            f"{config.output} was begun with other settings or another version: wanted {settings},"
            f" got {found}; choose another folder or empty this one"
        )


def digest_of_sets(against: Path | None) -> str:
    """Return a hash of the evaluation sets in a folder; empty without a folder."""
    return _digest(_files(against)) if against else ""


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise ValueError(f"wanted a folder, got {folder}")
    return sorted(path for path in folder.rglob("*") if path.suffix in _TEXT)


def _joined_files(path: Path) -> list[Path]:
    return [*joined_parts(path / "parts"), *own_parts(path / "parts")] if path.is_dir() else [path]


def _digest(files: Iterable[Path]) -> str:
    """A hash of files and their names."""
    digest = hashlib.sha256()
    for path in files:
        if not path.is_file():
            raise ValueError(f"wanted a file, got {path}")
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
