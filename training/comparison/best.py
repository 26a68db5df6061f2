"""pass@k of each arm with its best setting, and how sure the difference between two arms is.

All arms have the same problems. The bootstrap draws problems, the same for all arms, and chooses
each arm's best setting anew in every draw: that a maximum was taken is part of the interval.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from training.evaluate.bootstrap import Interval
from training.evaluate.code.passk import Estimate, pass_at_k

_DRAWS = 2000

Passed = Mapping[str, Sequence[int]]
"""For each setting of an arm, how many samples of each problem passed."""


@dataclass(frozen=True, slots=True)
class Best:
    """An arm's pass@k with the setting that is best for this k."""

    setting: str
    """Of several that are as good, the first."""
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Difference:
    """How much higher the pass@k of one arm is than that of another, each with its best setting."""

    value: float
    interval: Interval
    """95 %: what holds 0 is no difference that these problems show."""


# D draws, P problems, S settings


class Table:
    """Which samples passed, of all arms on one benchmark."""

    def __init__(self, passed: Mapping[str, Passed], samples: int) -> None:
        """Draw the problems.

        Args:
            passed: by arm.
            samples: of each problem.

        Raises:
            ValueError: the arms have no problems, or not the same number of them.
        """
        sizes = {len(counts) for of_arm in passed.values() for counts in of_arm.values()}
        if len(sizes) != 1 or not max(sizes):
            raise ValueError(f"need the same problems for all, got {sorted(sizes)} of them")
        self._passed = passed
        self._samples = samples
        problems = sizes.pop()
        generator = np.random.default_rng(0)
        drawn_DP = generator.multinomial(problems, [1 / problems] * problems, size=_DRAWS)
        self._weights_DP = drawn_DP / problems

    def best(self, arm: str, k: int) -> Best:
        """The arm's pass@k with its best setting.

        Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", 13.3 (percentiles).
        """
        shares_SP = self._shares(arm, k)
        means_S = shares_SP.mean(axis=1)
        number = int(means_S.argmax())
        interval = _percentiles(self._draws(arm, k))
        return Best(list(self._passed[arm])[number], Estimate(float(means_S[number]), interval))

    def difference(self, arm: str, other: str, k: int) -> Difference:
        """The pass@k of `arm` less that of `other`, problem by problem."""
        value = self.best(arm, k).estimate.value - self.best(other, k).estimate.value
        return Difference(value, _percentiles(self._draws(arm, k) - self._draws(other, k)))

    def _draws(self, arm: str, k: int) -> np.ndarray:
        best_D: np.ndarray = (self._weights_DP @ self._shares(arm, k).T).max(axis=1)
        return best_D

    def _shares(self, arm: str, k: int) -> np.ndarray:
        chances = np.array([pass_at_k(self._samples, c, k) for c in range(self._samples + 1)])
        return np.array([chances[list(counts)] for counts in self._passed[arm].values()])


def _percentiles(values_D: np.ndarray) -> Interval:
    low, high = np.percentile(values_D, [2.5, 97.5]).tolist()
    return Interval(low, high)
