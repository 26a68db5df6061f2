"""A GGUF turned back into a checkpoint: all that training further needs is in the shipped file.

Quantised weights become the fp32 numbers that llama.cpp computes with. The tokenizer is rebuilt
from tokens and merges; it is the one that was exported, to the byte. Only what `training.export`
writes of lintseq's own models can be read.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import numpy.typing as npt
import tokenizers
import torch
from safetensors.torch import save_file
from tokenizers import decoders, models, pre_tokenizers

from lintseq.infer.model_file import check_gguf
from training.json_values import write_json
from training.model import ModelConfig, write_model_config
from training.run_folder import PROVENANCE
from training.tokenizer import SPLIT_PATTERN, Tokenizer

Matrix = npt.NDArray[np.float32]

# A block's tensors: GGUF's names, transformers'.
BLOCK_NAMES = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
ROTATED = ("attn_q", "attn_k")
WANTED = {
    "general.architecture": "llama",
    "tokenizer.ggml.model": "gpt2",
    "tokenizer.ggml.pre": "qwen2",
}
"""What a file of lintseq's own says of itself."""


def write_from_gguf(path: Path, folder: Path) -> ModelConfig:
    """Return the shape of the model whose checkpoint `folder` now is, complete or not there.

    Raises:
        EngineError: The file is no GGUF.
        ValueError: It is not one of lintseq's own models.
    """
    check_gguf(path)
    reader = gguf.GGUFReader(path)
    fields = {name: field.contents() for name, field in reader.fields.items()}
    shape = _shape(path, fields)
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    save_file(_weights(path, reader, shape), part / "model.safetensors")
    write_model_config(part / "model.json", shape)
    _tokenizer(fields).save(part / "tokenizer.json")
    write_json(part / PROVENANCE, _provenance(path, fields))
    shutil.rmtree(folder, ignore_errors=True)
    part.replace(folder)
    return shape


def split_rotary(matrix: Matrix, heads: int) -> Matrix:
    """Return the matrix with each head's pairs of rows apart again, one half after the other.

    llama.cpp turns neighbouring coordinates, transformers those half a head apart.
    """
    rows, columns = matrix.shape
    pairs = matrix.reshape(heads, rows // heads // 2, 2, columns)
    return pairs.swapaxes(1, 2).reshape(rows, columns)


def _shape(path: Path, fields: Mapping[str, Any]) -> ModelConfig:
    for name, wanted in WANTED.items():
        if fields.get(name) != wanted:
            raise ValueError(f"{path}: wanted {name} {wanted!r}, got {fields.get(name)!r}")
    if fields["llama.attention.head_count"] != fields["llama.attention.head_count_kv"]:
        raise ValueError(f"{path}: wanted as many key heads as query heads")
    return ModelConfig(
        hidden=int(fields["llama.embedding_length"]),
        layers=int(fields["llama.block_count"]),
        heads=int(fields["llama.attention.head_count"]),
        feed_forward=int(fields["llama.feed_forward_length"]),
        vocabulary=len(fields["tokenizer.ggml.tokens"]),
        context=int(fields["llama.context_length"]),
        rope_theta=float(fields.get("llama.rope.freq_base", 10_000.0)),
        # Kept in fp32 there: 1e-5 comes back as 9.999999747378752e-06.
        norm_epsilon=float(f"{fields['llama.attention.layer_norm_rms_epsilon']:.6g}"),
    )


def _weights(path: Path, reader: gguf.GGUFReader, shape: ModelConfig) -> dict[str, torch.Tensor]:
    stored = {tensor.name: tensor for tensor in reader.tensors}
    names = _names(shape)
    if set(stored) != set(names):
        different = sorted(set(stored) ^ set(names))
        raise ValueError(f"{path}: the weights are another model's: {', '.join(different[:4])}")
    weights = {}
    for theirs, ours in names.items():
        tensor = stored[theirs]
        values = gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        if theirs.split(".")[-2] in ROTATED:
            values = split_rotary(values, shape.heads)
        weights[ours] = torch.from_numpy(np.ascontiguousarray(values))
    return weights


def _names(shape: ModelConfig) -> dict[str, str]:
    """Return transformers' name of each tensor, by GGUF's."""
    blocks = {
        f"blk.{layer}.{theirs}.weight": f"model.layers.{layer}.{ours}.weight"
        for layer in range(shape.layers)
        for theirs, ours in BLOCK_NAMES.items()
    }
    ends = {
        "token_embd.weight": "model.embed_tokens.weight",
        "output_norm.weight": "model.norm.weight",
    }
    return ends | blocks


def _tokenizer(fields: Mapping[str, Any]) -> Tokenizer:
    types = [gguf.TokenType(number) for number in fields["tokenizer.ggml.token_type"]]
    texts = dict(enumerate(fields["tokenizer.ggml.tokens"]))
    known = {
        text: number for number, text in texts.items() if types[number] != gguf.TokenType.UNUSED
    }
    merges = [tuple(merge.split(" ")) for merge in fields["tokenizer.ggml.merges"]]
    backend = tokenizers.Tokenizer(models.BPE(known, merges))
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(tokenizers.Regex(SPLIT_PATTERN), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    backend.decoder = decoders.ByteLevel()
    control = [texts[n] for n, kind in enumerate(types) if kind == gguf.TokenType.CONTROL]
    backend.add_special_tokens(control)
    return Tokenizer(backend)


def _provenance(path: Path, fields: Mapping[str, Any]) -> dict[str, Any]:
    names = ("code_revision", "data_hash", "linter", "format_version")
    said = {name: fields.get(f"lintseq.{name}", "unknown") for name in names}
    return {**said, "model": path.name}
