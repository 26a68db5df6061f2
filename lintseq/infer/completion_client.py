"""One request to a server that speaks OpenAI's `/completions`, ended when it is cancelled.

The only network code there is. It runs for a server that the user has named, and for no other.
"""

import http.client
import json
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from lintseq.errors import EngineError

_POLL_S = 0.01
_CONNECT_S = 5.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server is."""

    url: str
    """Up to the last part of the path: `http://host:8080/v1`."""
    model: str = ""
    """What the server calls the model; not needed where it has one only."""

    def __post_init__(self) -> None:
        if self.parts.scheme not in ("http", "https") or not self.parts.hostname:
            raise ValueError(f"wanted an address such as http://host:8080/v1, got {self.url!r}")

    @property
    def parts(self) -> SplitResult:
        """The address, taken apart."""
        return urlsplit(self.url.rstrip("/"))


class Cancelled(Exception):  # noqa: N818  nothing went wrong
    """Nobody waits for the answer any more."""


def completed(
    endpoint: Endpoint, body: dict[str, Any], timeout_s: float, cancel: threading.Event | None
) -> dict[str, Any]:
    """The server's answer to `body`.

    Raises:
        Cancelled: `cancel` was set; the connection is closed, by which the server ends its work.
        EngineError: there is no server, it refuses, or it takes longer than `timeout_s`.
    """
    connection = _connection(endpoint, timeout_s)
    answer: Future[dict[str, Any]] = Future()
    thread = threading.Thread(target=_ask, args=(connection, endpoint, body, answer), daemon=True)
    thread.start()
    while True:
        if cancel is not None and cancel.is_set():
            _close(connection)
            raise Cancelled
        try:
            return answer.result(_POLL_S)
        except NotYet:
            continue
        except (OSError, http.client.HTTPException, ValueError) as error:
            if cancel is not None and cancel.is_set():
                raise Cancelled from error
            raise EngineError(f"{endpoint.url}: {error}") from error


def _connection(endpoint: Endpoint, timeout_s: float) -> http.client.HTTPConnection:
    parts = endpoint.parts
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=max(timeout_s, _CONNECT_S))


def _ask(
    connection: http.client.HTTPConnection,
    endpoint: Endpoint,
    body: dict[str, Any],
    answer: "Future[dict[str, Any]]",
) -> None:
    named = {"model": endpoint.model} if endpoint.model else {}
    headers = {"Content-Type": "application/json"}
    try:
        data = json.dumps(named | body)
        connection.request("POST", f"{endpoint.parts.path}/completions", data, headers)
        response = connection.getresponse()
        text = response.read().decode("utf-8", "replace")
        if response.status != http.client.OK:
            raise ValueError(f"{response.status} {response.reason}: {text[:200]}")
        answer.set_result(json.loads(text))
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        # A connection that was closed meanwhile has no socket any more.
        answer.set_exception(error if not isinstance(error, AttributeError) else OSError("closed"))
    finally:
        connection.close()


def _close(connection: http.client.HTTPConnection) -> None:
    if connection.sock is not None:
        connection.sock.close()
