"""The process that holds the model: `python -P -m lintseq.infer.worker MODEL`.

llama.cpp can end its process (a damaged file, a lack of memory) and must not be forked, so it
lives alone in one. The main thread is the only one that decodes; another reads messages, so that
a cancellation is seen at once. The worker ends when its standard input does.
"""

import argparse
import ctypes
import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from lintseq.errors import EngineError
from lintseq.format import FORMAT_VERSION
from lintseq.infer import wire
from lintseq.infer.abort import Abort
from lintseq.infer.decode import Decoder
from lintseq.infer.llama import Context, ContextOptions, Model
from lintseq.infer.request import MAX_SAMPLES, ModelInfo, PromptTooLong, Request
from lintseq.infer.vocabulary import Vocabulary

# Cache cells for the tokens by which candidates differ: 16 of 128, or 8 of 256.
_SPARE_TOKENS = 2048
_PARAMETERS_A_THREAD = 20_000_000
_PR_SET_PDEATHSIG = 1  # of linux/prctl.h

logger = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code, when the standard input has ended."""
    arguments = _parser().parse_args(argv)
    output = _take_stdout()
    logging.basicConfig(stream=sys.stderr, format="%(message)s")
    # Ctrl-C in a terminal reaches this process too; it is the engine's to end it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with_parent()
    try:
        worker = _Worker(arguments, output)
    except EngineError as error:
        wire.write_message(output, {"error": str(error)})
        return 1
    worker.serve()
    return 0


class _Worker:
    def __init__(self, arguments: argparse.Namespace, output: BinaryIO) -> None:
        path: Path = arguments.model
        self._output = output
        self._output_lock = threading.Lock()
        self._requests: queue.SimpleQueue[tuple[int, Request]] = queue.SimpleQueue()
        self._abort = Abort()
        model = Model(path)
        metadata = model.metadata()
        _check_format(metadata, path)
        self._vocabulary = Vocabulary(model)
        tokens = min(arguments.context or model.trained_context, model.trained_context)
        threads = arguments.threads or _threads(model.parameters)
        options = ContextOptions(
            tokens=tokens,
            sequences=MAX_SAMPLES,
            spare_tokens=None if arguments.separate else _SPARE_TOKENS,
            generation_threads=threads,
            prompt_threads=threads,
        )
        self._decoder = Decoder(
            Context(model, options, self._abort), self._vocabulary, self._abort, tokens
        )
        self._info = ModelInfo(
            name=metadata.get("general.name", path.stem),
            path=path,
            format_version=FORMAT_VERSION,
            linter=metadata.get("lintseq.linter", ""),
            context=tokens,
            quantization=model.quantization,
            size_bytes=path.stat().st_size,
            parameters=model.parameters,
            metadata=metadata,
        )

    def serve(self) -> None:
        """Answer requests; never returns, the reader ends the process."""
        self._send({"model": wire.encode_info(self._info)})
        threading.Thread(target=self._read, name="reader", daemon=True).start()
        while True:
            self._answer(*self._requests.get())

    def _read(self) -> None:
        try:
            self._read_messages()
        except Exception:  # the edge of the process: nobody would read any more
            logger.exception("cannot read what is asked")
        finally:
            # A decode may be running, so nothing is torn down.
            os._exit(0)

    def _read_messages(self) -> None:
        while (message := wire.read_message(sys.stdin.buffer)) is not None:
            match message["do"]:
                case "generate":
                    self._requests.put((message["id"], wire.decode_request(message["request"])))
                case "cancel":
                    self._abort.cancel(message["id"])
                case "count":
                    # Tokenizing is the one use of llama.cpp that is safe from any thread.
                    tokens = self._vocabulary.tokens(wire.decode_segments(message["prompt"]))
                    self._send({"id": message["id"], "count": len(tokens)})

    def _answer(self, request_id: int, request: Request) -> None:
        self._abort.begin(request_id)
        timer = threading.Timer(request.budget_ms / 1000, self._abort.expire, [request_id])
        timer.start()
        try:
            answer = self._decoder.answer(request)
        except EngineError as error:
            is_too_long = isinstance(error, PromptTooLong)
            self._send({"id": request_id, "error": str(error), "is_too_long": is_too_long})
        except MemoryError:
            logger.exception("request %d failed", request_id)
            # What is left of this process would fail again; the next one begins with nothing.
            os._exit(1)
        except Exception as error:  # the edge of the process: the caller gets to know
            logger.exception("request %d failed", request_id)
            # Not its repr, which may hold the whole text.
            reason = f"{type(error).__name__}: {error}"
            self._send({"id": request_id, "error": reason, "is_too_long": False})
        else:
            self._send({"id": request_id, "answer": wire.encode_answer(answer)})
        finally:
            self._abort.end()
            timer.cancel()

    def _send(self, message: wire.Message) -> None:
        with self._output_lock:
            wire.write_message(self._output, message)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Hold a model and answer over pipes.")
    parser.add_argument("model", type=Path)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--context", type=int, help="tokens; at most what the model was made for")
    parser.add_argument(
        "--separate", action="store_true", help="give each candidate a cache of its own"
    )
    return parser


def _take_stdout() -> BinaryIO:
    # What a C library prints must not end up between two messages.
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return output


def _die_with_parent() -> None:
    # The end of the standard input says the same; this holds even while a copy of it stays open.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _check_format(metadata: dict[str, str], path: Path) -> None:
    version = metadata.get("lintseq.format_version")
    if version is None:
        raise EngineError(f"{path} is no LintSeq model: it has no lintseq.format_version")
    if version != str(FORMAT_VERSION):
        raise EngineError(
            f"{path} is of format version {version}, this program needs {FORMAT_VERSION}"
        )


def _threads(parameters: int) -> int:
    """As many threads as the model has work for, and one core always free.

    A thread that waits for a busy core stalls all the others: with every core at work elsewhere a
    request to a model of 7M parameters took 0.3 s with one thread and 2 s with three.
    """
    return max(1, min(_cores() - 1, 1 + parameters // _PARAMETERS_A_THREAD))


def _cores() -> int:
    # Not everywhere; where it is, it knows what this process may use.
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


if __name__ == "__main__":
    sys.exit(main())
