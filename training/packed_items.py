"""From items, such as documents or pairs, to packed rows: in pieces that survive a kill."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic

from training.bestfit import TokenizedExample
from training.dedup import KeySet
from training.packing import PackingConfig, PackingMeta, write_shards
from training.pieces import Item, Made, Make, Pieces, make_pieces, read_pieces, remove_pieces
from training.tokenizer import load_tokenizer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PackItems(Generic[Item]):
    """How the examples of items are made, and where they are packed."""

    output: Path
    """Folder for the rows."""
    tokenizer: Path
    context: int
    """Tokens of a row."""
    seed: int
    jobs: int
    make: Make[Item]
    """Makes the examples of a batch; sent to the processes."""
    name: Callable[[Item], str]
    """Says what an item holds."""
    settings: str
    """Says how the examples are made, but for the tokenizer."""


def pack_items(plan: PackItems[Item], items: Iterable[Item]) -> PackingMeta:
    """The meta data of the rows that were written; of examples with the same key one is kept."""
    tokenizer = load_tokenizer(plan.tokenizer)
    packing = PackingConfig(
        context=plan.context,
        vocabulary=len(tokenizer),
        seed=plan.seed,
        tokenizer_hash=tokenizer.hash,
    )
    pieces = Pieces(
        folder=plan.output / "pieces",
        make=plan.make,
        name=plan.name,
        settings=f"{plan.settings}, tokenizer {tokenizer.hash}",
        jobs=plan.jobs,
    )
    made = _distinct(read_pieces(make_pieces(pieces, items)))
    meta = write_shards(plan.output, made, packing)
    remove_pieces(pieces.folder)
    return meta


def _distinct(made: Iterable[Made]) -> Iterator[TokenizedExample]:
    seen, left_out = KeySet(), 0
    for each in made:
        if each.key and not seen.add(each.key):
            left_out += 1
        else:
            yield each.example
    if left_out:
        log.info("%d examples left out: the same function with the same description", left_out)
