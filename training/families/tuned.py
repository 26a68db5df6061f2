"""A published model in training, whole or with LoRA, and what a checkpoint holds of it.

A whole one is saved as transformers saves it, so that a run's checkpoint can be started from and
exported like what was published; one with LoRA as peft saves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import load_file, save_file

from training.families.adopt import write_adopted
from training.families.lora import (
    ADAPTER,
    LoraOptions,
    adapter_tensors,
    add_lora,
    describe_adapter,
    load_adapter,
    take_adapter_tensors,
)
from training.families.published import TOKENIZER, Published, load_published, open_published

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel

TIED = "lm_head.weight"


@dataclass(frozen=True, slots=True)
class Tuned:
    """What is trained."""

    published: Published
    model: PreTrainedModel
    """In fp32; its weights that require gradients are those to train."""
    adapted: PeftModel | None
    """The same with LoRA, whose small matrices are inside `model`; None = all of it is trained."""

    @property
    def weights_file(self) -> str:
        """Where transformers or peft look for the tensors, in the folder of a checkpoint."""
        return "model.safetensors" if self.adapted is None else "adapter_model.safetensors"

    def tensors(self) -> dict[str, torch.Tensor]:
        """Return what was trained; of a tied output layer only the embedding."""
        if self.adapted is not None:
            return adapter_tensors(self.adapted)
        is_tied = self.model.config.tie_word_embeddings
        state = self.model.state_dict()
        return {name: weight for name, weight in state.items() if not (name == TIED and is_tied)}

    def take(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Take up what `tensors` returned.

        Raises:
            ValueError: They are another model's.
        """
        wanted = {name: weight.shape for name, weight in self.tensors().items()}
        if wanted != {name: weight.shape for name, weight in tensors.items()}:
            raise ValueError(f"these are the weights of another model than {self.published.folder}")
        if self.adapted is not None:
            take_adapter_tensors(self.adapted, tensors)
        else:
            self.model.load_state_dict(tensors, strict=False)

    def describe(self, folder: Path) -> None:
        """Write what a checkpoint holds besides: settings and tokenizer."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.adapted is not None:
            describe_adapter(folder, self.adapted)
        else:
            self.model.config.save_pretrained(folder)
        write_adopted(folder / TOKENIZER, self.published.tokenizer)


def open_tuned(folder: Path, lora: LoraOptions | None = None) -> Tuned:
    """Return the model of a published or tuned checkpoint, ready to be trained.

    Args:
        lora: train small matrices only; a checkpoint that has them goes on with those.

    Raises:
        ValueError: The folder holds no such model, or peft is wanted and not installed.
    """
    if (folder / ADAPTER).is_file():
        published, adapted = load_adapter(folder, torch.float32)
        inside: Any = adapted.get_base_model()
        return Tuned(published, inside, adapted)
    published = open_published(folder)
    model = load_published(published, torch.float32)
    if lora is None:
        return Tuned(published, model, None)
    return Tuned(published, model, add_lora(model, published, lora))


def save_tuned(folder: Path, tuned: Tuned) -> None:
    """Write a checkpoint without the state of an optimizer."""
    tuned.describe(folder)
    tensors = {name: weight.detach().contiguous() for name, weight in tuned.tensors().items()}
    save_file(tensors, folder / tuned.weights_file, metadata={"format": "pt"})


def restore_tuned(folder: Path, tuned: Tuned) -> None:
    """Take up the weights of a checkpoint.

    Raises:
        ValueError: They are another model's.
    """
    tuned.take(load_file(folder / tuned.weights_file))
