"""Samples through torch, on a GPU or a CPU: the drafts of the engine, many rows in one batch.

Every row is fed one token at a time, so that no padding is needed behind the prompts; those are
padded on the left. Where the engine's rules spell one token as several, a row has to wait.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from lintseq.format import Special
from lintseq.infer.draft import Draft
from lintseq.infer.plain import start_draft
from lintseq.infer.request import Request
from lintseq.infer.sampling import draw
from lintseq.infer.vocabulary import Mask, Vocabulary
from training.device import choose_device
from training.evaluate.code.generator import Answered, Question, Sample, Sampling, unanswered
from training.evaluate.code.torch_model import open_torch_model
from training.evaluate.code.torch_sampling import draw_rows
from training.evaluate.code.torch_state import State
from training.tokenizer import Tokenizer

# Rows of one batch. A step of a small model takes a GPU the same time for one row and for
# hundreds; a CPU gains nothing beyond a few.
ROWS = {"cuda": 512, "cpu": 32}

# R rows, V vocabulary, M masks


@dataclass(slots=True)
class _Row:
    """A sample that is being written."""

    question: int
    draft: Draft
    room: int
    """Tokens it may have."""
    waiting: list[int] = field(default_factory=list)
    """Tokens to be evaluated before the next one is chosen."""


class _Masks:
    """The masks of drafts on the device; there are few, and most rows have the same."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        # An array is kept, so that no other one gets its id.
        self._known: dict[int, tuple[int, Mask]] = {}
        self._table_MV = torch.empty(0)

    def of(self, rows: Sequence[_Row]) -> torch.Tensor:
        """The masks (R, V) of the rows."""
        masks = [row.draft.mask() for row in rows]
        fresh = {id(mask): mask for mask in masks if id(mask) not in self._known}
        for mask in fresh.values():
            self._known[id(mask)] = (len(self._known), mask)
        if fresh:
            arrays = [torch.from_numpy(mask) for _, mask in self._known.values()]
            self._table_MV = torch.stack(arrays).to(self._device)
        return self._table_MV[[self._known[id(mask)][0] for mask in masks]]


class TorchGenerator:
    """A checkpoint folder of `training`."""

    def __init__(self, folder: Path, device: str, threads: int) -> None:
        """Load the weights.

        Args:
            folder: the checkpoint.
            device: a name that `choose_device` knows.
            threads: on a CPU.

        Raises:
            ValueError: the folder is no checkpoint, or there is no such device.
        """
        self._device = choose_device(device)
        if self._device.type == "cpu":
            torch.set_num_threads(threads)
        self._opened = open_torch_model(folder)
        self._opened.module.to(self._device).train(mode=False)
        self._tokenizer = self._opened.tokenizer
        self._vocabulary = Vocabulary(_Spelling(self._tokenizer))
        self._masks = _Masks(self._device)

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the answers depend on."""
        return {
            "engine": f"torch on {self._device.type}",
            "model_sha256": hashlib.sha256(self._opened.weights.read_bytes()).hexdigest(),
            "quantization": "F32",
            "parameters": self._opened.parameters,
            "context": self._opened.context,
        }

    def answers(self, questions: Sequence[Question], sampling: Sampling) -> Iterator[Answered]:
        """The answers to all questions, in their order."""
        finished: dict[int, list[Sample]] = defaultdict(list)
        prompts = [self._tokenizer.encode_segments(one.prompt) for one in questions]
        rows: list[_Row] = []
        for number, question in enumerate(questions):
            room = min(sampling.max_tokens, self._opened.context - len(prompts[number]))
            if room < 1:
                yield unanswered(question, sampling, len(prompts[number]))
                continue
            rows += [
                _Row(number, start_draft(self._vocabulary, request, index, 0), room)
                for request in [_request(question, sampling)]
                for index in range(sampling.samples)
            ]
        size = ROWS[self._device.type]
        for start in range(0, len(rows), size):
            batch = rows[start : start + size]
            self._grow(batch, prompts, sampling)
            for row in batch:
                finished[row.question].append(_sample(row))
            for number in [n for n, done in finished.items() if len(done) == sampling.samples]:
                samples = tuple(finished.pop(number))
                yield Answered(questions[number].name, samples, len(prompts[number]))

    def close(self) -> None:
        """Give the memory back."""
        del self._opened

    @torch.inference_mode()
    def _grow(
        self, batch: Sequence[_Row], prompts: Sequence[Sequence[int]], sampling: Sampling
    ) -> None:
        """Write all rows of a batch to their ends."""
        asked = sorted({row.question for row in batch})
        owners = [asked.index(row.question) for row in batch]
        state = State(self._opened.module, [prompts[number] for number in asked], owners)
        rows = list(batch)
        while rows:
            self._choose([row for row in rows if not row.waiting], rows, state, sampling)
            going = [index for index, row in enumerate(rows) if row.draft.ended is None]
            if len(going) < len(rows):
                rows = [rows[index] for index in going]
                state.keep(going)
            if rows:
                state.feed([row.waiting.pop(0) for row in rows])

    def _choose(
        self, free: Sequence[_Row], rows: Sequence[_Row], state: State, sampling: Sampling
    ) -> None:
        """Let each row that waits for nothing take its next token."""
        if not free:
            return
        chosen = [index for index, row in enumerate(rows) if not row.waiting]
        logits_RV = state.logits_RV[chosen, : len(self._tokenizer.pieces)] + self._masks.of(free)
        for row, token in zip(free, self._tokens(logits_RV, free, sampling), strict=True):
            row.draft.accept(token, 0.0)
            row.waiting = list(row.draft.pending)
            if row.draft.ended is None and row.draft.generated >= row.room:
                row.draft.ended = "tokens"

    def _tokens(
        self, logits_RV: torch.Tensor, rows: Sequence[_Row], sampling: Sampling
    ) -> list[int]:
        if not sampling.temperature:
            return [int(token) for token in logits_RV.argmax(-1).tolist()]
        chance = {
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "min_p": sampling.min_p,
        }
        generators = [row.draft.rng or np.random.default_rng() for row in rows]
        if self._device.type == "cpu":
            # Sorting whole rows takes a CPU as long as the model does.
            return [
                draw(logits_V, rng=rng, **chance)
                for logits_V, rng in zip(logits_RV.numpy(), generators, strict=True)
            ]
        points = [rng.random() for rng in generators]
        points_R = torch.tensor(points, dtype=torch.float64, device=self._device)
        return [int(token) for token in draw_rows(logits_RV, points_R, **chance).tolist()]


class _Spelling:
    """A tokenizer as the engine's vocabulary wants it."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._controls = {tokenizer.token_id(special) for special in Special}

    @property
    def vocabulary_size(self) -> int:
        return len(self._tokenizer.pieces)

    def tokenize(self, text: bytes, *, parse_special: bool = False) -> list[int]:
        decoded = text.decode("utf-8", "replace")
        if parse_special and decoded in set(Special):
            return [self._tokenizer.token_id(Special(decoded))]
        return self._tokenizer.encode_text(decoded)

    def piece(self, token: int) -> bytes:
        return self._tokenizer.piece(token)

    def is_control(self, token: int) -> bool:
        return token in self._controls


def _request(question: Question, sampling: Sampling) -> Request:
    """What the engine would be asked."""
    return Request(
        prompt=question.prompt,
        stop=question.stop,
        until=question.until,
        is_greedy_first=not sampling.temperature,
        seed=sampling.seed_of(question.name),
    )


def _sample(row: _Row) -> Sample:
    return Sample(row.draft.candidate().segments, row.draft.generated, row.draft.ended or "tokens")
