"""Instruction and program pairs, packed: what a model is tuned on to do as it is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rich.progress import track

from training.examples import Loss, instruction_examples, tokenize
from training.packing import PackingConfig, PackingMeta, write_shards
from training.tokenizer import load_tokenizer


@dataclass(frozen=True, slots=True)
class InstructionsConfig:
    """Which pairs to make sequences of, and where to pack them."""

    pairs: Path
    """JSON lines (gzip) with the fields `instruction` and `code`."""
    tokenizer: Path
    output: Path
    samples: int = 1
    """Sequences of each program."""
    loss: Loss = "all"
    """Learn the instruction too, as in pretraining, or the sequence alone."""
    context: int = 1024
    """Tokens in a row."""
    seed: int = 0

    def __post_init__(self) -> None:
        if self.samples < 1:
            raise ValueError(f"samples must be at least 1, got {self.samples}")


def build_instructions(config: InstructionsConfig) -> PackingMeta:
    """Sample, tokenize and pack the sequences of all pairs; the meta data of what was written."""
    tokenizer = load_tokenizer(config.tokenizer)
    packing = PackingConfig(
        context=config.context,
        vocabulary=len(tokenizer),
        seed=config.seed,
        tokenizer_hash=tokenizer.hash,
    )
    examples = track(
        instruction_examples(config.pairs, config.samples, config.seed), "sequences", total=None
    )
    return write_shards(config.output, tokenize(examples, tokenizer, config.loss), packing)
