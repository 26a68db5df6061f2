"""From documents to packed examples: the mixture of tasks that the model is trained on.

Every document gives examples in proportion to its length, each of a task drawn by weight and
made by `lintseq.examples`. The draw depends on the seed and the document alone, so that any
number of processes gives the same examples in the same order. A run that was killed goes on.
"""

import dataclasses
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

from lintseq.described import described_functions
from lintseq.examples import MAKERS, Example, implement_one
from lintseq.program import split_lines
from lintseq.tasks import Window
from training.bestfit import TokenizedExample
from training.corpus.document import Document, read_documents
from training.corpus.functions import function_key
from training.corpus.quality import weight_of
from training.packed_items import PackItems, pack_items
from training.packing import PackingMeta
from training.pieces import Made
from training.revision import code_revision
from training.scan import Scan, plain_text, scan_of
from training.tokenizer import Tokenizer, loaded_tokenizer

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
    by_quality: bool = False
    """More examples of documents that are well written, fewer of others."""
    every_function: bool = False
    """Instead, one example for each function that says what it does; of equal ones only one."""
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
    """Make, tokenize and pack the examples of all documents; the meta data of what was written.

    Raises:
        ValueError: a document has a unit of an evaluation set.
    """
    plan = PackItems(
        output=config.output,
        tokenizer=config.tokenizer,
        context=config.context,
        seed=config.seed,
        jobs=config.jobs,
        make=partial(_make, config),
        name=_name,
        settings=_settings(config),
    )
    return pack_items(plan, (e for e in read_documents(*config.corpus) if _is_drawn(e, config)))


def examples_of(document: Document, config: ExamplesConfig) -> Iterator[Example]:
    """The examples of one document."""
    return (example for example, _ in _keyed_examples(document, config))


def tokenize(
    examples: Iterable[Example], tokenizer: Tokenizer, loss: Loss
) -> Iterator[TokenizedExample]:
    """Tokens and, for each, whether it is to be learned."""
    for example in examples:
        prompt = tokenizer.encode_segments(example.prompt)
        answer = tokenizer.encode_segments(example.answer)
        learned = [loss == "all"] * len(prompt) + [True] * len(answer)
        yield prompt + answer, learned


def _keyed_examples(document: Document, config: ExamplesConfig) -> Iterator[tuple[Example, int]]:
    """Examples; of those with the same key, other than 0, one is enough."""
    rng = random.Random(f"{config.seed}:{document.sha256}")
    lines = split_lines(document.text)
    if config.every_function:
        for function in described_functions(lines):
            example = implement_one(lines, function, rng, _window(rng, "implement"))
            yield example, function_key(function, lines)
        return
    tasks, weights = list(config.weights), list(config.weights.values())
    for _ in range(_count(document, config, rng)):
        task = rng.choices(tasks, weights)[0]
        if made := MAKERS[task](lines, rng, _window(rng, task)):
            yield made, 0


def _count(document: Document, config: ExamplesConfig, rng: random.Random) -> int:
    """How many examples a document gives."""
    count = len(document.text) / config.characters
    if not config.by_quality:
        return max(1, round(count))
    return int(count * weight_of(document.quality) + rng.random())


def _is_drawn(document: Document, config: ExamplesConfig) -> bool:
    """Whether a document is among the share to use; another seed draws others."""
    if config.share == 1:
        return True
    return random.Random(f"{config.seed}:share:{document.sha256}").random() < config.share


def _name(document: Document) -> str:
    return f"{document.sha256} {document.quality}"


def _settings(config: ExamplesConfig) -> str:
    """What decides the examples of a document."""
    placeless = dataclasses.replace(config, corpus=(), tokenizer=Path(), output=Path(), jobs=1)
    return f"{placeless}, code {code_revision()}"


def _make(config: ExamplesConfig, documents: Sequence[Document]) -> list[Made]:
    tokenizer = loaded_tokenizer(config.tokenizer)
    made = []
    for document in documents:
        keyed = _keyed_examples(document, config)
        if config.against:
            keyed = _scanned(document, keyed, scan_of(config.against))
        for example, key in keyed:
            made += [Made(one, key) for one in tokenize([example], tokenizer, config.loss)]
    return made


def _scanned(
    document: Document, keyed: Iterator[tuple[Example, int]], scan: Scan
) -> Iterator[tuple[Example, int]]:
    """Examples without units of evaluation sets, of a document that has none itself."""
    scan.check(f"{document.package}, {document.path}", document.text)
    for example, key in keyed:
        # Lines that the program has apart can stand together here.
        if not scan.find(plain_text(example)):
            yield example, key


def _window(rng: random.Random, task: str) -> Window:
    """Windows of many sizes, as files and editors have them; a body needs room for itself."""
    before = rng.choice((300, 800, 1200, 1600))
    after = rng.choice((0, 100, 300, 600))
    if task in ("implement", "block"):
        before = min(before, 1200)
    return Window(before, after)
