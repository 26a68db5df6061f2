"""Greedy choice, the nucleus, and log-probabilities."""

import math

import numpy as np
import pytest

from lintseq.errors import EngineError
from lintseq.infer.sampling import Logits, draw, likeliest, log_normalizer

FORBIDDEN = -math.inf


def logits_of(*probabilities: float) -> Logits:
    with np.errstate(divide="ignore"):
        return np.log(np.array(probabilities, dtype=np.float32))


def drawn(
    logits: Logits, *, temperature: float = 1.0, top_p: float = 1.0, min_p: float = 0.0
) -> list[float]:
    """How often each token comes, as a fraction."""
    rng = np.random.default_rng(0)
    counts = np.zeros(len(logits))
    for _ in range(4000):
        counts[draw(logits, temperature=temperature, top_p=top_p, min_p=min_p, rng=rng)] += 1
    return [float(count) for count in counts / 4000]


@pytest.mark.parametrize(
    ("probabilities", "temperature", "top_p", "wanted"),
    [
        ((0.5, 0.3, 0.2), 1.0, 1.0, (0.5, 0.3, 0.2)),
        ((0.2, 0.5, 0.3), 1.0, 0.7, (0.0, 0.625, 0.375)),
        ((0.2, 0.5, 0.3), 1.0, 0.1, (0.0, 1.0, 0.0)),
        ((0.8, 0.2, 0.0), 0.5, 1.0, (0.941, 0.059, 0.0)),
        ((0.0, 1.0, 0.0), 5.0, 1.0, (0.0, 1.0, 0.0)),
    ],
)
def test_draw(
    probabilities: tuple[float, ...], temperature: float, top_p: float, wanted: tuple[float, ...]
) -> None:
    found = drawn(logits_of(*probabilities), temperature=temperature, top_p=top_p)
    assert found == pytest.approx(wanted, abs=0.03)


@pytest.mark.parametrize(
    ("min_p", "top_p", "wanted"),
    [
        (0.0, 1.0, (0.1, 0.5, 0.3, 0.1)),
        (0.5, 1.0, (0.0, 0.625, 0.375, 0.0)),
        (0.7, 1.0, (0.0, 1.0, 0.0, 0.0)),
        (1.0, 1.0, (0.0, 1.0, 0.0, 0.0)),
        # Whichever of the two leaves fewer.
        (0.1, 0.7, (0.0, 0.625, 0.375, 0.0)),
        (0.7, 0.9, (0.0, 1.0, 0.0, 0.0)),
    ],
)
def test_min_p_leaves_out_what_is_much_less_likely(
    min_p: float, top_p: float, wanted: tuple[float, ...]
) -> None:
    found = drawn(logits_of(0.1, 0.5, 0.3, 0.1), min_p=min_p, top_p=top_p)
    assert found == pytest.approx(wanted, abs=0.03)


def test_min_p_is_of_the_distribution_at_the_temperature() -> None:
    # At temperature 2 the shares are as 3 to 1, not as 9 to 1.
    found = drawn(logits_of(0.9, 0.1), temperature=2.0, min_p=0.3)
    assert found == pytest.approx((0.75, 0.25), abs=0.03)


def test_draw_from_a_flat_tail() -> None:
    logits = logits_of(0.5, *[0.5 / 20_000] * 20_000)
    assert drawn(logits, top_p=0.9)[0] == pytest.approx(0.5 / 0.9, abs=0.03)


def test_likeliest() -> None:
    assert likeliest(logits_of(0.2, 0.5, 0.3)) == 1


def test_log_normalizer() -> None:
    assert log_normalizer(np.array([1000, 1000], dtype=np.float32)) == pytest.approx(
        1000 + math.log(2)
    )


@pytest.mark.parametrize("logits", [[1.0, math.nan], [FORBIDDEN, FORBIDDEN], [1.0, math.inf]])
def test_broken_logits(logits: list[float]) -> None:
    with pytest.raises(EngineError, match="output is broken"):
        log_normalizer(np.array(logits, dtype=np.float32))
