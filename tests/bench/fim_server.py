"""The same keys through llama.cpp's own server with a plain fill-in-the-middle prompt.

The request is the one that llama.vim sends (Source: github.com/ggml-org/llama.vim, 2026): 256 lines
in front of the cursor's, 64 behind, the line itself as the prompt, the cache kept, one line wanted.
A model without tokens for fill-in-the-middle is served under stand-ins for them: what it answers is
then worth nothing, what it costs is the same.
"""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gguf

from tests.bench.trace import Trace

_BEFORE, _AFTER = 256, 64
_TOKENS = 96
_READY_S = 60.0
_FIM = {
    "tokenizer.ggml.fim_pre_token_id": 8188,
    "tokenizer.ggml.fim_suf_token_id": 8187,
    "tokenizer.ggml.fim_mid_token_id": 8186,
}


@dataclass(frozen=True, slots=True)
class FimAnswer:
    """What a key led to; tokens as the server counts them."""

    ms: float
    cached: int
    evaluated: int
    generated: int


def type_into_llama_server(
    traces: Iterable[Trace], path: Path, threads: int, program: Path
) -> list[FimAnswer]:
    """The answer to each key, one after the other.

    Raises:
        OSError: the server does not start.
    """
    with TemporaryDirectory() as folder:
        model = with_fim_tokens(path, Path(folder) / "model.gguf")
        context = int(gguf.GGUFReader(model).fields["llama.context_length"].contents())
        with _served(model, threads, context, program) as address:
            return [answer for trace in traces for answer in _typed(trace, address)]


def with_fim_tokens(path: Path, copy: Path) -> Path:
    """The model, or a copy with tokens for fill-in-the-middle if it has none."""
    reader = gguf.GGUFReader(path)
    if "tokenizer.ggml.fim_pre_token_id" in reader.fields:
        return path
    writer = gguf.GGUFWriter(copy, "llama")
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name == "general.architecture":
            continue
        kind = field.types[0]
        inner = field.types[-1] if kind is gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(name, field.contents(), kind, sub_type=inner)
    size = len(reader.fields["tokenizer.ggml.tokens"].data)
    for name, token in _FIM.items():
        writer.add_uint32(name, token % size)
    for tensor in reader.tensors:
        writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return copy


@contextmanager
def _served(model: Path, threads: int, context: int, program: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(program), "--model", str(model), "--port", str(port), "--parallel", "1"]
    command += ["--threads", str(threads), "--ctx-size", str(context), "--flash-attn", "on"]
    # As much of the file as a batch takes is read: three quarters of it in front of the cursor.
    command += ["--cache-reuse", "256", "--batch-size", str(context - _TOKENS - 64)]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(address, process)
        yield address
    finally:
        process.kill()
        process.wait()


def _wait_until_ready(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _READY_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise OSError(f"{process.args!r} serves nothing within {_READY_S:.0f} s")


def _typed(trace: Trace, address: str) -> Iterator[FimAnswer]:
    for key, text in zip(trace.keys, trace.texts(), strict=True):
        line, character = key.after
        lines = text.split("\n")
        body = {
            "input_prefix": "\n".join(lines[max(line - _BEFORE, 0) : line]) + "\n",
            "prompt": lines[line][:character],
            "input_suffix": lines[line][character:]
            + "\n"
            + "\n".join(lines[line + 1 : line + 1 + _AFTER]),
            "n_predict": _TOKENS,
            "stop": ["\n"],
            "temperature": 0,
            "cache_prompt": True,
            "t_max_prompt_ms": 500,
            "t_max_predict_ms": 1000,
        }
        started = time.perf_counter()
        answer = _post(f"{address}/infill", body)
        ms = (time.perf_counter() - started) * 1000
        timings = answer["timings"]
        yield FimAnswer(ms, timings["cache_n"], timings["prompt_n"], timings["predicted_n"])


def _post(url: str, body: dict[str, Any]) -> dict[str, Any]:
    data = json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            answer: dict[str, Any] = json.load(response)
    except urllib.error.HTTPError as error:
        raise OSError(f"{url}: {error.read().decode()}") from error
    return answer
