"""What a run trains, and what its checkpoints hold of it: a model of our own or a published one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import torch

from training.model import ModelConfig, build_model, write_model_config

if TYPE_CHECKING:
    from training.loop import TrainConfig

TIED = "lm_head.weight"


class Subject(Protocol):
    """A model in training."""

    @property
    def model(self) -> Any:
        """It, as transformers has it; its weights that require gradients are trained."""
        ...

    @property
    def weights_file(self) -> str:
        """What the file of the tensors is called in a checkpoint."""
        ...

    def tensors(self) -> dict[str, torch.Tensor]:
        """Return what is trained, by name."""
        ...

    def take(self, tensors: Mapping[str, torch.Tensor], /) -> None:
        """Take up what `tensors` returned; ValueError if they are another model's."""
        ...

    def describe(self, folder: Path, /) -> None:
        """Write what a checkpoint holds beside the tensors."""
        ...


@dataclass(frozen=True, slots=True)
class OwnModel:
    """A model of lintseq's own shape."""

    model: torch.nn.Module
    shape: ModelConfig
    weights_file: str = "model.safetensors"

    def tensors(self) -> dict[str, torch.Tensor]:
        """Return the weights, without the output layer that is the embedding again."""
        return {name: weight for name, weight in self.model.state_dict().items() if name != TIED}

    def take(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Take up what `tensors` returned.

        Raises:
            ValueError: Names or shapes are not the model's.
        """
        wanted = {name: weight.shape for name, weight in self.tensors().items()}
        got = {name: weight.shape for name, weight in tensors.items()}
        if wanted != got:
            different = sorted(
                name for name in wanted.keys() | got.keys() if wanted.get(name) != got.get(name)
            )
            raise ValueError(f"the weights are another model's: {', '.join(different[:4])}")
        with torch.no_grad():
            for name, weight in self.tensors().items():
                weight.copy_(tensors[name])

    def describe(self, folder: Path) -> None:
        """Write the shape."""
        write_model_config(folder / "model.json", self.shape)


def open_subject(config: TrainConfig) -> Subject:
    """Return what a run trains, on the CPU, with the weights that it starts from.

    Raises:
        ValueError: There is no such model, or its weights do not fit.
    """
    if config.published is not None:
        from training.families.lora import LoraOptions
        from training.families.tuned import open_tuned

        lora = None if config.lora_rank is None else LoraOptions(rank=config.lora_rank)
        return open_tuned(Path(config.published), lora)
    subject = OwnModel(build_model(config.model, config.seed), config.model)
    if config.start:
        from safetensors.torch import load_file

        subject.take(load_file(Path(config.start) / subject.weights_file))
    return subject
