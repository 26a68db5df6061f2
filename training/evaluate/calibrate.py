"""Fits the confidence: the probability that a proposal is what was written.

Logistic regression of the outcome on the features of `lintseq.infer.calibration`, with a small
penalty, by Newton's method (iteratively reweighted least squares; Hastie, Tibshirani, Friedman,
"The Elements of Statistical Learning", 4.4.1).
"""

from collections.abc import Sequence

import numpy as np

from lintseq.infer.calibration import FEATURES, Calibration, features
from training.evaluate.lines import Outcome

_PENALTY = 1.0
_STEPS = 25


def fit(outcomes: Sequence[Outcome]) -> Calibration:
    """The calibration that fits the outcomes at which something was proposed.

    Raises:
        ValueError: nothing, or only right or only wrong proposals were made.
    """
    proposed = [outcome for outcome in outcomes if outcome.shown]
    right_N = np.array([outcome.is_exact for outcome in proposed], dtype=np.float64)
    if not 0 < right_N.sum() < len(right_N):
        raise ValueError(
            f"need right and wrong proposals, got {right_N.sum():.0f} of {len(proposed)}"
        )
    rows = [features(outcome.logprobs, outcome.p_edit) for outcome in proposed]
    inputs_NF = np.array([[row[name] for name in FEATURES] for row in rows])
    weights_F = _fit(np.column_stack([np.ones(len(rows)), inputs_NF]), right_N)
    rounded = [round(float(weight), 4) for weight in weights_F]
    return Calibration(rounded[0], dict(zip(FEATURES, rounded[1:], strict=True)))


# N proposals, F features with the constant one


def _fit(inputs_NF: np.ndarray, right_N: np.ndarray) -> np.ndarray:
    weights_F = np.zeros(inputs_NF.shape[1])
    penalty_FF = _PENALTY * np.eye(len(weights_F))
    penalty_FF[0, 0] = 0.0
    for _ in range(_STEPS):
        likely_N = 1 / (1 + np.exp(-np.clip(inputs_NF @ weights_F, -50, 50)))
        gradient_F = inputs_NF.T @ (right_N - likely_N) - penalty_FF @ weights_F
        curvature_FF = (inputs_NF.T * (likely_N * (1 - likely_N))) @ inputs_NF + penalty_FF
        weights_F = weights_F + np.linalg.solve(curvature_FF, gradient_F)
    return weights_F
