"""The next token from logits: the likeliest, or one drawn from the nucleus."""

import math

import numpy as np
from numpy.typing import NDArray

from lintseq.errors import EngineError

# V vocabulary
Logits = NDArray[np.float32]

_NUCLEUS_GUESS = 128


def log_normalizer(logits: Logits) -> float:
    """The logarithm of the sum of exp(logits): a logit minus this is a log-probability.

    Raises:
        EngineError: a logit is not a number, or none is finite.
    """
    highest = float(logits.max())
    if not math.isfinite(highest):
        raise EngineError(f"the model's output is broken: its highest logit is {highest}")
    return highest + math.log(float(np.exp(logits - highest).sum()))


def likeliest(logits: Logits) -> int:
    """The token with the highest logit."""
    return int(logits.argmax())


def draw(logits: Logits, *, temperature: float, top_p: float, rng: np.random.Generator) -> int:
    """A token drawn from the fewest whose probabilities reach `top_p` at this temperature.

    Source: Holtzman et al. 2020, "The Curious Case of Neural Text Degeneration", section 3.1.
    """
    weights = np.exp((logits - logits.max()) / temperature, dtype=np.float64)
    total = weights.sum()
    # Sorting a whole vocabulary costs a millisecond; the nucleus nearly always lies in the top.
    size = min(_NUCLEUS_GUESS, len(weights))
    top = np.argpartition(weights, -size)[-size:]
    if weights[top].sum() < top_p * total:
        top = np.arange(len(weights))
    top = top[np.argsort(-weights[top], kind="stable")]
    cumulated = np.cumsum(weights[top])
    last = int(np.searchsorted(cumulated, top_p * total))
    last = min(last, len(top) - 1)
    point = rng.random() * cumulated[last]
    return int(top[min(int(np.searchsorted(cumulated, point, side="right")), last)])
