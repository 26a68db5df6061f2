"""The rows and the tokenizer of a run, checked against its model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from training.heldout import bytes_per_token
from training.mixture import Mixture
from training.model import ModelConfig
from training.packing import Shards
from training.run_folder import joint_hash
from training.tokenizer import Tokenizer, load_tokenizer

if TYPE_CHECKING:
    from training.loop import TrainConfig


@dataclass(frozen=True, slots=True)
class RunData:
    """What a run learns from and is measured on."""

    mixture: Mixture
    held_out: Shards | None
    tokenizer: Tokenizer | None
    token_bytes: np.ndarray | None
    """How many bytes of text each token stands for, by id."""
    data_hash: str
    """Of the rows that are learned from."""

    @property
    def span(self) -> float:
        """Tokens of the example that a token stands in, on average over all rows."""
        shards = self.mixture.shards
        return sum(each.span * len(each) for each in shards) / sum(map(len, shards))


def open_data(config: TrainConfig) -> RunData:
    """Return the data that a configuration names.

    Raises:
        ValueError: It is not there, or does not fit the model or the tokenizer.
    """
    mixture = Mixture(config.mixture, config.seed)
    held_out = Shards(Path(config.held_out)) if config.held_out else None
    rows = [*mixture.shards, *filter(None, [held_out])]
    _check_rows(config.model, rows)
    tokenizer = load_tokenizer(Path(config.tokenizer)) if config.tokenizer else None
    if tokenizer is not None:
        _check_tokenizer(tokenizer, str(config.tokenizer), rows)
    return RunData(
        mixture=mixture,
        held_out=held_out,
        tokenizer=tokenizer,
        token_bytes=None if tokenizer is None else bytes_per_token(tokenizer),
        data_hash=joint_hash([shards.data_hash for shards in mixture.shards]),
    )


def _check_rows(model: ModelConfig, shards: Sequence[Shards]) -> None:
    for each in shards:
        if each.context > model.context or each.vocabulary > model.vocabulary:
            raise ValueError(
                f"the rows hold {each.context} of {each.vocabulary} tokens, more than the model's"
                f" context {model.context} or vocabulary {model.vocabulary}"
            )


def _check_tokenizer(tokenizer: Tokenizer, name: str, shards: Sequence[Shards]) -> None:
    for wanted in (meta.tokenizer_hash for each in shards for meta in each.metas):
        if wanted and wanted != tokenizer.hash:
            raise ValueError(
                f"{name} is not the tokenizer of the rows: wanted {wanted[:12]},"
                f" got {tokenizer.hash[:12]}"
            )
