"""The figures of `typing`: what is saved and what disturbs, at each threshold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from training.evaluate.bootstrap import Interval, Part, interval
from training.evaluate.candidates import CandidateFigures, report_candidates
from training.evaluate.keystrokes import Replay
from training.evaluate.reasons import silent_reasons
from training.evaluate.typist import by_word, total, type_out

STEPS = tuple(step / 20 for step in range(20))
"""The thresholds of the curve."""
PRECISION = 0.6
"""Of what is shown, at least so much should be right."""


@dataclass(frozen=True, slots=True)
class TypingPoint:
    """What typing is like with one threshold."""

    threshold: float
    completed: float
    """The share of characters that were not typed but accepted as a part of a whole text."""
    precision: float
    """The share of what appeared that was right as a whole; 0 if nothing did."""
    shown_per_100_keys: float
    visible: float
    """The share of keys that were pressed while something was shown."""
    keys_saved: float
    """The share of keys that it took less, with those for accepting counted."""
    completed_by_word: float
    """As `completed`, for a user who also accepts the first words that are right."""
    completed_interval: Interval
    precision_interval: Interval
    shown_interval: Interval
    """Of `shown_per_100_keys`."""


@dataclass(frozen=True, slots=True)
class TypingFigures:
    """At the threshold of the run, and over all thresholds. Shares lie between 0 and 1."""

    threshold: float
    completed: float
    precision: float
    shown_per_100_keys: float
    visible: float
    keys_saved: float
    completed_by_word: float
    characters: int
    """Of the passages, without newlines and indentation."""
    places: int
    """Cursors at which the model was asked."""
    documents: int
    p50_ms: float
    p90_ms: float
    completed_interval: Interval
    precision_interval: Interval
    shown_interval: Interval
    candidates: CandidateFigures
    """A question is one place."""
    most_at_60_percent: TypingPoint | None
    """Where the most is completed while 60 % of what is shown is right; None if nowhere."""
    silent: Mapping[str, int]
    """Why nothing was proposed at a place, counted."""
    curve: Sequence[TypingPoint]
    """For each threshold from which on anything is shown."""


def report_typing(replays: Sequence[Replay], threshold: float) -> TypingFigures:
    """The figures over all passages."""
    if not replays:
        raise ValueError("need at least one passage, got none")
    points = {step: _point(step, replays) for step in sorted({*STEPS, threshold})}
    precise = [point for point in points.values() if point.precision >= PRECISION]
    keys = [key for replay in replays for key in replay.keys.values()]
    p50_ms, p90_ms = np.percentile([key.ms for key in keys], [50, 90]).tolist()
    here = points[threshold]
    return TypingFigures(
        **{field.name: getattr(here, field.name) for field in fields(here)},
        characters=sum(replay.passage.characters() for replay in replays),
        places=len(keys),
        documents=len({replay.passage.document for replay in replays}),
        p50_ms=round(p50_ms, 1),
        p90_ms=round(p90_ms, 1),
        candidates=report_candidates(key.candidates for key in keys),
        most_at_60_percent=max(precise, key=lambda point: point.completed, default=None),
        silent=silent_reasons(key.silent for key in keys),
        curve=tuple(point for point in points.values() if point.shown_per_100_keys),
    )


def _point(threshold: float, replays: Sequence[Replay]) -> TypingPoint:
    tallies = [type_out(replay, threshold) for replay in replays]
    whole = total(tallies)
    words = total(type_out(replay, threshold, by_word) for replay in replays)
    pairs = [(replay.passage.document, one) for replay, one in zip(replays, tallies, strict=True)]
    return TypingPoint(
        threshold=threshold,
        completed=whole.completed / max(whole.characters, 1),
        precision=whole.right / max(whole.shown, 1),
        shown_per_100_keys=100 * whole.shown / max(whole.keys, 1),
        visible=whole.visible / max(whole.keys, 1),
        keys_saved=1 - whole.keys / max(whole.keys_unaided, 1),
        completed_by_word=words.completed / max(words.characters, 1),
        completed_interval=interval(Part(at, one.completed, one.characters) for at, one in pairs),
        precision_interval=interval(Part(at, one.right, one.shown) for at, one in pairs),
        shown_interval=interval(Part(at, 100 * one.shown, one.keys) for at, one in pairs),
    )
