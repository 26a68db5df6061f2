"""Reads what was written at cursors by token: what the model expected, what stood nearby."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track

from lintseq.infer.abort import Abort
from lintseq.infer.healing import heal
from lintseq.infer.llama import BATCH_TOKENS, Context, ContextOptions, Entry, Model
from lintseq.infer.local_model import (
    Followers,
    LocalModel,
    Scope,
    facts_of,
    possible_followers,
)
from lintseq.infer.locality import Facts, Locality, Trust, nearby
from lintseq.infer.sampling import Logits, normalized
from lintseq.infer.vocabulary import Vocabulary
from lintseq.tasks import CursorTask, cursor_task, windows
from training.corpus.document import Document
from training.evaluate.cursors import Cursor, random_cursors
from training.evaluate.documents import is_for_fitting
from training.evaluate.surroundings import folder_mates

_MOST_TOKENS = 48
UNTRUSTED = Trust(-20.0, 0.0, 0.0, 0.0, 0.0, 0.0)
"""Of which nothing is mixed in."""


@dataclass(frozen=True, slots=True)
class Repetition:
    """What stands nearby where a token was written."""

    facts: Facts
    share: float
    """Of the places with the same tokens in front, those that are followed by this one."""


@dataclass(frozen=True, slots=True)
class Written:
    """A token that was written behind a cursor."""

    probability: float
    """The model's."""
    others: Repetition | None
    own: Repetition | None


class Reader:
    """A model in this process, for one sequence at a time.

    Raises:
        EngineError: the model cannot be loaded.
    """

    def __init__(self, path: Path) -> None:
        """Load the model."""
        model = Model(path)
        self._vocabulary = Vocabulary(model)
        self._tokens = model.trained_context
        options = ContextOptions(self._tokens, 1, 0, 1, 1)
        self._context = Context(model, options, Abort())
        self._local = LocalModel(self._vocabulary)

    def read(self, cursor: Cursor, others: Sequence[str]) -> list[Written]:
        """The tokens of the line behind the cursor; none where the model cannot read so much."""
        around = nearby(cursor.text, cursor.line, others, Locality(UNTRUSTED, UNTRUSTED))
        for window in windows():
            task = cursor_task(cursor.text, cursor.line, cursor.character, None, window)
            prompt = self._vocabulary.tokens(task.prompt())
            if len(prompt) + 3 * _MOST_TOKENS <= self._tokens:
                scopes = self._local.scopes(around)
                context = self._local.ending(around.before)
                return list(self._read(prompt, task, cursor.written, scopes, context))
        return []

    def _read(
        self,
        prompt: Sequence[int],
        task: CursorTask,
        written: str,
        scopes: Sequence[Scope],
        context: list[int],
    ) -> Iterator[Written]:
        healed = heal(self._vocabulary, task.forced())
        header = self._vocabulary.tokens([task.forced().partition("\n")[0] + "\n"])
        context += healed.tokens[len(header) :]
        whole = self._vocabulary.tokens([f"{task.forced()}{written}\n"])
        following = whole[len(healed.tokens) :][:_MOST_TOKENS]
        required = healed.required
        logits = self._start([*prompt, *healed.tokens])
        position = len(prompt) + len(healed.tokens)
        for token in following:
            mask = self._vocabulary.mask_spelling(required) if required else 0
            logprobs = normalized(logits + mask)
            found = [_repetition(logprobs, scope, context, token) for scope in scopes]
            yield Written(math.exp(logprobs[token]), *found)
            required = required[len(self._vocabulary.pieces[token]) :]
            context.append(token)
            (logits,) = self._context.decode([Entry(0, position, [token], (0,))])
            position += 1

    def _start(self, tokens: Sequence[int]) -> Logits:
        self._context.clear()
        logits: list[Logits] = []
        for start in range(0, len(tokens), BATCH_TOKENS):
            chunk = tokens[start : start + BATCH_TOKENS]
            logits = self._context.decode([Entry(0, start, chunk, (len(chunk) - 1,))])
        return logits[0]


def read_written(
    model: Path, documents: Sequence[Document], count: int, seed: int
) -> tuple[list[Written], list[Written]]:
    """The tokens behind random cursors: in the documents to fit on, and in the others."""
    reader = Reader(model)
    around = folder_mates(documents)
    cursors = random_cursors(documents, count, seed)
    read: tuple[list[Written], list[Written]] = ([], [])
    for cursor in track(cursors, "reading", console=Console(stderr=True), transient=True):
        half = read[0 if is_for_fitting(cursor.document) else 1]
        half += reader.read(cursor, around[cursor.document])
    return read


def _repetition(
    logprobs: Logits, scope: Scope, context: Sequence[int], token: int
) -> Repetition | None:
    found = possible_followers(scope.tokens, context, logprobs)
    return Repetition(facts_of(logprobs, found), _share(found, token)) if found else None


def _share(found: Followers, token: int) -> float:
    return float(found.counts[found.tokens == token].sum() / found.counts.sum())
