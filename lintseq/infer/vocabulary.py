"""A model's tokens as bytes: segments to tokens, and which tokens are allowed where."""

import math
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lintseq.errors import EngineError
from lintseq.format import Segment, Special
from lintseq.infer.sampling import log_normalizer

# V vocabulary: 0 where a token is allowed, -inf where it is not; added to logits.
Mask = NDArray[np.float32]

HEADER_START = b"@@ -"
_HEADER_BYTES = frozenset(b"0123456789,+- @\n")


class Speller(Protocol):
    """What a vocabulary is made from: llama.cpp's model, or a tokenizer of the same tokens."""

    @property
    def vocabulary_size(self) -> int:
        """How many tokens there are."""
        ...

    def tokenize(self, text: bytes, *, parse_special: bool = False) -> list[int]:
        """The tokens of UTF-8 text; control tokens written in it are text, unless parsed."""
        ...

    def piece(self, token: int) -> bytes:
        """The bytes a token stands for; none for a control token."""
        ...

    def is_control(self, token: int) -> bool:
        """Whether text never becomes this token."""
        ...


class Vocabulary:
    """The tokens of a model.

    Raises:
        EngineError: the model has no control token for the marker of edits.
    """

    def __init__(self, model: Speller) -> None:
        self._model = model
        self.diff = _control_token(model, Special.DIFF)
        self.end = _control_token(model, Special.END)
        self.pieces = [model.piece(token) for token in range(model.vocabulary_size)]
        self._ordered = sorted((piece, token) for token, piece in enumerate(self.pieces) if piece)
        self._tokens_of_text = lru_cache(maxsize=256)(self._tokenize)
        self.tokens_spelling = lru_cache(maxsize=256)(self._tokens_spelling)
        self.mask_spelling = lru_cache(maxsize=64)(self._mask_spelling)
        self._define_masks()

    def tokens(self, segments: Iterable[Segment]) -> list[int]:
        """The tokens of segments; adjacent texts are tokenized as one."""
        tokens: list[int] = []
        text = ""
        for segment in segments:
            if not isinstance(segment, Special):
                text += segment
                continue
            tokens += self._tokens_of_text(text) if text else ()
            tokens.append(self.diff if segment is Special.DIFF else self.end)
            text = ""
        return tokens + list(self._tokens_of_text(text)) if text else tokens

    def tokens_of_bytes(self, text: bytes) -> list[int]:
        """The tokens of UTF-8 text; control tokens written in it are text."""
        return self._model.tokenize(text)

    def p_edit(self, logits: NDArray[np.float32]) -> float:
        """P(edit) at a decision point, from the logits (V,) after the marker."""
        edit = log_normalizer(logits[self._edit_tokens])
        empty = log_normalizer(logits[self._empty_tokens])
        # e to the 700th is still a float.
        return 1 / (1 + math.exp(min(empty - edit, 700.0)))

    def _define_masks(self) -> None:
        pieces = self.pieces
        self._edit_tokens = self.tokens_spelling(HEADER_START)
        newlines = [token for token, piece in enumerate(pieces) if piece.startswith(b"\n")]
        self._empty_tokens = np.array([*newlines, self.end])
        plus = [token for token, piece in enumerate(pieces) if piece.startswith(b"+")]
        backslash = [token for token, piece in enumerate(pieces) if piece.startswith(b"\\")]
        text = [token for token, piece in enumerate(pieces) if piece]
        numbers = [token for token in text if _HEADER_BYTES.issuperset(pieces[token])]
        self.after_diff = self._mask([*self._edit_tokens, *self._empty_tokens])
        self.after_header = self._mask(plus)
        self.after_line = self._mask([*plus, *backslash, *self._edit_tokens, self.diff])
        self.in_header = self._mask(numbers)
        self.in_line = self._mask(text)
        self.plain = self._mask([*text, self.end])

    def _tokenize(self, text: str) -> tuple[int, ...]:
        # A lone surrogate is in no model's vocabulary; it becomes a question mark.
        return tuple(self._model.tokenize(text.encode("utf-8", "replace")))

    def _tokens_spelling(self, text: bytes) -> NDArray[np.int64]:
        start = bisect_left(self._ordered, (text, 0))
        stop = start
        while stop < len(self._ordered) and self._ordered[stop][0].startswith(text):
            stop += 1
        tokens = [token for _, token in self._ordered[start:stop]]
        for length in range(1, len(text)):
            index = bisect_left(self._ordered, (text[:length], 0))
            while index < len(self._ordered) and self._ordered[index][0] == text[:length]:
                tokens.append(self._ordered[index][1])
                index += 1
        return np.array(tokens, dtype=np.int64)

    def _mask_spelling(self, text: bytes) -> Mask:
        return self._mask(self.tokens_spelling(text))

    def _mask(self, tokens: Iterable[int]) -> Mask:
        mask = np.full(len(self.pieces), -np.inf, dtype=np.float32)
        mask[np.fromiter(tokens, dtype=np.int64)] = 0
        return mask


def _control_token(model: Speller, special: Special) -> int:
    tokens = model.tokenize(special.encode(), parse_special=True)
    if len(tokens) != 1 or not model.is_control(tokens[0]):
        raise EngineError(
            f"the model has no control token {special.value}: it was not trained for LintSeq"
        )
    return tokens[0]
