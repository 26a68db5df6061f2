"""The families of published models, as data: what sets each apart, here and in llama.cpp.

Source: the modelling files of transformers 5 for what is computed, llama.cpp's `src/models` for
what it computes and under which keys it reads the settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import gguf

SIZES: Mapping[str, str] = {
    "context_length": "max_position_embeddings",
    "embedding_length": "hidden_size",
    "block_count": "num_hidden_layers",
    "feed_forward_length": "intermediate_size",
    "attention.head_count": "num_attention_heads",
    "attention.head_count_kv": "num_key_value_heads",
    "vocab_size": "vocab_size",
}
"""Whole numbers that every family has: llama.cpp's key, the setting's name in config.json."""
RMS_EPSILON: Mapping[str, str] = {"attention.layer_norm_rms_epsilon": "rms_norm_eps"}


@dataclass(frozen=True, slots=True)
class Family:
    """One family."""

    name: str
    models: str
    """Published models that belong to it."""
    architecture: gguf.MODEL_ARCH
    sizes: Mapping[str, str] = field(default_factory=dict)
    """Further whole numbers, as in `SIZES`; each has to be there."""
    numbers: Mapping[str, str] = field(default_factory=dict)
    """Further numbers, as in `SIZES`; one that is None is left out."""
    constants: Mapping[str, float] = field(default_factory=dict)
    """Numbers that transformers has in its code: llama.cpp's key, and the number."""
    only: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    """Settings that llama.cpp has no key for, and the values it computes with."""
    needed: tuple[str, ...] = ()
    """Settings that llama.cpp has a default for, so that None cannot be said."""
    layer_types: tuple[str, ...] = ("full_attention",)
    """The kinds of attention that llama.cpp gives the layers, in turns."""
    rope_types: tuple[str, ...] = ("default", "linear")
    interleaves_rotary: bool = False
    """Whether llama.cpp turns neighbouring coordinates instead of those half a head apart."""
    norm_offset: float = 0.0
    """What transformers adds to the weights of norms before it multiplies with them."""
    query_scale: str | None = None
    """The setting that stands for the head's width in the scale of queries, which llama.cpp
    takes from the head."""
    output: Literal["untied", "always", "never"] = "untied"
    """When the file has an output layer apart from the embedding."""


FAMILIES: Mapping[str, Family] = {
    "llama": Family(
        name="Llama",
        models="Llama 2 and 3, SmolLM2, and lintseq's own",
        architecture=gguf.MODEL_ARCH.LLAMA,
        numbers=RMS_EPSILON,
        only={"hidden_act": ("silu",)},
        rope_types=("default", "linear", "llama3"),
        interleaves_rotary=True,
    ),
    "olmo": Family(
        name="OLMo",
        models="TinyCodeLM, OLMo 1B and 7B in transformers' format",
        architecture=gguf.MODEL_ARCH.OLMO,
        numbers={"attention.clamp_kqv": "clip_qkv"},
        # Its norms have no weights.
        constants={"attention.layer_norm_epsilon": 1e-5},
        only={"hidden_act": ("silu",), "attention_bias": (False,)},
        interleaves_rotary=True,
    ),
    "olmo2": Family(
        name="OLMo2",
        models="OLMo 2",
        architecture=gguf.MODEL_ARCH.OLMO2,
        numbers=RMS_EPSILON,
        only={"hidden_act": ("silu",), "attention_bias": (False,)},
        output="always",
    ),
    "qwen2": Family(
        name="Qwen2",
        models="Qwen2, Qwen2.5, Qwen2.5-Coder",
        architecture=gguf.MODEL_ARCH.QWEN2,
        numbers=RMS_EPSILON,
        only={"hidden_act": ("silu",)},
    ),
    "gemma2": Family(
        name="Gemma-2",
        models="Gemma 2",
        architecture=gguf.MODEL_ARCH.GEMMA2,
        sizes={"attention.sliding_window": "sliding_window"},
        numbers={
            **RMS_EPSILON,
            "attn_logit_softcapping": "attn_logit_softcapping",
            "final_logit_softcapping": "final_logit_softcapping",
        },
        only={
            "hidden_activation": ("gelu_pytorch_tanh",),
            "attention_bias": (False,),
            "use_bidirectional_attention": (None, False),
            "tie_word_embeddings": (True,),
        },
        needed=("attn_logit_softcapping", "final_logit_softcapping"),
        layer_types=("sliding_attention", "full_attention"),
        norm_offset=1.0,
        query_scale="query_pre_attn_scalar",
        output="never",
    ),
}
"""By `model_type` in config.json."""


def family_of(model_type: object, where: str) -> Family:
    """Return the family of this name in config.json.

    Args:
        where: how the error message calls what has it.

    Raises:
        ValueError: It is none of `FAMILIES`.
    """
    family = FAMILIES.get(str(model_type))
    if family is None:
        known = "; ".join(f"{each.name} ({each.models})" for each in FAMILIES.values())
        raise ValueError(
            f"{where} holds a model of type {model_type!r}; supported families are {known}"
        )
    return family


def check_settings(family: Family, settings: Mapping[str, Any], where: str) -> None:
    """Return if llama.cpp computes what these settings of a config.json say.

    Raises:
        ValueError: It does not, or a setting is missing.
    """
    if settings.get("quantization_config"):
        raise ValueError(f"{where} is quantized: wanted the weights it was made from")
    for name, values in family.only.items():
        if name in settings and settings[name] not in values:
            wanted = " or ".join(map(repr, values))
            raise ValueError(
                f"{where}: llama.cpp runs {family.name} with {name} {wanted} only,"
                f" got {settings[name]!r}"
            )
    for name in (*SIZES.values(), *family.sizes.values(), *family.needed):
        if settings.get(name) is None:
            raise ValueError(f"{where}: {family.name} needs {name}, got none")
    _check_layers(family, settings, where)


def head_width(settings: Mapping[str, Any]) -> int:
    """Return the number of coordinates of one attention head."""
    width = settings.get("head_dim") or settings["hidden_size"] // settings["num_attention_heads"]
    return int(width)


def _check_layers(family: Family, settings: Mapping[str, Any], where: str) -> None:
    turns = family.layer_types
    for number, kind in enumerate(settings.get("layer_types") or ()):
        if kind != turns[number % len(turns)]:
            raise ValueError(
                f"{where}: llama.cpp runs {family.name} with layers of {', '.join(turns)}"
                f" in turns, got {kind} as layer {number}"
            )
    kind = (settings.get("rope_parameters") or {}).get("rope_type", "default")
    if kind not in family.rope_types:
        raise ValueError(
            f"{where}: rope types supported for {family.name} are"
            f" {', '.join(family.rope_types)}; got {kind!r}"
        )
