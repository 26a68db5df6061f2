"""The weights of a model as llama.cpp computes with them.

Names come from the `gguf` package's own maps. Values stay, but where the two libraries mean
different things by the same weight: the order of rotary coordinates, the one that Gemma adds to
its norms, the scale of its queries.
"""

# R rows, C columns

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import gguf
import torch

from training.families.family import Family, head_width

if TYPE_CHECKING:
    from transformers import PreTrainedConfig

EMBEDDING, OUTPUT = "model.embed_tokens.weight", "lm_head.weight"
GEMMA2_27B_LAYERS = 46
"""llama.cpp tells it by this number, and takes the width of its heads to be hidden / heads."""


def gguf_tensors(
    family: Family, config: PreTrainedConfig, weights: Mapping[str, torch.Tensor]
) -> Iterator[tuple[str, torch.Tensor]]:
    """Yield each tensor under its GGUF name, in fp32.

    Raises:
        ValueError: A weight has no place in llama.cpp's model.
    """
    settings = config.to_dict()
    names = gguf.get_tensor_name_map(family.architecture, int(settings["num_hidden_layers"]))
    for name, tensor in _with_output(family, settings, weights):
        ours = names.get_name(name, try_suffixes=(".weight", ".bias"))
        if ours is None:
            raise ValueError(f"llama.cpp has no place for {name} in a model of {family.name}")
        yield ours, _converted(family, settings, name, tensor.float())
    if settings["rope_parameters"].get("rope_type") == "llama3":
        yield "rope_freqs.weight", rope_divisors(config)


def interleave_rotary(matrix_RC: torch.Tensor, heads: int) -> torch.Tensor:
    """Return a matrix, or a bias, with each head's two halves of rows interleaved.

    Row `r` and row `r + half` of a head, which transformers turns together, become neighbours.
    """
    halves = matrix_RC.reshape(heads, 2, len(matrix_RC) // heads // 2, -1)
    return halves.transpose(1, 2).reshape(matrix_RC.shape)


def rope_divisors(config: PreTrainedConfig) -> torch.Tensor:
    """Return what each rotary frequency is divided by; where nothing is scaled, ones."""
    from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

    rope = config.rope_parameters
    width = head_width(config.to_dict())
    plain = rope["rope_theta"] ** -(torch.arange(0, width, 2, dtype=torch.float32) / width)
    scaled, _ = ROPE_INIT_FUNCTIONS[rope["rope_type"]](config, torch.device("cpu"))
    divisors: torch.Tensor = plain / scaled
    return divisors


def _with_output(
    family: Family, settings: Mapping[str, Any], weights: Mapping[str, torch.Tensor]
) -> Iterator[tuple[str, torch.Tensor]]:
    is_tied = bool(settings["tie_word_embeddings"])
    yield from ((name, tensor) for name, tensor in weights.items() if name != OUTPUT)
    if family.output == "always" or (family.output == "untied" and not is_tied):
        yield OUTPUT, weights[EMBEDDING if is_tied else OUTPUT]


def _converted(
    family: Family, settings: Mapping[str, Any], name: str, tensor: torch.Tensor
) -> torch.Tensor:
    is_query = ".q_proj." in name
    if family.interleaves_rotary and (is_query or ".k_proj." in name):
        heads = settings["num_attention_heads" if is_query else "num_key_value_heads"]
        return interleave_rotary(tensor, int(heads))
    if family.query_scale and is_query:
        return tensor * _query_factor(settings, family.query_scale)
    if family.norm_offset and name.endswith("norm.weight"):
        return tensor + family.norm_offset
    return tensor


def _query_factor(settings: Mapping[str, Any], name: str) -> float:
    """Return what makes queries right once llama.cpp has scaled them its own way."""
    width = head_width(settings)
    if settings["num_hidden_layers"] == GEMMA2_27B_LAYERS:
        width = settings["hidden_size"] // settings["num_attention_heads"]
    return float((width / settings[name]) ** 0.5)
