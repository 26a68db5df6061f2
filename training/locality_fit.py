"""How far repetitions nearby are to be trusted, fitted on held-out code for one model.

The coefficients are those under which the tokens that were written are likeliest: first in the
mixture of the model and the other files, then in that of the result and the file itself, as the
engine mixes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import torch

from lintseq.infer.locality import Locality, Trust
from training.locality_reader import UNTRUSTED, Repetition, Written

_PENALTY = 1e-3
_STEPS = 100

# T tokens, F features


@dataclass(frozen=True, slots=True)
class LocalityFit:
    """What was fitted, and what it is worth on other tokens."""

    locality: Locality
    model_nats: float
    """The mean of -log p over the tokens not fitted on, of the model alone."""
    file_nats: float
    """… with the file itself mixed in."""
    folder_nats: float
    """… with the other files, too."""


def fit_locality(written: Sequence[Written], other: Sequence[Written]) -> LocalityFit:
    """The trust fitted on some tokens, and its worth on others.

    Raises:
        ValueError: nothing stood nearby at any of them.
    """
    if not any(token.own for token in written) or not any(token.others for token in written):
        raise ValueError("nothing is repeated in these documents: give whole projects")
    others = _fit(_probabilities(written), [token.others for token in written])
    with_others = _mixture(written, Locality(others, UNTRUSTED))
    own = _fit(with_others, [token.own for token in written])
    locality = Locality(others, own)
    return LocalityFit(
        locality,
        _nats(_probabilities(other)),
        _nats(_mixture(other, Locality(UNTRUSTED, own))),
        _nats(_mixture(other, locality)),
    )


def _fit(base_T: torch.Tensor, found: Sequence[Repetition | None]) -> Trust:
    """Logistic regression on the likelihood of the mixture, with a small penalty."""
    features_TF, share_T, is_there_T = _inputs(found)
    weights_F = torch.zeros(features_TF.shape[1], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights_F], max_iter=_STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        trust_T = torch.sigmoid(features_TF @ weights_F) * is_there_T
        mixture_T = (1 - trust_T) * base_T + trust_T * share_T
        value = -mixture_T.clamp_min(1e-9).log().mean() + _PENALTY * weights_F.square().sum()
        value.backward()  # type: ignore[no-untyped-call]
        return value

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return Trust(*(round(weight, 4) for weight in weights_F.tolist()))


def _mixture(written: Sequence[Written], locality: Locality) -> torch.Tensor:
    mixture = []
    for token in written:
        probability = token.probability
        for found, trust in ((token.others, locality.others), (token.own, locality.own)):
            if found is not None:
                share = trust.share(found.facts)
                probability = (1 - share) * probability + share * found.share
        mixture.append(probability)
    return torch.tensor(mixture, dtype=torch.float64)


def _inputs(
    found: Sequence[Repetition | None],
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    features_TF = [each.facts.features() if each else _NOTHING for each in found]
    return (
        torch.tensor(features_TF, dtype=torch.float64),
        torch.tensor([each.share if each else 0.0 for each in found], dtype=torch.float64),
        torch.tensor([float(each is not None) for each in found], dtype=torch.float64),
    )


_NOTHING = (0.0,) * len(astuple(UNTRUSTED))


def _probabilities(written: Sequence[Written]) -> torch.Tensor:
    return torch.tensor([token.probability for token in written], dtype=torch.float64)


def _nats(probability_T: torch.Tensor) -> float:
    return round(float(-probability_T.clamp_min(1e-9).log().mean()), 4)
