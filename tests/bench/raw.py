"""The plainest loop around `llama_decode`, to hold the engine against."""

import ctypes
import time
from collections.abc import Sequence

import llama_cpp.llama_cpp as api
import numpy as np

from lintseq.errors import EngineError
from lintseq.infer.llama import BATCH_TOKENS, Model


class RawLoop:
    """One sequence of one model, continued by the likeliest token and nothing else.

    Raises:
        EngineError: there is no memory for it.
    """

    def __init__(self, model: Model, *, tokens: int, threads: int) -> None:
        parameters = api.llama_context_default_params()
        parameters.n_ctx = tokens
        parameters.n_batch = parameters.n_ubatch = BATCH_TOKENS
        parameters.n_threads = parameters.n_threads_batch = threads
        parameters.flash_attn_type = api.LLAMA_FLASH_ATTN_TYPE_ENABLED
        parameters.no_perf = True
        self._columns = model.vocabulary_size
        self._context = api.llama_init_from_model(model.pointer, parameters)
        if not self._context:
            raise EngineError(f"no context of {tokens} tokens: out of memory?")
        self._memory = api.llama_get_memory(self._context)
        self._filled = 0

    def prompt(self, tokens: Sequence[int]) -> float:
        """Seconds to evaluate a prompt from nothing."""
        start = time.perf_counter()
        api.llama_memory_seq_rm(self._memory, 0, 0, -1)
        for first in range(0, len(tokens), BATCH_TOKENS):
            self._decode(tokens[first : first + BATCH_TOKENS])
        self._filled = len(tokens)
        return time.perf_counter() - start

    def generate(self, tokens: Sequence[int], count: int) -> float:
        """Seconds to generate `count` tokens behind `tokens`, all but the last in the cache."""
        start = time.perf_counter()
        api.llama_memory_seq_rm(self._memory, 0, len(tokens) - 1, -1)
        token = tokens[-1]
        for _ in range(count):
            self._decode([token])
            logits = api.llama_get_logits_ith(self._context, -1)
            token = int(np.ctypeslib.as_array(logits, shape=(self._columns,)).argmax())
        return time.perf_counter() - start

    def same(self, tokens: Sequence[int], reused: int, count: int) -> float:
        """Seconds to evaluate `tokens` behind the first `reused` ones and to generate `count`."""
        if self._filled < reused:
            self.prompt(tokens[:reused])
        start = time.perf_counter()
        api.llama_memory_seq_rm(self._memory, 0, reused, -1)
        for first in range(reused, len(tokens), BATCH_TOKENS):
            self._decode(tokens[first : first + BATCH_TOKENS])
        for _ in range(count):
            logits = api.llama_get_logits_ith(self._context, -1)
            self._decode([int(np.ctypeslib.as_array(logits, shape=(self._columns,)).argmax())])
        seconds = time.perf_counter() - start
        self._filled = len(tokens) + count
        return seconds

    def close(self) -> None:
        """Free the context."""
        api.llama_free(self._context)

    def _decode(self, tokens: Sequence[int]) -> None:
        buffer = (ctypes.c_int32 * len(tokens))(*tokens)
        code = api.llama_decode(self._context, api.llama_batch_get_one(buffer, len(tokens)))
        if code:
            raise EngineError(f"llama.cpp failed to decode {len(tokens)} tokens: code {code}")
