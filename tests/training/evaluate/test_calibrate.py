import random

import pytest

from lintseq.infer.calibration import Calibration
from training.evaluate.calibrate import fit
from training.evaluate.cursors import Cursor
from training.evaluate.lines import Outcome

TRUE = Calibration(2.0, {"sum": 0.3, "mean": 1.5, "lowest": 0.0, "tokens": -0.5, "edit": 0.8})


def outcomes(count: int, seed: int = 0, truth: Calibration = TRUE) -> list[Outcome]:
    """Proposals that are right with the probability that `truth` gives them."""
    rng = random.Random(seed)
    made = []
    for _ in range(count):
        logprobs = tuple(-rng.expovariate(1.5) for _ in range(rng.randint(1, 12)))
        p_edit = rng.choice((1.0, rng.uniform(0.5, 1.0)))
        is_right = rng.random() < truth.confidence(logprobs, p_edit)
        cursor = Cursor("0" * 64, "", 0, 0, "right")
        shown = "right" if is_right else "wrong"
        made.append(Outcome(cursor, shown, logprobs=logprobs, p_edit=p_edit))
    return made


def test_fit_recovers_the_probabilities() -> None:
    fitted = fit(outcomes(6000))
    distances = [abs(one.confidence(fitted) - one.confidence(TRUE)) for one in outcomes(500, 1)]
    assert sum(distances) / len(distances) < 0.02
    assert max(distances) < 0.1


def test_fit_recovers_the_weights() -> None:
    fitted = fit(outcomes(20000))
    assert fitted.intercept == pytest.approx(TRUE.intercept, abs=0.3)
    for name, weight in TRUE.weights.items():
        assert fitted.weights[name] == pytest.approx(weight, abs=0.35), name


def test_fit_of_proposals_that_one_feature_tells_apart() -> None:
    certain = Calibration(20.0, {"mean": 40.0})
    fitted = fit(outcomes(300, truth=certain))
    assert all(abs(weight) < 50 for weight in fitted.weights.values())
    others = outcomes(300, 1, certain)
    assert sum((one.confidence(fitted) > 0.5) == one.is_exact for one in others) > 255


def test_silence_is_not_fitted() -> None:
    silent = [Outcome(Cursor("0" * 64, "", 0, 0, "x"), "", "cancelled")] * 50
    assert fit(outcomes(200) + silent) == fit(outcomes(200))


@pytest.mark.parametrize("chosen", [[], ["right"], ["wrong"]])
def test_fit_needs_right_and_wrong_proposals(chosen: list[str]) -> None:
    with pytest.raises(ValueError, match="need right and wrong proposals"):
        fit([one for one in outcomes(50) if one.shown in chosen])
