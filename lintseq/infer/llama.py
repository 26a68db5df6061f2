"""llama.cpp's C interface with types: a model, its vocabulary, and one context to decode in.

Only one thread may use a `Context`; tokenizing is safe from any. Nothing here may be forked.
"""

import ctypes
import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import llama_cpp.llama_cpp as api
import numpy as np
from numpy.typing import NDArray

from lintseq.errors import EngineError
from lintseq.infer.abort import Abort, flag_reader
from lintseq.infer.backend import load_backend

# V vocabulary
Logits = NDArray[np.float32]

BATCH_TOKENS = 512
# Of enum ggml_log_level in ggml.h; the binding's own table is of an older version.
_ERROR = 4

logger = logging.getLogger(__name__)


class Aborted(Exception):  # noqa: N818  not an error
    """The abort flag stopped a decode; the tokens of that call are not in the cache."""


class CacheFull(Exception):  # noqa: N818  not an error
    """No room in the cache for a batch; the cache is as before."""


@dataclass(frozen=True, slots=True)
class ContextOptions:
    """How a context is made."""

    tokens: int
    """Positions of one sequence."""
    sequences: int
    spare_tokens: int | None
    """Cache cells beyond those, for the sequences that branch off; they share those of the first.

    None gives each sequence a cache of its own for all its positions. It takes more memory, but
    attention does not pass over the cells of the others: 16 sequences of 300 tokens are decoded
    1.5 times as fast.
    """
    generation_threads: int
    prompt_threads: int


@dataclass(frozen=True, slots=True)
class Entry:
    """Tokens of one sequence, to be decoded from `position` on."""

    sequence: int
    position: int
    tokens: Sequence[int]
    wanted: tuple[int, ...]
    """Indices into `tokens` after which logits are wanted."""


def log_errors_only() -> None:
    """Have llama.cpp tell `logging` what went wrong, and write nothing to stderr itself."""
    api.llama_log_set(_log, ctypes.c_void_p(0))


@api.llama_log_callback  # type: ignore[untyped-decorator]
def _log(level: int, text: bytes, _user_data: object) -> None:
    if level == _ERROR:
        logger.error("%s", text.decode("utf-8", "replace").rstrip())


class Model:
    """A loaded GGUF.

    Raises:
        EngineError: llama.cpp cannot load `path`.
    """

    def __init__(self, path: Path) -> None:
        log_errors_only()
        load_backend()
        api.llama_backend_init()
        parameters = api.llama_model_default_params()
        # Weights in use would change with a mapped file, and end the process if it is cut short.
        parameters.use_mmap = False
        self.pointer = api.llama_model_load_from_file(os.fsencode(path), parameters)
        if not self.pointer:
            raise EngineError(f"llama.cpp cannot load {path}: damaged, or not a language model")
        self._vocabulary = api.llama_model_get_vocab(self.pointer)
        self.vocabulary_size = int(api.llama_vocab_n_tokens(self._vocabulary))
        self.trained_context = int(api.llama_model_n_ctx_train(self.pointer))
        self.parameters = int(api.llama_model_n_params(self.pointer))
        name = api.llama_ftype_name(api.llama_model_ftype(self.pointer))
        self.quantization = name.decode() if name else "unknown"

    def metadata(self) -> dict[str, str]:
        """The key-value pairs of the file that are not arrays, values as text."""
        pairs = {}
        for index in range(api.llama_model_meta_count(self.pointer)):
            key = _text(api.llama_model_meta_key_by_index, self.pointer, index)
            value = _text(api.llama_model_meta_val_str_by_index, self.pointer, index)
            pairs[key] = value
        return pairs

    def tokenize(self, text: bytes, *, parse_special: bool = False) -> list[int]:
        """The tokens of UTF-8 text; control tokens written in it are text, unless parsed."""
        size = len(text) + 8
        while True:
            buffer = (api.llama_token * size)()
            count = api.llama_tokenize(
                self._vocabulary, text, len(text), buffer, size, False, parse_special
            )
            if count >= 0:
                return buffer[:count]
            size = -count

    def piece(self, token: int) -> bytes:
        """The bytes a token stands for; none for a control token."""
        size = 64
        while True:
            buffer = ctypes.create_string_buffer(size)
            count = api.llama_token_to_piece(self._vocabulary, token, buffer, size, 0, False)
            if count >= 0:
                return buffer.raw[:count]
            size = -count

    def is_control(self, token: int) -> bool:
        """Whether text never becomes this token."""
        return bool(api.llama_vocab_is_control(self._vocabulary, token))


