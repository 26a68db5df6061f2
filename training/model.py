"""The model: a Llama of transformers, built from a frozen description of its shape."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from training.json_values import from_json

if TYPE_CHECKING:
    from transformers import LlamaConfig, LlamaForCausalLM


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """The shape of a Llama with tied embeddings and as many key heads as query heads."""

    hidden: int = 256
    """Width of the residual stream; a multiple of 256 lets every matrix be a K-quant."""
    layers: int = 8
    heads: int = 4
    feed_forward: int = 768
    vocabulary: int = 8192
    context: int = 1024
    """Tokens the model was trained to look at."""
    rope_theta: float = 10_000.0
    norm_epsilon: float = 1e-5

    def __post_init__(self) -> None:
        """Refuse shapes that no Llama has."""
        counts = (self.hidden, self.layers, self.heads, self.feed_forward, self.vocabulary)
        if min(*counts, self.context) < 1:
            raise ValueError(f"every size of a model must be at least 1, got {self}")
        if self.hidden % (2 * self.heads):
            raise ValueError(
                f"heads must divide hidden into even parts, got hidden={self.hidden}"
                f" heads={self.heads}"
            )

    @property
    def parameters(self) -> int:
        """The number of weights, the tied embedding counted once."""
        layer = 4 * self.hidden**2 + 3 * self.hidden * self.feed_forward + 2 * self.hidden
        return self.vocabulary * self.hidden + self.layers * layer + self.hidden


def build_model(config: ModelConfig, seed: int = 0) -> LlamaForCausalLM:
    """Return a model with fresh fp32 weights, the same for the same arguments."""
    import torch
    from transformers import LlamaForCausalLM

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return LlamaForCausalLM(llama_config(config))


def llama_config(config: ModelConfig) -> LlamaConfig:
    """Return the same description in the words of transformers."""
    from transformers import LlamaConfig

    return LlamaConfig(
        vocab_size=config.vocabulary,
        hidden_size=config.hidden,
        intermediate_size=config.feed_forward,
        num_hidden_layers=config.layers,
        num_attention_heads=config.heads,
        num_key_value_heads=config.heads,
        max_position_embeddings=config.context,
        rms_norm_eps=config.norm_epsilon,
        rope_parameters={"rope_type": "default", "rope_theta": config.rope_theta},
        tie_word_embeddings=True,
        use_cache=False,
        bos_token_id=None,
        eos_token_id=0,
        pad_token_id=None,
    )


def read_model_config(path: Path) -> ModelConfig:
    """Return the shape written in a JSON file.

    Raises:
        ValueError: The file does not hold a model's shape.
    """
    return from_json(ModelConfig, json.loads(path.read_text(encoding="utf-8")), str(path))


def write_model_config(path: Path, config: ModelConfig) -> None:
    """Write the shape as JSON."""
    path.write_text(json.dumps(asdict(config), indent=1) + "\n", encoding="utf-8")
