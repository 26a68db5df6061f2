"""The next token from logits: the likeliest, or one drawn from those that are likely enough."""

import math

import numpy as np
from numpy.typing import NDArray

from lintseq.errors import EngineError

# V vocabulary
Logits = NDArray[np.float32]


def log_normalizer(logits: Logits) -> float:
    """The logarithm of the sum of exp(logits): a logit minus this is a log-probability.

    Raises:
        EngineError: a logit is not a number, or none is finite.
    """
    highest = float(logits.max())
    if not math.isfinite(highest):
        raise EngineError(f"the model's output is broken: its highest logit is {highest}")
    return highest + math.log(float(np.exp(logits - highest).sum()))


def normalized(logits: Logits) -> Logits:
    """The log-probabilities.

    Raises:
        EngineError: a logit is not a number, or none is finite.
    """
    return logits - np.float32(log_normalizer(logits))


def likeliest(logits: Logits) -> int:
    """The token with the highest logit."""
    return int(logits.argmax())


def draw(
    logits: Logits,
    *,
    temperature: float,
    top_p: float,
    rng: np.random.Generator,
    min_p: float = 0.0,
) -> int:
    """A token drawn from the fewest whose probabilities reach `top_p` at this temperature.

    Of these, the ones that are less likely than `min_p` times the likeliest are left out.

    Source: Holtzman et al. 2020, "The Curious Case of Neural Text Degeneration", section 3.1;
    Nguyen et al. 2024, "Turning Up the Heat: Min-p Sampling", section 3.
    """
    weights = np.exp((logits - logits.max()) / temperature)
    wanted = top_p * float(weights.sum(dtype=np.float64))
    tokens, cumulated = _nucleus(weights, wanted)
    last = min(int(np.searchsorted(cumulated, wanted)), len(tokens) - 1)
    if min_p > 0:
        # The likeliest token has weight 1, and the order is a falling one.
        last = min(last, int((weights[tokens] >= min_p).sum()) - 1)
    point = rng.random() * cumulated[last]
    return int(tokens[min(int(np.searchsorted(cumulated, point, side="right")), last)])


def _nucleus(weights: Logits, wanted: float) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    # Sorting a whole vocabulary costs a millisecond; the nucleus is nearly always a few tokens
    # that are not much less likely than the likeliest, whose weight is 1.
    for floor in (1e-2, 1e-4):
        tokens, cumulated = _sorted_above(weights, floor)
        if cumulated[-1] >= wanted:
            return tokens, cumulated
    return _sorted_above(weights, 0.0)


def _sorted_above(weights: Logits, floor: float) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    tokens = np.flatnonzero(weights > floor)
    tokens = tokens[np.argsort(-weights[tokens], kind="stable")]
    return tokens, np.cumsum(weights[tokens], dtype=np.float64)
