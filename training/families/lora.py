"""LoRA on a published model: small matrices beside the large ones, and the control tokens' rows.

An adapted checkpoint is a folder as peft writes it, with the path of what it was made from.
`<|diff|>` is new to the model, so its rows are trained as a whole.

Source: Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models".
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from training.families.published import Published, load_published, open_published

if TYPE_CHECKING:
    import torch
    from peft import PeftModel
    from transformers import PreTrainedModel

ADAPTER = "adapter_config.json"
MATRICES = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
"""The matrices of a layer, by the names that all five families give them."""


@dataclass(frozen=True, slots=True)
class LoraOptions:
    """The size of what is trained."""

    rank: int = 16
    alpha: float = 32.0
    """What the small matrices add is multiplied by alpha / rank."""
    dropout: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what peft would train nothing with."""
        if self.rank < 1 or self.alpha <= 0 or not 0 <= self.dropout < 1:
            raise ValueError(f"need rank >= 1, alpha > 0 and 0 <= dropout < 1, got {self}")


def add_lora(model: PreTrainedModel, published: Published, options: LoraOptions) -> PeftModel:
    """Return the model with LoRA, and nothing else to be trained.

    Raises:
        ValueError: peft is not installed.
    """
    peft = _peft()
    rows = sorted({published.tokenizer.end, published.tokenizer.diff})
    layers = ["embed_tokens"] if model.config.tie_word_embeddings else ["embed_tokens", "lm_head"]
    # What the adapter says it was made from.
    model.name_or_path = str(published.folder.resolve())
    config = peft.LoraConfig(
        r=options.rank,
        lora_alpha=options.alpha,
        lora_dropout=options.dropout,
        target_modules=list(MATRICES),
        trainable_token_indices={layer: rows for layer in layers},
        task_type="CAUSAL_LM",
    )
    with _ignored_deprecations():
        adapted: PeftModel = peft.get_peft_model(model, config)
    return adapted


def adapter_tensors(model: PeftModel) -> dict[str, torch.Tensor]:
    """Return what is trained, by the names that peft writes."""
    tensors: dict[str, torch.Tensor] = _peft().get_peft_model_state_dict(
        model, save_embedding_layers=False
    )
    return tensors


def take_adapter_tensors(model: PeftModel, tensors: Mapping[str, torch.Tensor]) -> None:
    """Take up what `adapter_tensors` returned."""
    _peft().set_peft_model_state_dict(model, dict(tensors))


def describe_adapter(folder: Path, model: PeftModel) -> None:
    """Write what peft needs beside the tensors, the path of what was adapted among it."""
    model.peft_config["default"].save_pretrained(str(folder))


def base_of(folder: Path) -> Path:
    """Return what an adapted checkpoint was made from; of another checkpoint the folder itself."""
    if not (folder / ADAPTER).is_file():
        return folder
    settings = json.loads((folder / ADAPTER).read_text(encoding="utf-8"))
    return Path(settings["base_model_name_or_path"])


def load_adapter(folder: Path, dtype: torch.dtype | str = "auto") -> tuple[Published, PeftModel]:
    """Return an adapted checkpoint, what was trained still apart.

    Raises:
        ValueError: It is none, what it was made from is gone, or peft is not installed.
    """
    peft = _peft()
    published = open_published(base_of(folder))
    model = load_published(published, dtype)
    with _ignored_deprecations():
        return published, peft.PeftModel.from_pretrained(model, folder, is_trainable=True)


def load_merged(folder: Path) -> tuple[Published, PreTrainedModel]:
    """Return an adapted checkpoint, merged into one model.

    Raises:
        ValueError: As `load_adapter`.
    """
    import torch

    # Half precision would swallow much of what the small matrices add.
    published, adapted = load_adapter(folder, torch.float32)
    merged: PreTrainedModel = adapted.merge_and_unload()
    return published, merged


def _peft() -> ModuleType:
    try:
        import peft
    except ImportError as error:
        raise ValueError("LoRA needs peft: pip install 'lintseq[lora]'") from error
    module: ModuleType = peft
    return module


@contextmanager
def _ignored_deprecations() -> Iterator[None]:
    """Keep quiet what peft still uses of transformers; nobody here can change it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield
