"""How sure the model is: the probability that what it proposes is what was wanted.

A logistic function of the token likelihoods, fitted on held-out code; its coefficients lie in
the manifest beside the model. Without them the likelihood of the whole text stands in.
"""

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lintseq.errors import EngineError
from lintseq.infer.model_file import read_manifest

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients of the logistic function, by feature."""

    intercept: float
    weights: Mapping[str, float]

    def __post_init__(self) -> None:
        unknown = set(self.weights) - set(FEATURES)
        if unknown:
            raise ValueError(f"known features are {', '.join(FEATURES)}, got {sorted(unknown)}")

    def confidence(self, logprobs: Sequence[float], p_edit: float) -> float:
        """The probability, from 0 to 1, that the generated text is right."""
        values = features(logprobs, p_edit)
        score = self.intercept + sum(weight * values[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(min(score, 50.0), -50.0)))


FEATURES = ("sum", "mean", "lowest", "tokens", "edit")


def features(logprobs: Sequence[float], p_edit: float) -> dict[str, float]:
    """What the confidence is computed from: natural logarithms, and the count of tokens."""
    return {
        "sum": sum(logprobs),
        "mean": sum(logprobs) / max(len(logprobs), 1),
        "lowest": min(logprobs, default=0.0),
        "tokens": math.log1p(len(logprobs)),
        "edit": math.log(max(p_edit, 1e-6)),
    }


def read_calibration(entry: Mapping[str, object]) -> Calibration | None:
    """The calibration in a manifest's entry; None for an empty entry.

    Raises:
        ValueError: the entry is anything else than an intercept and weights of known features.
    """
    if not entry:
        return None
    intercept, weights = entry.get("intercept"), entry.get("weights")
    if not isinstance(intercept, int | float) or not isinstance(weights, Mapping):
        raise ValueError("a calibration has a number `intercept` and a table `weights`")
    return Calibration(float(intercept), {str(k): float(v) for k, v in weights.items()})


def calibration_beside(model: Path) -> Calibration | None:
    """The calibration in the manifest beside the model; None for a model without one."""
    try:
        manifest = read_manifest(model.parent)
        return read_calibration(manifest.calibration) if manifest.file == model.name else None
    except (EngineError, ValueError) as error:
        logger.info("no calibration for %s: %s", model, error)
        return None


def confidence_of(
    calibration: Calibration | None, logprobs: Sequence[float], p_edit: float
) -> float:
    """The calibrated confidence, or the likelihood of the text where nothing was fitted."""
    if calibration is None:
        return math.exp(sum(logprobs)) * p_edit
    return calibration.confidence(logprobs, p_edit)
