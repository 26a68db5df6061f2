"""A run's state on disk: weights and optimizer as safetensors, everything else as JSON.

A checkpoint is a folder:

- `model.safetensors`, `model.json`: weights by transformers' names (the tied output left out), and
  the model's shape; of a published model what transformers or peft write instead;
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
from training.model import ModelConfig, build_model, read_model_config
from training.optimizer import Optimizes
from training.subject import OwnModel, Subject

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM


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

    subject: Subject
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
    weights = _contiguous(checkpoint.subject.tensors())
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
    # transformers wants to be told.
    save_file(weights, part / checkpoint.subject.weights_file, metadata={"format": "pt"})
    save_file(moments, part / "optimizer.safetensors")
    checkpoint.subject.describe(part)
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
    load_subject(folder, OwnModel(model, shape))
    return model, shape


def load_subject(folder: Path, subject: Subject) -> None:
    """Take up the weights of a checkpoint.

    Raises:
        ValueError: They are another model's.
    """
    path = folder / subject.weights_file
    try:
        subject.take(load_file(path))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def load_optimizer(folder: Path, optimizer: Optimizes, device: torch.device) -> None:
    """Take up the optimizer's state of a checkpoint."""
    optimizer.load_state(load_file(folder / "optimizer.safetensors", device=str(device)))


def load_state(folder: Path) -> RunState:
    """Return where the run of a checkpoint stands."""
    path = folder / "state.json"
    return from_json(RunState, json.loads(path.read_text(encoding="utf-8")), str(path))


def _contiguous(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name: _whole(tensor.detach()).contiguous() for name, tensor in tensors.items()}


def _whole(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.full_tensor() if isinstance(tensor, DTensor) else tensor
