"""A run's state on disk: weights and optimizer as safetensors, everything else as JSON.

A checkpoint is a folder:

- `model.safetensors`, `model.json`: weights by transformers' names (the tied output left out), and
  the model's shape;
- `tokenizer.json`, `provenance.json`: what its tokens mean, and what it was made of;
- `optimizer.safetensors`, `state.json`: what a resume needs besides.

It is written under another name and moved into place when it is complete. Nothing is pickled. The
tensors are whole, whether one process trained or several, each with a part of them: any number of
processes can go on from it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors.torch import load_file, save_file
from torch.distributed.tensor import DTensor

from training.json_values import from_json
from training.model import ModelConfig, build_model, read_model_config, write_model_config
from training.optimizer import Optimizes

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM

TIED = "lm_head.weight"


@dataclass(frozen=True, slots=True)
class RunState:
    """Where a run stands."""

    step: int
    """Optimizer steps done."""
    tokens: int
    """Tokens seen, padding included."""
    targets: int
    """Tokens learned from."""
    elapsed_s: float
    """Wall-clock time of all pieces of the run."""
    drawn: tuple[int, ...]
    """Rows drawn from each source of the mixture."""
    data_hash: str
    done: float = 0.0
    """The share of the plan that is done."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is saved together."""

    model: torch.nn.Module
    shape: ModelConfig
    optimizer: Optimizes
    state: RunState
    files: Mapping[str, Path]
    """What to copy beside it, by the name it gets."""


def save_checkpoint(folder: Path, checkpoint: Checkpoint, *, is_writer: bool = True) -> None:
    """Write a complete checkpoint, or leave what was there.

    Args:
        is_writer: whether to write, too. Of several processes each calls this, because each holds
            a part of what is saved, and one writes.
    """
    weights = model_tensors(checkpoint.model)
    moments = _contiguous(checkpoint.optimizer.state())
    if is_writer:
        _write(folder, checkpoint, weights, moments)


def _write(
    folder: Path,
    checkpoint: Checkpoint,
    weights: dict[str, torch.Tensor],
    moments: dict[str, torch.Tensor],
) -> None:
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    save_file(weights, part / "model.safetensors")
    save_file(moments, part / "optimizer.safetensors")
    write_model_config(part / "model.json", checkpoint.shape)
    state = json.dumps(asdict(checkpoint.state), indent=1)
    (part / "state.json").write_text(state + "\n", encoding="utf-8")
    for name, path in checkpoint.files.items():
        shutil.copyfile(path, part / name)
    old = folder.with_name(folder.name + ".old")
    if folder.exists():
        # Only now: after a kill between the two renames the old one is all there is.
        shutil.rmtree(old, ignore_errors=True)
        folder.replace(old)
    part.replace(folder)
    shutil.rmtree(old, ignore_errors=True)


def find_checkpoint(folder: Path) -> Path | None:
    """Return the newest complete checkpoint under this name, or None.

    A run that was killed between two renames leaves its checkpoint as `<name>.old`.
    """
    for candidate in (folder, folder.with_name(folder.name + ".old")):
        if (candidate / "state.json").is_file():
            return candidate
    return None


def load_model(folder: Path) -> tuple[LlamaForCausalLM, ModelConfig]:
    """Return the model of a checkpoint, on the CPU in fp32, and its shape.

    Raises:
        ValueError: The folder is no checkpoint, or weights and shape do not fit.
    """
    if not (folder / "model.safetensors").is_file() or not (folder / "model.json").is_file():
        raise ValueError(f"{folder} is no checkpoint: wanted model.safetensors and model.json")
    shape = read_model_config(folder / "model.json")
    model = build_model(shape)
    load_weights(model, folder / "model.safetensors")
    return model, shape


def load_weights(model: torch.nn.Module, path: Path) -> None:
    """Copy the weights of a file into a model of the same shape.

    Raises:
        ValueError: Names or shapes are not the model's.
    """
    tensors = load_file(path)
    wanted = {name: tensor.shape for name, tensor in model_tensors(model).items()}
    got = {name: tensor.shape for name, tensor in tensors.items()}
    if wanted != got:
        different = sorted(
            name for name in wanted.keys() | got.keys() if wanted.get(name) != got.get(name)
        )
        raise ValueError(f"{path}: the weights are another model's: {', '.join(different[:4])}")
    with torch.no_grad():
        for name, weight in model.state_dict().items():
            if name != TIED:
                weight.copy_(tensors[name])


def load_optimizer(folder: Path, optimizer: Optimizes, device: torch.device) -> None:
    """Take up the optimizer's state of a checkpoint."""
    optimizer.load_state(load_file(folder / "optimizer.safetensors", device=str(device)))


def load_state(folder: Path) -> RunState:
    """Return where the run of a checkpoint stands."""
    path = folder / "state.json"
    return from_json(RunState, json.loads(path.read_text(encoding="utf-8")), str(path))


def model_tensors(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """Return a model's weights by name, without the output layer that is the embedding again."""
    tensors = {name: tensor for name, tensor in model.state_dict().items() if name != TIED}
    return _contiguous(tensors)


def _contiguous(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name: _whole(tensor.detach()).contiguous() for name, tensor in tensors.items()}


def _whole(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.full_tensor() if isinstance(tensor, DTensor) else tensor
