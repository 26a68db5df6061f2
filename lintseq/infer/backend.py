"""The part of llama.cpp that computes, loaded for this machine's CPU where a build brings several.

A build for one CPU has it inside. One for every CPU has a library for each generation beside
llama.cpp, and none of them is loaded before it is asked for. Asking is what this file does: left to
itself, llama.cpp would look in the folder of the interpreter and in the current one, which is the
user's and may hold anything.
"""

import os
from pathlib import Path

import llama_cpp._ggml as binding

from lintseq.errors import EngineError

LIBRARIES = Path(binding.libggml_base_path)


def load_backend(folder: Path = LIBRARIES) -> None:
    """Return when llama.cpp can compute, with the best library that this CPU can run.

    Raises:
        EngineError: there is none in the folder.
    """
    ggml = binding.libggml
    if ggml.ggml_backend_reg_count() == 0:
        ggml.ggml_backend_load_all_from_path(os.fsencode(folder))
    if ggml.ggml_backend_reg_count() == 0:
        raise EngineError(f"no library in {folder} computes on this machine's processor")
