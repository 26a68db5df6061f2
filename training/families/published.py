"""A published checkpoint: a folder as transformers saves it, opened for training or for export.

Only the five families are opened, only with transformers' own code, and only what lies in the
folder: nothing is downloaded, and no program in it is run.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.families.adopt import AdoptedTokenizer, adopt_tokenizer
from training.families.family import Family, check_settings, family_of
from training.families.rows import make_room, rows_for
from training.model import ModelConfig

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

CONFIG = "config.json"
TOKENIZER = "tokenizer.json"


@dataclass(frozen=True, slots=True)
class Published:
    """What is known of a checkpoint before its weights are read."""

    folder: Path
    family: Family
    settings: Mapping[str, Any]
    """Its config.json with the defaults of the family."""
    tokenizer: AdoptedTokenizer

    @property
    def outline(self) -> ModelConfig:
        """The size of the model: what rows have to fit, and what a step computes."""
        settings = self.settings
        return ModelConfig(
            hidden=settings["hidden_size"],
            layers=settings["num_hidden_layers"],
            heads=settings["num_attention_heads"],
            feed_forward=settings["intermediate_size"],
            vocabulary=rows_for(self.tokenizer.size, settings["vocab_size"]),
            context=settings["max_position_embeddings"],
        )


def open_published(folder: Path) -> Published:
    """Return what a folder holds, its tokenizer taken up.

    Raises:
        ValueError: It is no checkpoint, of another family, or llama.cpp could not run it.
    """
    path = folder / CONFIG
    if not path.is_file():
        raise ValueError(
            f"{folder} is no checkpoint of transformers: it has no {CONFIG}; a model's name is not"
            " looked up, fetch it first: hf download NAME --local-dir FOLDER"
        )
    written = json.loads(path.read_text(encoding="utf-8"))
    family = family_of(written.get("model_type"), str(folder))
    settings = _settings(folder)
    check_settings(family, settings, str(folder))
    tokenizer = adopt_tokenizer(folder / TOKENIZER, _end(settings))
    return Published(folder, family, settings, tokenizer)


def load_published(published: Published, dtype: torch.dtype | str = "auto") -> PreTrainedModel:
    """Return the model on the CPU, with a row for each token.

    Args:
        dtype: of the weights; "auto" = as they are stored.

    Raises:
        ValueError: The weights are missing, damaged, or another model's.
    """
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM

    try:
        loaded: Any = AutoModelForCausalLM.from_pretrained(
            published.folder,
            dtype=dtype,
            local_files_only=True,
            trust_remote_code=False,
            output_loading_info=True,
        )
    except (OSError, RuntimeError, SafetensorError) as error:
        raise ValueError(f"{published.folder} cannot be loaded: {error}") from error
    model: PreTrainedModel = loaded[0]
    report: Mapping[str, Collection[str]] = loaded[1]
    if report["missing_keys"]:
        missing = ", ".join(sorted(report["missing_keys"])[:4])
        raise ValueError(f"{published.folder} has no weights for {missing}")
    make_room(model, published.tokenizer)
    model.config.eos_token_id = published.tokenizer.end
    return model


def _settings(folder: Path) -> dict[str, Any]:
    """Return the settings of a config.json with the defaults of its family."""
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    settings: dict[str, Any] = config.to_dict()
    return settings


def _end(settings: dict[str, Any]) -> int | None:
    end = settings.get("eos_token_id")
    return end[0] if isinstance(end, list) else end
