"""What samples are drawn from through torch: a checkpoint of ours, or a published model's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from training.tokenizer import Tokenizer, load_tokenizer


@dataclass(frozen=True, slots=True)
class TorchModel:
    """A model with what is needed to ask it."""

    module: Any
    """It, as transformers has it, on the CPU."""
    tokenizer: Tokenizer
    context: int
    """Tokens that prompt and answer may have together."""
    weights: Path
    """The file of the weights: of one with LoRA those of the small matrices."""

    @property
    def parameters(self) -> int:
        """How many weights there are, those of a tied output layer counted once."""
        module: torch.nn.Module = self.module
        return sum(weight.numel() for weight in module.parameters())


def open_torch_model(folder: Path) -> TorchModel:
    """Return the model of a checkpoint's folder: of a run, whole or with LoRA.

    Raises:
        ValueError: The folder holds none, or its tokenizer lacks a control token.
    """
    tokenizer = load_tokenizer(folder / "tokenizer.json")
    if not ((folder / "config.json").is_file() or (folder / "adapter_config.json").is_file()):
        from training.checkpoint import load_model

        model, shape = load_model(folder)
        return TorchModel(model, tokenizer, shape.context, folder / "model.safetensors")
    from training.families.tuned import open_tuned

    tuned = open_tuned(folder)
    context = tuned.published.outline.context
    return TorchModel(tuned.model, tokenizer, context, folder / tuned.weights_file)
