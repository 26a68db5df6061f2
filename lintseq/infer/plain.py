"""A candidate of plain text: no edits, no headers, up to the end token or a text to stop at."""

from dataclasses import dataclass, field

import numpy as np

from lintseq.infer.draft import Draft
from lintseq.infer.request import Request
from lintseq.infer.vocabulary import Mask, Vocabulary


@dataclass(slots=True)
class PlainDraft(Draft):
    """A draft in which any text may come next, and the end of it."""

    until: tuple[bytes, ...] = ()
    _text: bytearray = field(default_factory=bytearray)

    def mask(self) -> Mask:
        """What is added to the logits to forbid the marker of edits."""
        return self.vocabulary.plain

    def accept(self, token: int, logprob: float) -> None:
        """Append a chosen token."""
        self.generated += 1
        self._logprobs.append(logprob)
        self._line_tokens[-1] += 1
        self.pending = [token]
        piece = self.vocabulary.pieces[token]
        if not piece:
            self._accept_control(token)
            return
        self._text += piece
        self._write(piece)
        self._stop_at_text(len(piece))

    def _stop_at_text(self, fresh: int) -> None:
        """End in front of the first text to stop at, if the last `fresh` bytes completed one."""
        places = []
        for text in self.until:
            place = self._text.find(text, max(len(self._text) - fresh - len(text) + 1, 0))
            if place >= 0:
                places.append(place)
        if places:
            self._output = [self._text[: min(places)]]
            self.ended = "until"


def start_draft(vocabulary: Vocabulary, request: Request, index: int, position: int) -> Draft:
    """The candidate of this index as it begins, with a random generator of its own.

    Args:
        vocabulary: of the model.
        request: whose candidate it is.
        index: its number in the request, from 0, and that of its sequence.
        position: tokens in the cache.
    """
    is_greedy = request.is_greedy_first and not index
    rng = None if is_greedy else np.random.default_rng([request.seed, request.first_sample + index])
    if request.stop == "text":
        until = tuple(text.encode() for text in request.until)
        return PlainDraft(vocabulary, index, rng, position, until=until)
    return Draft(vocabulary, index, rng, position)
