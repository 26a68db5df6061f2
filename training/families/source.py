"""What a GGUF is made from: lintseq's own, published and adapted checkpoints in one shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from training.families.adopt import AdoptedTokenizer, adopt_tokenizer
from training.families.family import FAMILIES, Family
from training.families.lora import ADAPTER, load_merged
from training.families.published import CONFIG, TOKENIZER, load_published, open_published
from training.model import llama_config, read_model_config

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedConfig, PreTrainedModel

OWN = "model.json"
OWN_WEIGHTS = "model.safetensors"


@dataclass(frozen=True, slots=True)
class Source:
    """A model in transformers' words, with a tokenizer that has the control tokens."""

    family: Family
    config: PreTrainedConfig
    weights: Mapping[str, torch.Tensor]
    """By transformers' names; a tied output layer may be missing."""
    tokenizer: AdoptedTokenizer


def open_source(folder: Path) -> Source:
    """Return the model of a folder; one with LoRA merged.

    Raises:
        ValueError: The folder holds no model that can be exported.
    """
    if (folder / OWN).is_file():
        return _own(folder)
    if (folder / ADAPTER).is_file():
        published, model = load_merged(folder)
    elif (folder / CONFIG).is_file():
        published = open_published(folder)
        model = load_published(published)
    else:
        raise ValueError(
            f"{folder} is no checkpoint: it has no {OWN} (lintseq's own), no {CONFIG} (a published"
            f" model) and no {ADAPTER} (LoRA)"
        )
    return Source(published.family, model.config, _weights(model), published.tokenizer)


def _own(folder: Path) -> Source:
    from safetensors.torch import load_file

    for name in (OWN_WEIGHTS, TOKENIZER):
        if not (folder / name).is_file():
            raise ValueError(f"{folder} is no checkpoint to export: it has no {name}")
    config = llama_config(read_model_config(folder / OWN))
    tokenizer = adopt_tokenizer(folder / TOKENIZER, None)
    return Source(FAMILIES["llama"], config, load_file(folder / OWN_WEIGHTS), tokenizer)


def _weights(model: PreTrainedModel) -> Mapping[str, torch.Tensor]:
    return {name: tensor.detach() for name, tensor in model.state_dict().items()}
