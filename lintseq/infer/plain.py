"""A candidate of plain text: no edits, no headers, up to the end token or a text to stop at."""

from dataclasses import dataclass, field

import numpy as np

from lintseq.infer.draft import Draft
from lintseq.infer.healing import Healed
from lintseq.infer.request import Request
from lintseq.infer.vocabulary import Mask, Vocabulary


@dataclass(slots=True)
class PlainDraft(Draft):
    """A draft in which any text may come next, and the end of it."""

    until: tuple[bytes, ...] = ()
    _text: bytearray = field(default_factory=bytearray)

    def force(self, healed: Healed) -> None:
        """Stand behind a forced text, whatever its lines look like."""
        self.required = healed.required

    def mask(self) -> Mask:
        """What is added to the logits to forbid the marker of edits."""
        if self.required:
            return self.vocabulary.mask_spelling(self.required)
        return self.vocabulary.plain

    def accept(self, token: int, logprob: float) -> None:
        """Append a chosen token."""
        piece = self.vocabulary.pieces[token]
        if 0 < len(piece) <= len(self.required):
            self._spell(piece, token, logprob)
            return
        self.generated += 1
        self._logprobs.append(logprob + self._carried)
        self._line_tokens[-1] += 1
        self._carried = 0.0
        self.pending = [token]
        if not piece:
            self._accept_control(token)
            return
        fresh = piece[len(self.required) :]
        self.required = b""
        self._text += fresh
        self._write(fresh)
        self._stop_at_text(len(fresh))

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
