"""Instruction and program pairs, packed: what a model is tuned on to do as it is told."""

from __future__ import annotations

import dataclasses
import gzip
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TextIO, cast

from lintseq.errors import LimitError
from lintseq.examples import Example
from lintseq.format import SEPARATOR, Special, Transcript, render
from lintseq.lint import PYFLAKES
from lintseq.methods import METHODS
from lintseq.program import split_lines
from training.answers import FORMATS
from training.bestfit import TokenizedExample
from training.clean_pairs import clean_pairs
from training.examples import Loss, tokenize
from training.packing import PackingConfig, PackingMeta, write_shards
from training.pair import Pair
from training.pieces import Made, Pieces, make_pieces, read_pieces, remove_pieces
from training.revision import code_revision
from training.scan import plain_text, scan_of
from training.tokenizer import load_tokenizer, loaded_tokenizer

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
    """Directory of evaluation sets: a pair with a unit of one is left out."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """How often the pairs of a source are taken, by the field `source`; 1 where none is given."""
    seed: int = 0
    jobs: int = 1

    def __post_init__(self) -> None:
        for name, value in (("samples", self.samples), ("jobs", self.jobs)):
            if value < 1:
                raise ValueError(f"{name} must be at least 1, got {value}")
        if min(self.weights.values(), default=0) < 0:
            raise ValueError(f"weights are at least 0, got {dict(self.weights)}")
        if self.method not in ANSWERS:
            raise ValueError(f"method must be one of {', '.join(ANSWERS)}, got {self.method!r}")
        if self.method == WHOLE and self.samples > 1:
            raise ValueError(f"whole programs are all alike: samples must be 1, got {self.samples}")


def build_instructions(config: InstructionsConfig) -> PackingMeta:
    """Sample, tokenize and pack the answers to all pairs; the meta data of what was written.

    Raises:
        ValueError: a line is no pair.
    """
    tokenizer = load_tokenizer(config.tokenizer)
    packing = PackingConfig(
        context=config.context,
        vocabulary=len(tokenizer),
        seed=config.seed,
        tokenizer_hash=tokenizer.hash,
    )
    pieces = Pieces(
        folder=config.output / "pieces",
        make=partial(_make, config),
        name=repr,
        settings=f"{_settings(config)}, tokenizer {tokenizer.hash}",
        jobs=config.jobs,
    )
    pairs = read_pairs(config)
    if config.against:
        pairs = clean_pairs(pairs, config.against)
    made = read_pieces(make_pieces(pieces, pairs))
    meta = write_shards(config.output, (each.example for each in made), packing)
    remove_pieces(pieces.folder)
    return meta


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


def read_pairs(config: InstructionsConfig) -> Iterator[Pair]:
    """Instructions, and programs that end in one newline.

    Raises:
        ValueError: a line is no such pair.
    """
    with _open(config.pairs) as lines:
        for number, line in enumerate(lines):
            try:
                pair = json.loads(line)
                yield Pair(
                    record=number,
                    instruction=pair[config.instruction_field].replace(SEPARATOR, "\n"),
                    program=pair[config.program_field].rstrip("\n") + "\n",
                    source=str(pair.get("source", "")),
                )
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ValueError(
                    f"{config.pairs}, line {number + 1}: wanted texts `{config.instruction_field}`"
                    f" and `{config.program_field}`, got {line[:60]!r}"
                ) from error


def _settings(config: InstructionsConfig) -> str:
    """What decides the examples of a pair."""
    placeless = dataclasses.replace(config, pairs=Path(), tokenizer=Path(), output=Path(), jobs=1)
    return f"{placeless}, code {code_revision()}"


def _make(config: InstructionsConfig, pairs: Sequence[Pair]) -> list[Made]:
    tokenizer = loaded_tokenizer(config.tokenizer)
    examples = (example for pair in pairs for example in _examples(config, pair))
    if config.against:
        scan = scan_of(config.against)
        # Lines that the program has apart can stand together in a sequence.
        examples = (each for each in examples if not scan.find(plain_text(each)))
    tokenized = tokenize(examples, tokenizer, config.loss)
    if config.method != WHOLE:
        tokenized = cut_at_edits(tokenized, config.context, tokenizer.token_id(Special.DIFF))
    return [Made(each) for each in tokenized]


def _examples(config: InstructionsConfig, pair: Pair) -> Iterator[Example]:
    count = _count(config, pair)
    if config.method == WHOLE:
        prompt = FORMATS[WHOLE].prompt(pair.instruction)
        yield from [Example("instruct", prompt, (pair.program, Special.END))] * count
    else:
        yield from _sequences(config, pair, count)


def _count(config: InstructionsConfig, pair: Pair) -> int:
    """How many sequences a pair gives."""
    count = config.samples * config.weights.get(pair.source, 1.0)
    return int(count + random.Random(f"{config.seed}:count:{pair.record}").random())


def _sequences(config: InstructionsConfig, pair: Pair, count: int) -> Iterator[Example]:
    """Sequences that build the program; none of one that is too long.

    Source: Piterbarg et al. 2025, section 4: `samples` sequences of each program.
    """
    try:
        # The same programs for every method: one with findings is not left out by some of them.
        sampler = METHODS[config.method](split_lines(pair.program), PYFLAKES, keep_findings=True)
        for sample in range(count):
            edits = sampler.sample(random.Random(f"{config.seed}:{pair.record}:{sample}"))
            segments = render(Transcript(pair.instruction, edits))
            yield Example("instruct", segments[:2], segments[2:])
    except LimitError:
        return


def _open(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return cast(TextIO, gzip.open(path, "rt", encoding="utf-8"))
    return path.open(encoding="utf-8")
