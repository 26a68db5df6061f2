"""Token healing: the last word of a forced text, given back to the model to spell.

A tokenizer spells "impor" otherwise than the beginning of "import", and a model has only seen
the latter. So the tokens of the last word are dropped and the model chooses among the tokens
that are consistent with its bytes, until those are covered.
"""

import re
from dataclasses import dataclass

from lintseq.infer.vocabulary import Vocabulary

# The end of a text that what follows may change in how it is split into words: white space, a
# word with the character in front of it, or signs with theirs. Digits stand alone (the split of
# Qwen2); for another split this is more or less healing, never another text.
_LAST_WORD = re.compile(r"(?:[^\S\n]+|[^\r\n\w]?(?:[^\W\d_])+|[ ]?(?:[^\s\w]|_)+|\d)\Z")
_MOST_HEALED_TOKENS = 8


@dataclass(frozen=True, slots=True)
class Healed:
    """A forced text as tokens to evaluate and bytes still to be spelled."""

    tokens: tuple[int, ...]
    required: bytes


def heal(vocabulary: Vocabulary, text: str) -> Healed:
    """`text` without the tokens of its last word, and the bytes of those.

    Nothing is required of a text that ends with a newline: no token spans a line's end.
    """
    data = text.encode("utf-8", "replace")
    tokens = vocabulary.tokens([text]) if text else []
    match = _LAST_WORD.search(text)
    if match is None:
        return Healed(tuple(tokens), b"")
    stable = len(text[: match.start()].encode("utf-8", "replace"))
    kept = len(tokens)
    end = len(data)
    while kept and end > stable and len(tokens) - kept < _MOST_HEALED_TOKENS:
        kept -= 1
        end -= len(vocabulary.pieces[tokens[kept]])
    return Healed(tuple(tokens[:kept]), data[end:])
