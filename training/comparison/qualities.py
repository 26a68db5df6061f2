"""What samples are like beside passing, arm by arm, with confidence intervals over the problems.

At a scale at which hardly a sample passes, these still tell the arms apart.
"""

from collections.abc import Mapping, Sequence

from training.evaluate.bootstrap import Part, interval
from training.evaluate.code.figures import tally
from training.evaluate.code.passk import Estimate
from training.evaluate.code.run import Scored

HEADS = {"parsed": "parse", "clean": "clean", "answered": "answer", "distinct": "distinct"}
"""What tables and pictures call them."""
QUALITIES = tuple(HEADS)
"""Shares of a problem's samples; `distinct` is the share that differ from all before them."""

Shares = Mapping[str, Sequence[float]]
"""By quality, the share of each problem."""


def qualities(scored: Sequence[Scored], contexts: Mapping[str, str]) -> Shares:
    """The shares of each problem, in order.

    Args:
        scored: the problems with their samples.
        contexts: what stands in front of a problem's programs when they are run, by its name.
    """
    tallies = [tally(one, contexts[one.name]) for one in scored]
    return {name: [getattr(one, name) / one.samples for one in tallies] for name in QUALITIES}


def means(shares: Shares) -> dict[str, Estimate]:
    """The mean over the problems, and its interval."""
    return {name: _mean(values) for name, values in shares.items()}


def mean_differences(shares: Shares, others: Shares) -> dict[str, Estimate]:
    """How much higher the means of `shares` are than those of others, problem by problem."""
    pairs = {name: zip(shares[name], others[name], strict=True) for name in QUALITIES}
    return {name: _mean([one - other for one, other in both]) for name, both in pairs.items()}


def _mean(values: Sequence[float]) -> Estimate:
    parts = (Part(str(number), value) for number, value in enumerate(values))
    return Estimate(sum(values) / len(values), interval(parts))
