"""A checkpoint as GGUF, the file that llama.cpp runs.

The tensors keep their values; the rows of the query and key matrices change their order, because
llama.cpp turns neighbouring coordinates where transformers turns coordinates half a head apart.
The output layer is left out: llama.cpp uses the embedding where it is missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import gguf
import numpy as np
import numpy.typing as npt
import tokenizers
from safetensors.numpy import load_file

from lintseq.format import FORMAT_VERSION, Special
from training.model import ModelConfig, read_model_config
from training.revision import code_revision, linter_version

WeightType = Literal["f32", "f16"]
Weights = dict[str, npt.NDArray[np.float32]]

# Names of a block's tensors: transformers', GGUF's.
BLOCK_NAMES = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
ROTATED = ("self_attn.q_proj", "self_attn.k_proj")


@dataclass(frozen=True, slots=True)
class ExportConfig:
    """How a GGUF is written, and what it says of itself."""

    weight_type: WeightType = "f32"
    name: str = "lintseq"
    license: str = "mit"
    """SPDX identifier, in lower case."""


def export_gguf(checkpoint: Path, output: Path, config: ExportConfig | None = None) -> None:
    """Write a checkpoint as GGUF; `output` appears when it is complete.

    Raises:
        ValueError: The folder is no checkpoint with a tokenizer, or its parts do not fit.
    """
    config = config or ExportConfig()
    for name in ("model.safetensors", "model.json", "tokenizer.json"):
        if not (checkpoint / name).is_file():
            raise ValueError(f"{checkpoint} is no checkpoint to export: it has no {name}")
    shape = read_model_config(checkpoint / "model.json")
    output.parent.mkdir(parents=True, exist_ok=True)
    part = output.with_name(output.name + ".part")
    writer = gguf.GGUFWriter(part, "llama")
    _add_shape(writer, shape)
    _add_tokenizer(writer, checkpoint / "tokenizer.json", shape.vocabulary)
    _add_origin(writer, checkpoint, config)
    for name, tensor in gguf_tensors(load_file(checkpoint / "model.safetensors"), shape):
        writer.add_tensor(name, _as_stored(tensor, config.weight_type))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    part.replace(output)


def gguf_tensors(
    weights: Weights, shape: ModelConfig
) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    """Yield each tensor under its GGUF name, in the order in which llama.cpp reads them."""
    yield "token_embd.weight", weights["model.embed_tokens.weight"]
    for layer in range(shape.layers):
        for theirs, ours in BLOCK_NAMES.items():
            tensor = weights[f"model.layers.{layer}.{theirs}.weight"]
            if theirs in ROTATED:
                tensor = interleave_rotary(tensor, shape.heads)
            yield f"blk.{layer}.{ours}.weight", tensor
    yield "output_norm.weight", weights["model.norm.weight"]


def interleave_rotary(matrix: npt.NDArray[np.float32], heads: int) -> npt.NDArray[np.float32]:
    """Return the matrix with each head's two halves of rows interleaved.

    Row `r` and row `r + half` of a head, which transformers turns together, become neighbours.
    """
    rows, columns = matrix.shape
    halves = matrix.reshape(heads, 2, rows // heads // 2, columns)
    return halves.swapaxes(1, 2).reshape(rows, columns)


def _add_shape(writer: gguf.GGUFWriter, shape: ModelConfig) -> None:
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.hidden)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_rope_dimension_count(shape.hidden // shape.heads)
    writer.add_rope_freq_base(shape.rope_theta)
    writer.add_layer_norm_rms_eps(shape.norm_epsilon)
    writer.add_vocab_size(shape.vocabulary)


def _add_tokenizer(writer: gguf.GGUFWriter, path: Path, vocabulary: int) -> None:
    tokenizer = tokenizers.Tokenizer.from_file(str(path))
    texts = {number: text for text, number in tokenizer.get_vocab().items()}
    if len(texts) > vocabulary:
        raise ValueError(
            f"{path} has {len(texts)} tokens, the model has weights for {vocabulary} only"
        )
    special = {int(number) for number in tokenizer.get_added_tokens_decoder()}
    writer.add_tokenizer_model("gpt2")
    # The split pattern of training.tokenizer, by llama.cpp's name for it.
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list([texts.get(number, f"[unused{number}]") for number in range(vocabulary)])
    writer.add_token_types(
        [_token_type(number, number in texts, special) for number in range(vocabulary)]
    )
    writer.add_token_merges(_merges(tokenizer))
    writer.add_eos_token_id(_control_id(tokenizer, Special.END, path))
    _control_id(tokenizer, Special.DIFF, path)
    writer.add_add_bos_token(False)


def _token_type(number: int, is_known: bool, special: set[int]) -> int:
    if not is_known:
        return int(gguf.TokenType.UNUSED)
    return int(gguf.TokenType.CONTROL if number in special else gguf.TokenType.NORMAL)


def _merges(tokenizer: tokenizers.Tokenizer) -> list[str]:
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    return [merge if isinstance(merge, str) else " ".join(merge) for merge in merges]


def _control_id(tokenizer: tokenizers.Tokenizer, special: Special, path: Path) -> int:
    number = tokenizer.token_to_id(special.value)
    if number is None:
        raise ValueError(f"{path} has no token {special.value}")
    return int(number)


def _add_origin(writer: gguf.GGUFWriter, checkpoint: Path, config: ExportConfig) -> None:
    path = checkpoint / "provenance.json"
    origin = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    types = {"f32": gguf.LlamaFileType.ALL_F32, "f16": gguf.LlamaFileType.MOSTLY_F16}
    writer.add_name(config.name)
    writer.add_license(config.license)
    writer.add_file_type(types[config.weight_type])
    writer.add_uint32("lintseq.format_version", origin.get("format_version", FORMAT_VERSION))
    writer.add_string("lintseq.linter", origin.get("linter", linter_version()))
    writer.add_string("lintseq.data_hash", origin.get("data_hash", "unknown"))
    writer.add_string("lintseq.code_revision", origin.get("code_revision", code_revision()))


def _as_stored(
    tensor: npt.NDArray[np.float32], weight_type: WeightType
) -> npt.NDArray[np.floating]:
    # Norms stay in fp32, as llama.cpp wants them.
    is_half = weight_type == "f16" and tensor.ndim > 1
    return np.ascontiguousarray(tensor, dtype=np.float16 if is_half else np.float32)
