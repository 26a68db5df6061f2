"""Logits of the same tokens by both libraries."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from pathlib import Path

import llama_cpp
import numpy as np
import numpy.typing as npt
import torch


def open_llama(path: Path, context: int = 256) -> llama_cpp.Llama:
    """llama.cpp with nothing in half precision."""
    return llama_cpp.Llama(
        str(path),
        n_ctx=context,
        n_batch=context,
        n_ubatch=context,
        n_threads=1,
        n_threads_batch=1,
        logits_all=True,
        verbose=False,
        flash_attn=False,
        type_k=llama_cpp.GGML_TYPE_F32,
        type_v=llama_cpp.GGML_TYPE_F32,
    )


def torch_logits(model: torch.nn.Module, tokens: Sequence[int]) -> npt.NDArray[np.float32]:
    with torch.inference_mode():
        logits: npt.NDArray[np.float32] = (
            model(torch.tensor([list(tokens)])).logits[0].float().numpy()
        )
    return logits


def llama_logits(llama: llama_cpp.Llama, tokens: Sequence[int]) -> npt.NDArray[np.float32]:
    llama.reset()  # type: ignore[no-untyped-call]
    llama.eval(list(tokens))
    pointer = llama_cpp.llama_get_logits(llama.ctx)
    flat = ctypes.cast(pointer, ctypes.POINTER(ctypes.c_float))
    return np.ctypeslib.as_array(flat, (len(tokens), llama.n_vocab())).copy()