class Context:
    """A cache of sequences and the means to extend them.

    Raises:
        EngineError: there is no memory for it.
    """

    def __init__(self, model: Model, options: ContextOptions, abort: Abort) -> None:
        self._options = options
        self._columns = model.vocabulary_size
        self._pointer = api.llama_init_from_model(model.pointer, _parameters(options))
        if not self._pointer:
            raise EngineError(f"no context of {options.tokens} tokens: out of memory?")
        self._memory = api.llama_get_memory(self._pointer)
        # The context keeps the two addresses, so this object keeps what lies there.
        self._abort = abort
        self._callback = ctypes.cast(flag_reader(), api.ggml_abort_callback)
        api.llama_set_abort_callback(self._pointer, self._callback, ctypes.c_void_p(abort.address))
        self._batch = api.llama_batch_init(BATCH_TOKENS, 0, 1)
        for index in range(BATCH_TOKENS):
            self._batch.n_seq_id[index] = 1

    def decode(self, entries: Sequence[Entry]) -> list[Logits]:
        """Logits (V,) after the wanted tokens, in order; valid until the next call.

        Raises:
            Aborted: the flag was set; the cache is as before the call.
            CacheFull: the cache is as before the call.
            EngineError: llama.cpp failed.
        """
        wanted = self._fill(entries)
        code = api.llama_decode(self._pointer, self._batch)
        if code == 0:
            return [self._logits(index) for index in wanted]
        for entry in entries:
            self.truncate(entry.sequence, entry.position)
        if code == 1:
            raise CacheFull
        if code == 2:
            raise Aborted
        raise EngineError(f"llama.cpp failed to decode {len(entries)} sequences: code {code}")

    def truncate(self, sequence: int, position: int) -> None:
        """Forget what a sequence has from `position` on."""
        api.llama_memory_seq_rm(self._memory, sequence, position, -1)

    def clear(self) -> None:
        """Forget all sequences, and where in the cache they lay."""
        api.llama_memory_clear(self._memory, False)

    def branch(self, source: int, target: int) -> None:
        """Let `target` begin with all that `source` has; the cells are shared."""
        api.llama_memory_seq_rm(self._memory, target, -1, -1)
        api.llama_memory_seq_cp(self._memory, source, target, -1, -1)

    def use_threads(self, *, prompt: bool) -> None:
        """Decode batches with the threads meant for prompts, or with those for generation."""
        options = self._options
        batch = options.prompt_threads if prompt else options.generation_threads
        api.llama_set_n_threads(self._pointer, options.generation_threads, batch)

    def _fill(self, entries: Iterable[Entry]) -> list[int]:
        batch = self._batch
        count = 0
        wanted: list[int] = []
        for entry in entries:
            wanted += [count + index for index in entry.wanted]
            for offset, token in enumerate(entry.tokens):
                batch.token[count] = token
                batch.pos[count] = entry.position + offset
                batch.seq_id[count][0] = entry.sequence
                batch.logits[count] = 0
                count += 1
        for index in wanted:
            batch.logits[index] = 1
        batch.n_tokens = count
        return wanted

    def _logits(self, index: int) -> Logits:
        pointer = api.llama_get_logits_ith(self._pointer, index)
        if not pointer:
            raise EngineError(f"llama.cpp has no logits for token {index} of the batch")
        return np.ctypeslib.as_array(pointer, shape=(self._columns,))


def _parameters(options: ContextOptions) -> api.llama_context_params:
    parameters: api.llama_context_params = api.llama_context_default_params()
    if options.spare_tokens is None:
        parameters.n_ctx = options.tokens * options.sequences
    else:
        parameters.n_ctx = options.tokens + options.spare_tokens
    parameters.n_batch = parameters.n_ubatch = BATCH_TOKENS
    parameters.n_seq_max = options.sequences
    # Of each sequence at most the logits of a decision and of the last token are read; room for
    # those of a whole batch would be tens of megabytes.
    parameters.n_outputs_max = 2 * options.sequences
    parameters.n_outputs_max_per_seq = 2
    parameters.n_threads = options.generation_threads
    parameters.n_threads_batch = options.prompt_threads
    parameters.flash_attn_type = api.LLAMA_FLASH_ATTN_TYPE_ENABLED
    parameters.kv_unified = options.spare_tokens is not None
    parameters.no_perf = True
    return parameters


def _text(function: object, pointer: object, index: int) -> str:
    size = 256
    while True:
        buffer = ctypes.create_string_buffer(size)
        length = function(pointer, index, buffer, size)  # type: ignore[operator]
        if length < size:
            return buffer.raw[: max(length, 0)].decode("utf-8", "replace")
        size = length + 1
