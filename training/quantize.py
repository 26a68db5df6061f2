"""A smaller GGUF, by llama.cpp's own quantisation."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

import llama_cpp

from lintseq.infer.llama import log_errors_only
from lintseq.infer.model_file import check_gguf

TYPES = {
    "Q8_0": llama_cpp.LLAMA_FTYPE_MOSTLY_Q8_0,
    "Q6_K": llama_cpp.LLAMA_FTYPE_MOSTLY_Q6_K,
    "Q5_K_M": llama_cpp.LLAMA_FTYPE_MOSTLY_Q5_K_M,
    "Q4_K_M": llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_K_M,
    "F16": llama_cpp.LLAMA_FTYPE_MOSTLY_F16,
}


def quantize_gguf(source: Path, output: Path, quantization: str, *, threads: int = 2) -> int:
    """Return the size in bytes of the smaller file, which appears when it is complete.

    K-quants need rows that are multiples of 256; llama.cpp stores others in another type.

    Raises:
        ValueError: The quantisation is unknown, or llama.cpp refused the file.
        EngineError: The source is no GGUF.
    """
    if quantization not in TYPES:
        raise ValueError(f"quantisations are {', '.join(TYPES)}; got {quantization!r}")
    check_gguf(source)
    output.parent.mkdir(parents=True, exist_ok=True)
    part = output.with_name(output.name + ".part")
    settings = llama_cpp.llama_model_quantize_default_params()
    settings.ftype = TYPES[quantization]
    settings.nthread = threads
    log_errors_only()
    code = llama_cpp.llama_model_quantize(
        os.fsencode(source), os.fsencode(part), ctypes.byref(settings)
    )
    if code != 0:
        part.unlink(missing_ok=True)
        raise ValueError(f"llama.cpp could not make {quantization} of {source}: code {code}")
    part.replace(output)
    return output.stat().st_size
