"""What a model writes behind the fixed prompts."""

from __future__ import annotations

from pathlib import Path

import torch

from tests.training.checkpoints import write_tokenizer
from training.samples import MOST_TOKENS, PROMPTS, write_samples


def test_the_likeliest_tokens_to_the_end_of_the_line(tmp_path: Path) -> None:
    tokenizer = write_tokenizer(tmp_path / "tokenizer.json")
    line = tokenizer.encode_text("result += price\n")

    def logits(tokens: torch.Tensor) -> torch.Tensor:
        ids = tokens[0].tolist()
        begun = next(n for n in range(len(line), -1, -1) if ids[len(ids) - n :] == line[:n])
        scores = torch.zeros(1, len(tokenizer))
        scores[0, line[begun]] = 1.0
        return scores

    samples = list(write_samples(logits, tokenizer, 7))
    assert [sample.prompt for sample in samples] == list(PROMPTS)
    assert {(sample.step, sample.written) for sample in samples} == {(7, "result += price")}


def test_a_model_that_does_not_end_is_cut(tmp_path: Path) -> None:
    tokenizer = write_tokenizer(tmp_path / "tokenizer.json")
    (letter,) = tokenizer.encode_text("x")
    scores = torch.zeros(1, len(tokenizer))
    scores[0, letter] = 1.0
    first = next(write_samples(lambda _tokens: scores, tokenizer, 0))
    assert first.written == "x" * MOST_TOKENS
