"""The evaluated prompt: what the next one shares with it need not be computed again."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from lintseq.infer.llama import BATCH_TOKENS, Context, Entry
from lintseq.infer.sampling import Logits
from lintseq.infer.vocabulary import Vocabulary

MAIN = 0
"""The sequence of prompts and of the greedy candidate."""

# Below this a batch takes generation's threads: more would not pay, and suffer on a busy machine.
_LONG = 32


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A prompt in the cache."""

    p_edit: float
    logits: Logits
    """(V,) after the last token; valid until the next decode."""


class Prefix:
    """The tokens of the main sequence and the decisions known at its markers."""

    def __init__(self, context: Context, vocabulary: Vocabulary) -> None:
        self._context = context
        self._vocabulary = vocabulary
        self._tokens: list[int] = []
        self._p_edits: dict[int, float] = {}

    def reuse(self, tokens: Sequence[int], decision: int) -> int:
        """How many of `tokens` are in the cache; what else it held is forgotten.

        The last token is not counted, nor is the marker at `decision` - 1 unless its decision is
        known: their logits are wanted.
        """
        pairs = zip(self._tokens, tokens, strict=False)
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        is_known = shared >= decision and decision in self._p_edits
        self.truncate(min(shared, len(tokens) - 1 if is_known else decision - 1))
        return len(self._tokens)

    def forget(self) -> None:
        """Empty the cache: what comes then is as it would be in a new one."""
        self._context.clear()
        self._tokens = []
        self._p_edits = {}

    def evaluate(self, tokens: Sequence[int], decision: int) -> Evaluated:
        """Decode what `reuse` left of `tokens`; what is done remains done if it is aborted.

        Raises:
            Aborted: the flag was set.
        """
        self._context.use_threads(prompt=len(tokens) - len(self._tokens) > _LONG)
        logits: list[Logits] = []
        while len(self._tokens) < len(tokens):
            start = len(self._tokens)
            chunk = tokens[start : start + BATCH_TOKENS]
            wanted = sorted(
                {decision - 1 - start, len(tokens) - 1 - start} & set(range(len(chunk)))
            )
            logits = self._context.decode([Entry(MAIN, start, chunk, tuple(wanted))])
            self.extend(chunk)
            if decision - 1 - start in wanted:
                self.decide(decision, self._vocabulary.p_edit(logits[0]))
        self._context.use_threads(prompt=False)
        return Evaluated(self._p_edits[decision], logits[-1])

    def decide(self, position: int, p_edit: float) -> None:
        """Remember the decision behind `position` tokens."""
        self._p_edits[position] = p_edit

    def extend(self, tokens: Sequence[int]) -> None:
        """Take note of tokens that were decoded."""
        self._tokens += tokens

    def truncate(self, position: int) -> None:
        """Forget what stands from `position` on."""
        self._context.truncate(MAIN, position)
        del self._tokens[position:]
        self._p_edits = {key: p for key, p in self._p_edits.items() if key <= position}
