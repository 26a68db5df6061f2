"""A checkpoint as GGUF, the file that llama.cpp runs.

Checkpoints are lintseq's own, published ones of the five families, and these with LoRA, which is
merged. What each family needs is in `training.families`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import gguf
import numpy as np
import numpy.typing as npt
import torch

from lintseq.format import FORMAT_VERSION
from training.families.agreement import check_agreement
from training.families.metadata import add_settings
from training.families.source import Source, open_source
from training.families.tensors import gguf_tensors
from training.families.vocabulary import add_vocabulary
from training.revision import code_revision, linter_version

WeightType = Literal["f32", "f16", "bf16"]
Stored = npt.NDArray[Any]

KINDS = {
    "f32": (gguf.GGMLQuantizationType.F32, gguf.LlamaFileType.ALL_F32),
    "f16": (gguf.GGMLQuantizationType.F16, gguf.LlamaFileType.MOSTLY_F16),
    "bf16": (gguf.GGMLQuantizationType.BF16, gguf.LlamaFileType.MOSTLY_BF16),
}


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
        ValueError: The folder holds no model that can be exported, its parts do not fit, or
            llama.cpp reads text otherwise than its tokenizer does.
    """
    config = config or ExportConfig()
    source = open_source(checkpoint)
    output.parent.mkdir(parents=True, exist_ok=True)
    part = output.with_name(output.name + ".part")
    try:
        _write(part, source, checkpoint, config)
        check_agreement(part, source.tokenizer)
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)


def _write(path: Path, source: Source, checkpoint: Path, config: ExportConfig) -> None:
    writer = gguf.GGUFWriter(path, gguf.MODEL_ARCH_NAMES[source.family.architecture])
    add_settings(writer, source.family, source.config.to_dict())
    add_vocabulary(writer, source.tokenizer, int(source.config.vocab_size))
    _add_origin(writer, checkpoint, config)
    for name, tensor in gguf_tensors(source.family, source.config, source.weights):
        kind = _kind(tensor, config.weight_type)
        size_bytes = tensor.numel() * (4 if kind == gguf.GGMLQuantizationType.F32 else 2)
        writer.add_tensor_info(name, tensor.shape, np.dtype(np.float32), size_bytes, kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    # Once more from the start, so that only one tensor at a time is held in fp32.
    for name, tensor in gguf_tensors(source.family, source.config, source.weights):
        writer.write_tensor_data(_as_stored(name, tensor, config.weight_type))
    writer.close()


def _kind(tensor: torch.Tensor, weight_type: WeightType) -> gguf.GGMLQuantizationType:
    # Norms and biases stay in fp32, as llama.cpp wants them.
    return KINDS[weight_type if tensor.ndim > 1 else "f32"][0]


def _as_stored(name: str, tensor: torch.Tensor, weight_type: WeightType) -> Stored:
    kind = _kind(tensor, weight_type)
    if kind == gguf.GGMLQuantizationType.F16 and tensor.abs().max() > np.finfo(np.float16).max:
        raise ValueError(f"{name} has weights too large for f16: wanted --type bf16 or f32")
    stored: Stored = gguf.quants.quantize(tensor.contiguous().numpy(), kind)
    return stored


def _add_origin(writer: gguf.GGUFWriter, checkpoint: Path, config: ExportConfig) -> None:
    path = checkpoint / "provenance.json"
    origin = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    writer.add_name(config.name)
    writer.add_license(config.license)
    writer.add_file_type(KINDS[config.weight_type][1])
    writer.add_uint32("lintseq.format_version", origin.get("format_version", FORMAT_VERSION))
    writer.add_string("lintseq.linter", origin.get("linter", linter_version()))
    writer.add_string("lintseq.data_hash", origin.get("data_hash", "unknown"))
    writer.add_string("lintseq.code_revision", origin.get("code_revision", code_revision()))
