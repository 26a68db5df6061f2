"""Tiny published checkpoints, one of each family, with random weights that decide clearly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import tokenizers
import torch
from transformers import (
    AutoModelForCausalLM,
    Gemma2Config,
    LlamaConfig,
    Olmo2Config,
    OlmoConfig,
    PreTrainedConfig,
    Qwen2Config,
)

from tests.training.published_tokenizers import (
    LLAMA3,
    QWEN2,
    byte_level_part,
    split_part,
    write_byte_level,
    write_sentencepiece,
)

SHAPE: Mapping[str, Any] = {
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 4,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 512,
}
LLAMA3_ROPE = {
    "rope_type": "llama3",
    "rope_theta": 5e5,
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}
GPT2 = (byte_level_part(use_regex=True),)
RUNS_OF_SPACES = [" " * length for length in range(24, 1, -1)]


def write_published(folder: Path, name: str) -> Path:
    """The folder, which now holds the model of this name."""
    write_tokenizer, config, settings, spare = MODELS[name]
    write_tokenizer(folder)
    size = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab_size()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        merged = {**SHAPE, "eos_token_id": size - 1, **settings}
        shape = config(vocab_size=size + spare, **merged)
        model = AutoModelForCausalLM.from_config(shape)  # type: ignore[no-untyped-call]
    randomize(model)
    model.save_pretrained(folder)
    return folder


def randomize(model: torch.nn.Module) -> None:
    """Draw weights so large that no two logits are close, and every part of the model counts."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name.endswith("norm.weight"):
                weight.add_(torch.empty_like(weight).uniform_(-0.5, 0.5, generator=generator))
            elif weight.ndim == 1:
                weight.normal_(0, 0.5, generator=generator)
            else:
                # An embedding so small that what comes out is not what went in.
                scale = 0.15 if "embed_tokens" in name else 2 * weight.shape[1] ** -0.5
                weight.normal_(0, scale, generator=generator)


Entry = tuple[Callable[[Path], None], Callable[..., PreTrainedConfig], Mapping[str, Any], int]
"""What writes its tokenizer, its configuration and settings, rows of padding."""

MODELS: Mapping[str, Entry] = {
    "llama2": (
        partial(
            write_sentencepiece, controls=("<unk>", "<s>", "</s>"), prefix=True, whitespace="\\r"
        ),
        LlamaConfig,
        {"tie_word_embeddings": False, "bos_token_id": 1, "eos_token_id": 2},
        0,
    ),
    "llama3": (
        partial(
            write_byte_level,
            split=(split_part(LLAMA3), byte_level_part(use_regex=False)),
            end="<|end_of_text|>",
            ignore_merges=True,
        ),
        LlamaConfig,
        {
            "tie_word_embeddings": True,
            "rope_parameters": LLAMA3_ROPE,
            "head_dim": 32,
            "bos_token_id": None,
        },
        0,
    ),
    "smollm": (
        partial(
            write_byte_level,
            split=({"type": "Digits", "individual_digits": True}, *GPT2),
            end="<|endoftext|>",
        ),
        LlamaConfig,
        {
            "tie_word_embeddings": True,
            "attention_bias": True,
            "mlp_bias": True,
            "rope_parameters": {"rope_type": "linear", "rope_theta": 1e4, "factor": 4.0},
        },
        0,
    ),
    "olmo": (
        partial(
            write_byte_level,
            split=GPT2,
            end="<|endoftext|>",
            plain=RUNS_OF_SPACES,
            normalizer={"type": "NFC"},
        ),
        OlmoConfig,
        {"tie_word_embeddings": True, "clip_qkv": 1.5, "num_key_value_heads": 4},
        20,
    ),
    "olmo2": (
        partial(
            write_byte_level,
            split=(split_part(LLAMA3), byte_level_part(use_regex=False)),
            end="<|endoftext|>",
        ),
        Olmo2Config,
        {"tie_word_embeddings": False},
        0,
    ),
    "qwen2": (
        partial(
            write_byte_level,
            split=(split_part(QWEN2), byte_level_part(use_regex=False)),
            end="<|endoftext|>",
            normalizer={"type": "NFC"},
        ),
        Qwen2Config,
        {
            "tie_word_embeddings": True,
            "rope_parameters": {"rope_type": "default", "rope_theta": 1e6},
        },
        7,
    ),
    "gemma2": (
        partial(
            write_sentencepiece,
            controls=("<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>"),
            prefix=False,
            whitespace="\\n\\t\\r",
        ),
        Gemma2Config,
        {
            "eos_token_id": 1,
            "head_dim": 32,
            "query_pre_attn_scalar": 24,
            "sliding_window": 24,
            "attn_logit_softcapping": 5.0,
            "final_logit_softcapping": 8.0,
        },
        0,
    ),
}
"""Every family, and of Llama one with each kind of tokenizer and of rope scaling."""
