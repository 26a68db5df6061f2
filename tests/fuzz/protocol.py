"""The server's edge: any bytes instead of messages, in the process of the fuzzer, with no model."""

import asyncio
import contextlib
import io
import json
import logging
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pygls.io_ import StdoutWriter, run_async

from lintseq.errors import EngineError
from lintseq.infer.engine import Engine
from server.app import create_server
from server.options import Options
from tests.fuzz.bits import Bits

_INITIALIZE = {"id": "first", "method": "initialize", "params": {"capabilities": {}}}
_OPEN = {
    "method": "textDocument/didOpen",
    "params": {
        "textDocument": {"uri": "file:///a.py", "languageId": "python", "version": 1, "text": "x\n"}
    },
}
_ANSWER_S = 10.0


class _Bytes:
    """A client's side that has said all it says."""

    def __init__(self, data: bytes) -> None:
        self._stream = io.BytesIO(data)

    async def readline(self) -> bytes:
        await asyncio.sleep(0)
        return self._stream.readline()

    async def readexactly(self, size: int) -> bytes:
        await asyncio.sleep(0)
        return self._stream.read(size)


class _Writer(StdoutWriter):
    """What is written can be read when the server has closed it."""

    def close(self) -> None:
        """Leave it open."""


def talk(data: bytes) -> None:
    """Every request is answered once, and nothing but messages is written.

    The first byte says whether the rest is sent as it is, or as messages with their lengths.
    """
    bits = Bits(data)
    if bits.number(2):
        sent, ids = bits.data, None
    else:
        bodies = [body for body in bits.data.split(b"\x1e") if body]
        sent, ids = b"".join(map(_framed, bodies)), _ids(bodies)
    begun = b"".join(_framed(json.dumps({"jsonrpc": "2.0", **m}).encode()) for m in _BEGIN)
    with _silence():
        written = asyncio.run(_served(begun + sent))
    answers = _messages(written)
    answered = Counter(repr(answer["id"]) for answer in answers if "method" not in answer)
    assert answered[repr("first")] >= 1, "the first request is not answered"
    if ids is not None:
        left = {number: count for number, count in ids.items() if answered[number] < count}
        assert not left, f"not answered: {left}"


_BEGIN = (_INITIALIZE, _OPEN)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


async def _served(data: bytes) -> bytes:
    server = create_server(_no_model)
    written = io.BytesIO()
    server.protocol.set_writer(_Writer(written))
    stop = server._stop_event = threading.Event()
    with contextlib.suppress(SystemExit):
        await run_async(stop, _Bytes(data), server.protocol, None, server.report_server_error)
    waiting = asyncio.all_tasks() - {asyncio.current_task()}
    if waiting:
        await asyncio.wait(waiting, timeout=_ANSWER_S)
    # What is done is answered in the loop's next turn.
    await asyncio.sleep(0.001)
    server.proposer.close()
    server.thread_pool.shutdown()
    return written.getvalue()


def _no_model(_options: Options, _on_lost: object) -> Engine:
    raise EngineError("no model")


def _framed(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def _ids(bodies: list[bytes]) -> Counter[str]:
    """The ids of well-formed requests before the end of the session."""
    found: Counter[str] = Counter()
    for body in bodies:
        try:
            message: Any = json.loads(body)
        except (ValueError, RecursionError):
            continue
        if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
            continue
        method, number = message.get("method"), message.get("id")
        if method == "exit":
            # Whoever says so waits for no answer.
            return Counter()
        if isinstance(method, str) and type(number) in (int, str):
            found[repr(number)] = 1
    return found


def _messages(written: bytes) -> list[Any]:
    found = []
    rest = written
    while rest:
        head, _, rest = rest.partition(b"\r\n\r\n")
        length = int(head.split(b"Content-Length:")[1].split()[0])
        found.append(json.loads(rest[:length]))
        rest = rest[length:]
    return found
