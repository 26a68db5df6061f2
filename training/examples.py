"""From documents to packed examples: the mixture of tasks that the model is trained on.

Every document gives examples in proportion to its length, each of a task drawn by weight and
made by `lintseq.examples`. The draw depends on the seed and the document alone, so that any
number of processes gives the same examples in the same order.
"""

import multiprocessing
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.progress import track

from lintseq.described import described_functions
from lintseq.examples import MAKERS, Example, implement_one
from lintseq.program import split_lines
from lintseq.tasks import Window
from training.bestfit import TokenizedExample
from training.corpus.document import Document, read_documents
from training.packing import PackingConfig, PackingMeta, write_shards
from training.scan import Scan, plain_text
from training.tokenizer import Tokenizer, load_tokenizer

Loss = Literal["all", "answer"]

PRETRAINING: Mapping[str, float] = {
    "cursor": 0.50,
    "block": 0.12,
    "implement": 0.12,
    "source": 0.10,
    "sequence": 0.06,
    "repair": 0.05,
    "nothing": 0.05,
}
"""What the model is asked most, and enough of the rest to know it."""


@dataclass(frozen=True, slots=True)
class ExamplesConfig:
    """Which examples to make of which documents, and where to pack them."""

    corpus: tuple[Path, ...]
    """Folders or files of documents."""
    tokenizer: Path
    output: Path
    weights: Mapping[str, float] = field(default_factory=lambda: PRETRAINING)
    """The share of each task, by name."""
    loss: Loss = "all"
    """Learn the whole example, as in pretraining, or the answer alone."""
    characters: int = 1500
    """A document gives one example for so many of its characters, at least one."""
    every_function: bool = False
    """Instead of these, one example for each function that says what it does."""
    against: Path | None = None
    """Directory of evaluation sets: an example with a unit of one is an error."""
    context: int = 1024
    """Tokens in a row."""
    share: float = 1.0
    """The share of the documents to use."""
    seed: int = 0
    jobs: int = 1

    def __post_init__(self) -> None:
        if unknown := set(self.weights) - set(MAKERS):
            raise ValueError(f"tasks are {', '.join(MAKERS)}, got {sorted(unknown)}")
        if self.characters < 1 or self.jobs < 1 or not 0 < self.share <= 1:
            raise ValueError("need characters >= 1, jobs >= 1 and 0 < share <= 1")


def build_examples(config: ExamplesConfig) -> PackingMeta:
    """Make, tokenize and pack the examples of all documents; the meta data of what was written."""
    tokenizer = load_tokenizer(config.tokenizer)
    documents = list(read_documents(*config.corpus))
    random.Random(config.seed).shuffle(documents)
    documents = documents[: max(1, round(len(documents) * config.share))]
    packing = PackingConfig(
        context=config.context,
        vocabulary=len(tokenizer),
        seed=config.seed,
        tokenizer_hash=tokenizer.hash,
    )
    work = partial(_tokenized, config)
    with multiprocessing.get_context("spawn").Pool(config.jobs) as pool:
        results = pool.imap(work, documents, chunksize=16)
        shown = track(results, "examples", len(documents), console=Console(stderr=True))
        return write_shards(config.output, (one for many in shown for one in many), packing)


def examples_of(document: Document, config: ExamplesConfig) -> Iterator[Example]:
    """The examples of one document."""
    rng = random.Random(f"{config.seed}:{document.sha256}")
    lines = split_lines(document.text)
    if config.every_function:
        for function in described_functions(lines):
            yield implement_one(lines, function, rng, _window(rng, "implement"))
        return
    tasks, weights = list(config.weights), list(config.weights.values())
    for _ in range(max(1, round(len(document.text) / config.characters))):
        task = rng.choices(tasks, weights)[0]
        example = MAKERS[task](lines, rng, _window(rng, task))
        if example is not None:
            yield example


def tokenize(
    examples: Iterable[Example], tokenizer: Tokenizer, loss: Loss
) -> Iterator[TokenizedExample]:
    """Tokens and, for each, whether it is to be learned."""
    for example in examples:
        prompt = tokenizer.encode_segments(example.prompt)
        answer = tokenizer.encode_segments(example.answer)
        learned = [loss == "all"] * len(prompt) + [True] * len(answer)
        yield prompt + answer, learned


_tokenizers: dict[Path, Tokenizer] = {}
_scans: dict[Path, Scan] = {}


def _tokenized(config: ExamplesConfig, document: Document) -> list[TokenizedExample]:
    # One tokenizer a process: it cannot be sent, and loading takes longer than a document.
    if config.tokenizer not in _tokenizers:
        _tokenizers[config.tokenizer] = load_tokenizer(config.tokenizer)
    examples = list(examples_of(document, config))
    if config.against:
        where = f"{document.package}, {document.path}"
        _scans[config.against] = scan = _scans.get(config.against) or Scan(config.against)
        scan.check(where, document.text)
        for example in examples:
            scan.check(where, plain_text(example))
    return list(tokenize(examples, _tokenizers[config.tokenizer], config.loss))


def _window(rng: random.Random, task: str) -> Window:
    """Windows of many sizes, as files and editors have them; a body needs room for itself."""
    before = rng.choice((300, 800, 1200, 1600))
    after = rng.choice((0, 100, 300, 600))
    if task in ("implement", "block"):
        before = min(before, 1200)
    return Window(before, after)
