"""Random checkpoints with a real tokenizer, for tests."""

from pathlib import Path

import torch

from training.checkpoint import Checkpoint, RunState, save_checkpoint
from training.model import ModelConfig, build_model
from training.optimizer import Optimizer, OptimizerConfig
from training.subject import OwnModel
from training.tokenizer import Tokenizer, train_on

REPOSITORY = Path(__file__).parents[2]


def repository_texts() -> list[str]:
    """The text of every Python file of this repository."""
    folders = ("lintseq", "training", "server", "tests")
    files = (path for folder in folders for path in sorted((REPOSITORY / folder).rglob("*.py")))
    return [path.read_bytes().decode("utf-8") for path in files]


def fixed_texts() -> list[str]:
    """Texts to train a tokenizer on: the programs of the benchmarks, which stay as they are.

    Not this repository's own files: each change of one would make other tokens, and with them other
    ties between the answers of random models.
    """
    programs = sorted((REPOSITORY / "tests/bench/programs").glob("*.txt"))
    return [path.read_bytes().decode("utf-8") for path in programs]


def write_tokenizer(path: Path, vocabulary: int = 600) -> Tokenizer:
    """A small tokenizer, the same one whatever changes in this repository."""
    tokenizer = train_on(fixed_texts(), vocabulary, show_progress=False)
    tokenizer.save(path)
    return tokenizer


def write_checkpoint(folder: Path, shape: ModelConfig, tokenizer: Path) -> torch.nn.Module:
    """A checkpoint of random weights, large enough that no two logits are close."""
    model = build_model(shape, seed=1)
    generator = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.ndim == 1:
                weight.uniform_(0.5, 1.5, generator=generator)
            else:
                weight.mul_(4.0)
    optimizer = Optimizer(model, OptimizerConfig())
    state = RunState(step=0, tokens=0, targets=0, elapsed_s=0.0, drawn=(), data_hash="none")
    files = {"tokenizer.json": tokenizer}
    save_checkpoint(folder, Checkpoint(OwnModel(model, shape), optimizer, state, files))
    return model
