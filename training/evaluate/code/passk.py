"""pass@k: how likely one of k samples is right, with its uncertainty over the problems."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_RESAMPLES = 2000
_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share of the problems between 0 and 1, with its 95 % confidence interval."""

    value: float
    low: float
    high: float


def pass_at_k(n: int, c: int, k: int) -> float:
    """The unbiased estimate of the chance that one of `k` samples passes.

    Args:
        n: how many samples were drawn.
        c: how many of them passed, 0 <= c <= n.
        k: 1 <= k <= n.

    Raises:
        ValueError: the numbers are not such.

    Source: Chen et al. 2021, "Evaluating Large Language Models Trained on Code", equation 1:
    1 - C(n - c, k) / C(n, k), as a product that does not overflow.
    """
    if not 0 <= c <= n or not 1 <= k <= n:
        raise ValueError(f"need 0 <= c <= n and 1 <= k <= n, got n={n} c={c} k={k}")
    if n - c < k:
        return 1.0
    return 1.0 - math.prod(1.0 - k / i for i in range(n - c + 1, n + 1))


def estimate(passed: Sequence[int], n: int, ks: Sequence[int], seed: int = 0) -> list[Estimate]:
    """pass@k over all problems, for each k, with a bootstrap over the problems.

    The interval is that of the percentiles: the problems are drawn again, with replacement, as
    if others of their kind had been asked. That samples are random too is part of it, since each
    problem's estimate has that noise.

    Args:
        passed: how many of `n` samples passed, for each problem.
        n: samples of each problem.
        ks: each 1 <= k <= n.
        seed: of the bootstrap; the same gives the same interval.

    Raises:
        ValueError: there is no problem, or a k is out of range.

    Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", section 13.3.
    """
    if not passed:
        raise ValueError("need at least one problem, got none")
    # P problems, K values of k, R resamples
    shares_PK = np.array([[pass_at_k(n, c, k) for k in ks] for c in passed])
    low_K, high_K = _interval(shares_PK, seed)
    means_K = shares_PK.mean(axis=0)
    return [
        Estimate(float(mean), float(low), float(high))
        for mean, low, high in zip(means_K, low_K, high_K, strict=True)
    ]


def _interval(shares_PK: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    count = len(shares_PK)
    means_RK = np.concatenate(
        [
            shares_PK[rng.integers(count, size=(_CHUNK, count))].mean(axis=1)
            for _ in range(_RESAMPLES // _CHUNK)
        ]
    )
    bounds: NDArray[np.float64] = np.percentile(means_RK, [2.5, 97.5], axis=0)
    return bounds
