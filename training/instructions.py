"""Instruction and program pairs, packed: what a model is tuned on to do as it is told."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO, cast

from rich.console import Console
from rich.progress import track

from lintseq.errors import LimitError
from lintseq.examples import Example
from lintseq.format import SEPARATOR, Special, Transcript, render
from lintseq.lint import PYFLAKES
from lintseq.methods import METHODS
from lintseq.program import split_lines
from training.answers import FORMATS
from training.bestfit import TokenizedExample
from training.examples import Loss, tokenize
from training.packing import PackingConfig, PackingMeta, write_shards
from training.scan import Scan
from training.tokenizer import load_tokenizer

WHOLE = "whole"
ANSWERS = (*METHODS, WHOLE)
"""What the model is to write: edits, sampled by one of the methods, or the program as it is."""


@dataclass(frozen=True, slots=True)
class InstructionsConfig:
    """Which pairs to make sequences of, and where to pack them."""

    pairs: Path
    """JSON lines, with gzip if the name ends in `.gz`."""
    tokenizer: Path
    output: Path
    method: str = "lintseq"
    """One of `ANSWERS`."""
    instruction_field: str = "instruction"
    program_field: str = "code"
    samples: int = 1
    """Sequences of each program; whole programs do not differ and are taken once."""
    loss: Loss = "all"
    """Learn the instruction too, as in pretraining, or the sequence alone."""
    context: int = 1024
    """Tokens in a row."""
    against: Path | None = None
    """Directory of evaluation sets: a pair with a unit of one is an error."""
    seed: int = 0

    def __post_init__(self) -> None:
        if self.samples < 1:
            raise ValueError(f"samples must be at least 1, got {self.samples}")
        if self.method not in ANSWERS:
            raise ValueError(f"method must be one of {', '.join(ANSWERS)}, got {self.method!r}")
        if self.method == WHOLE and self.samples > 1:
            raise ValueError(f"whole programs are all alike: samples must be 1, got {self.samples}")


def build_instructions(config: InstructionsConfig) -> PackingMeta:
    """Sample, tokenize and pack the answers to all pairs; the meta data of what was written."""
    tokenizer = load_tokenizer(config.tokenizer)
    packing = PackingConfig(
        context=config.context,
        vocabulary=len(tokenizer),
        seed=config.seed,
        tokenizer_hash=tokenizer.hash,
    )
    shown = track(_examples(config), "sequences", total=None, console=Console(stderr=True))
    tokenized = tokenize(shown, tokenizer, config.loss)
    if config.method != WHOLE:
        tokenized = cut_at_edits(tokenized, config.context, tokenizer.token_id(Special.DIFF))
    return write_shards(config.output, tokenized, packing)


def cut_at_edits(
    examples: Iterable[TokenizedExample], context: int, diff: int
) -> Iterator[TokenizedExample]:
    """The examples, those longer than `context` tokens without the edits that do not fit.

    An example of which no whole edit fits is left out.

    Args:
        diff: the marker's token: the first of an example ends its prompt, the others an edit.
    """
    for tokens, learned in examples:
        if len(tokens) <= context:
            yield tokens, learned
            continue
        ends = [place + 1 for place, token in enumerate(tokens[:context]) if token == diff]
        if len(ends) > 1:
            yield tokens[: ends[-1]], learned[: ends[-1]]


def _examples(config: InstructionsConfig) -> Iterator[Example]:
    scan = Scan(config.against) if config.against else None
    for record, (instruction, program) in enumerate(_pairs(config)):
        if scan:
            scan.check(f"{config.pairs}, record {record}", f"{instruction}\n{program}")
        if config.method == WHOLE:
            prompt = FORMATS[WHOLE].prompt(instruction)
            yield Example("instruct", prompt, (program, Special.END))
        else:
            yield from _sequences(config, record, instruction, program)


def _sequences(
    config: InstructionsConfig, record: int, instruction: str, program: str
) -> Iterator[Example]:
    """Sequences that build the program; none of one that is too long.

    Source: Piterbarg et al. 2025, section 4: `samples` sequences of each program.
    """
    try:
        # The same programs for every method: one with findings is not left out by some of them.
        sampler = METHODS[config.method](split_lines(program), PYFLAKES, keep_findings=True)
        for sample in range(config.samples):
            edits = sampler.sample(random.Random(f"{config.seed}:{record}:{sample}"))
            segments = render(Transcript(instruction, edits))
            yield Example("instruct", segments[:2], segments[2:])
    except LimitError:
        return


def _pairs(config: InstructionsConfig) -> Iterator[tuple[str, str]]:
    """Instructions, and programs that end in one newline.

    Raises:
        ValueError: a line is no such pair.
    """
    with _open(config.pairs) as lines:
        for number, line in enumerate(lines, 1):
            try:
                pair = json.loads(line)
                instruction = pair[config.instruction_field].replace(SEPARATOR, "\n")
                program = pair[config.program_field].rstrip("\n") + "\n"
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ValueError(
                    f"{config.pairs}, line {number}: wanted texts `{config.instruction_field}` and"
                    f" `{config.program_field}`, got {line[:60]!r}"
                ) from error
            yield instruction, program


def _open(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return cast(TextIO, gzip.open(path, "rt", encoding="utf-8"))
    return path.open(encoding="utf-8")
