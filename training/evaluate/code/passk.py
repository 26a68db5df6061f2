"""pass@k: how likely one of k samples is right, with its uncertainty over the problems."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from training.evaluate.bootstrap import Interval, Part, interval


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share of the problems between 0 and 1, with its 95 % confidence interval."""

    value: float
    interval: Interval


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


def estimate(passed: Sequence[int], n: int, ks: Sequence[int]) -> list[Estimate]:
    """pass@k over all problems, for each k, with a bootstrap over the problems.

    They are drawn again as if others of their kind had been asked. That samples are random too is
    part of it, since each problem's estimate has that noise.

    Args:
        passed: how many of `n` samples passed, for each problem.
        n: samples of each problem.
        ks: each 1 <= k <= n.

    Raises:
        ValueError: there is no problem, or a k is out of range.
    """
    if not passed:
        raise ValueError("need at least one problem, got none")
    estimates = []
    for k in ks:
        shares = [pass_at_k(n, c, k) for c in passed]
        parts = (Part(str(number), share) for number, share in enumerate(shares))
        estimates.append(Estimate(sum(shares) / len(shares), interval(parts)))
    return estimates
