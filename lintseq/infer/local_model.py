"""The engine's side of locality: nearby texts as tokens, what follows in them, and the mixture."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lintseq.infer.locality import LONGEST, Facts, Nearby, Trust
from lintseq.infer.sampling import Logits
from lintseq.infer.vocabulary import Vocabulary
from lintseq.program import split_lines

Tokens = NDArray[np.int32]

_BOUNDARY = -1
_LINES, _TEXTS = 8192, 32


@dataclass(frozen=True, slots=True)
class Followers:
    """What followed the longest repetition."""

    length: int
    """Tokens that are the same, at most `LONGEST`."""
    tokens: NDArray[np.int32]
    counts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scope:
    """Nearby texts of one kind."""

    tokens: Tokens
    trust: Trust


class LocalModel:
    """Makes scopes of nearby texts; lines and texts that come again are not tokenized again."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._line = lru_cache(maxsize=_LINES)(self._tokens_of_line)
        self._text = lru_cache(maxsize=_TEXTS)(self._tokens_of_text)

    def scopes(self, nearby: Nearby) -> tuple[Scope, ...]:
        """The other files, then the own one, which has the last word."""
        others = _joined([self._text(text) for text in nearby.others])
        own = _joined([self._text(nearby.before), self._text(nearby.after)])
        return (Scope(others, nearby.locality.others), Scope(own, nearby.locality.own))

    def ending(self, text: str) -> list[int]:
        """The last tokens of the lines, as what a repetition may begin with."""
        lines = split_lines(text)[-LONGEST:]
        return [token for line in lines for token in self._line(line)][-LONGEST:]

    def _tokens_of_text(self, text: str) -> Tokens:
        tokens = [token for line in split_lines(text) for token in self._line(line)]
        return np.array(tokens, dtype=np.int32)

    def _tokens_of_line(self, line: str) -> tuple[int, ...]:
        # As a line of an edit; no token reaches over the end of a line.
        return tuple(self._vocabulary.tokens_of_bytes(f"+{line}".encode("utf-8", "replace")))


def followers(tokens: Tokens, context: Sequence[int]) -> Followers | None:
    """What followed the longest end of the context that occurs in the tokens; None if none does."""
    if not context or len(tokens) < 2:
        return None
    places = np.flatnonzero(tokens[:-1] == context[-1]) + 1
    places = places[tokens[places] != _BOUNDARY]
    if not len(places):
        return None
    length = 1
    while length < min(LONGEST, len(context)):
        longer = places[places > length]
        longer = longer[tokens[longer - length - 1] == context[-length - 1]]
        if not len(longer):
            break
        places = longer
        length += 1
    return Followers(length, *np.unique(tokens[places], return_counts=True))


def possible_followers(
    tokens: Tokens, context: Sequence[int], logprobs: Logits
) -> Followers | None:
    """Those of the followers that the model gives any probability; None if there are none."""
    found = followers(tokens, context)
    if found is None:
        return None
    is_possible = np.isfinite(logprobs[found.tokens])
    if not is_possible.any():
        return None
    return Followers(found.length, found.tokens[is_possible], found.counts[is_possible])


def mixed(logprobs: Logits, scopes: Sequence[Scope], context: Sequence[int]) -> Logits:
    """The model's log-probabilities with those of the scopes mixed in, one after the other.

    What the model gives no probability at all, because it is not allowed here, keeps none.
    """
    mixture = logprobs
    for scope in scopes:
        if found := possible_followers(scope.tokens, context, logprobs):
            mixture = _mixed(mixture, logprobs, found, scope.trust)
    return mixture


def facts_of(logprobs: Logits, found: Followers) -> Facts:
    """What the trust in a repetition depends on."""
    likely = int(found.tokens[found.counts.argmax()])
    best = int(logprobs.argmax())
    return Facts(
        length=found.length,
        is_only=len(found.tokens) == 1,
        best=float(logprobs[best]),
        likely=float(logprobs[likely]),
        is_agreed=likely == best,
    )


def _mixed(mixture: Logits, logprobs: Logits, found: Followers, trust: Trust) -> Logits:
    share = trust.share(facts_of(logprobs, found))
    result = mixture + np.float32(np.log1p(-share))
    local = np.log(found.counts / found.counts.sum()) + np.log(share)
    result[found.tokens] = np.logaddexp(result[found.tokens], local)
    return result


def _joined(texts: Sequence[Tokens]) -> Tokens:
    boundary = np.array([_BOUNDARY], dtype=np.int32)
    return np.concatenate([part for text in texts for part in (text, boundary)] or [boundary])
