"""How a model does on held-out lines of the user's own code, and how sure it may be of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lintseq.infer.engine import start_engine
from training.adapt_report import LineScores
from training.corpus.document import Document
from training.evaluate.asking import collect
from training.evaluate.calibrate import fit
from training.evaluate.calibration_file import calibration_entry
from training.evaluate.confidence import Judged, calibration_error, reliability
from training.evaluate.cursors import random_cursors
from training.evaluate.documents import is_for_fitting, joint_sha256
from training.evaluate.lines import Outcome, ask_lines
from training.evaluate.surroundings import surroundings_of
from training.revision import code_revision

LEAST_PROPOSALS = 100
"""In the half that is fitted on; with fewer the coefficients say little."""


def score_lines(
    model: Path,
    documents: Sequence[Document],
    count: int,
    seed: int,
    *,
    title: str,
) -> tuple[LineScores, list[Outcome]]:
    """Return which lines a model completes to the letter, the same lines for every model.

    Raises:
        KeyboardInterrupt: Somebody interrupted: some lines are not all.
    """
    cursors = random_cursors(documents, count, seed)
    if not cursors:
        raise ValueError("the held-out files have no line to ask about: hold out more of them")
    engine = start_engine(model)
    try:
        around = surroundings_of(engine, documents, "folder")
        outcomes = collect(ask_lines(engine, cursors, around), len(cursors), title)
    finally:
        engine.close()
    if len(outcomes) < len(cursors):
        raise KeyboardInterrupt
    scores = LineScores(
        model=hashlib.sha256(model.read_bytes()).hexdigest(),
        data=joint_sha256(documents),
        exact=[outcome.is_exact for outcome in outcomes],
        proposed=sum(bool(outcome.shown) for outcome in outcomes),
    )
    return scores, outcomes


def fit_calibration(outcomes: Sequence[Outcome], model: Path) -> dict[str, Any] | None:
    """Return a manifest's calibration, fitted on half of the files; None if they say too little."""
    halves: tuple[list[Outcome], list[Outcome]] = ([], [])
    for outcome in outcomes:
        halves[not is_for_fitting(outcome.cursor.document)].append(outcome)
    proposed = [sum(bool(outcome.shown) for outcome in half) for half in halves]
    if proposed[0] < LEAST_PROPOSALS or not proposed[1]:
        return None
    try:
        calibration = fit(halves[0])
    except ValueError:
        return None
    judged = [
        Judged(outcome.confidence(calibration), outcome.is_exact)
        for outcome in halves[1]
        if outcome.shown
    ]
    facts = {
        "cursors": len(halves[0]),
        "calibration_error": round(calibration_error(tuple(reliability(judged))), 4),
        "code_revision": code_revision(),
        "model_sha256": hashlib.sha256(model.read_bytes()).hexdigest(),
    }
    return calibration_entry(calibration, facts)
