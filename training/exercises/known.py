"""The normal forms of earlier rounds: what repeats one of them need not be run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from training.exercises.exercise import Exercise
from training.exercises.parts import read_part


class KnownForms:
    """Normal forms that there are enough of; a container of hashes."""

    def __init__(self, per_form: int) -> None:
        self._per_form = per_form
        self._counts: Counter[str] = Counter()
        self._read: set[Path] = set()

    def __contains__(self, normal: object) -> bool:
        return self._counts.get(str(normal), 0) >= self._per_form

    def read(self, parts: Iterable[Path]) -> None:
        """Count the verified exercises of those parts that were not read yet."""
        for path in parts:
            if path not in self._read:
                self._read.add(path)
                outcomes = (entry.outcome for entry in read_part(path))
                self._counts.update(each.normal for each in outcomes if isinstance(each, Exercise))
