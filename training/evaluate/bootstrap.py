"""How sure a share is: documents drawn again, since places of one document are alike."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

_RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the share lies, with a confidence of 95 %."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Part:
    """What one case adds to a share."""

    document: str
    """Where the case is from: cases of one document are drawn together."""
    counted: float
    of: float = 1.0


def interval(parts: Iterable[Part]) -> Interval:
    """The interval of the sum of `counted` over the sum of `of`; all of it where nothing is known.

    It has no width where all parts agree: what was never seen is never drawn. The generator is
    seeded by itself: the same parts have the same interval.

    Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", 13.3 (percentiles).
    """
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for part in parts:
        sums[part.document][0] += part.counted
        sums[part.document][1] += part.of
    # D documents, R resamples
    sums_D2 = np.array(list(sums.values())).reshape(-1, 2)
    if not sums_D2[:, 1].sum():
        return Interval(0.0, 1.0)
    count = len(sums_D2)
    drawn_RD = np.random.default_rng(0).multinomial(count, [1 / count] * count, size=_RESAMPLES)
    counted_R, of_R = (drawn_RD @ sums_D2).T
    shares = counted_R[of_R > 0] / of_R[of_R > 0]
    low, high = np.percentile(shares, [2.5, 97.5]).tolist()
    return Interval(low, high)
