"""From a recipe to packs in one go: fetch, build, pack. Each goes on where it was stopped."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from training.corpus.build import CorpusConfig, build_corpus
from training.corpus.fetch import fetch
from training.corpus.pack import Pack, PackConfig, pack
from training.corpus.plan import Sources
from training.corpus.recipe import DEFAULT, read_recipe

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PrepareConfig:
    """What is prepared, and where."""

    output: Path
    """Gets `cache` (the distributions), `corpus` and `packs`."""
    against: Path
    """Directory of evaluation sets that must not occur."""
    recipe: Path = DEFAULT
    clones: Path | None = None
    """Local clones of the recipe's repositories; those that are not there are left out."""
    jobs: int = 1


def prepare(config: PrepareConfig) -> list[Pack]:
    """Return the packs of the recipe's corpus.

    Raises:
        ValueError: The recipe or the evaluation sets cannot be read, or the output folder holds
            something else.
    """
    cache = config.output / "cache"
    for file, reason in fetch(read_recipe(config.recipe).packages, cache).items():
        log.warning("not fetched: %s: %s", file, reason)
    sources = Sources(recipe=config.recipe, cache=cache, clones=config.clones)
    corpus = config.output / "corpus"
    build_corpus(CorpusConfig(sources, corpus, config.against, jobs=config.jobs))
    return pack(PackConfig(corpus, config.output / "packs", config.against, jobs=config.jobs))
