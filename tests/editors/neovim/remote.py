"""Neovim's remote interface: requests in msgpack over a socket, one after the other."""

import socket
import time
from itertools import count
from pathlib import Path
from typing import Any

import msgpack

_REQUEST, _RESPONSE = 0, 1
_TIMEOUT_S = 30.0
_CHUNK = 65536
_STEP_S = 0.02


class Remote:
    """A connection to one Neovim."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(_TIMEOUT_S)
        end = time.monotonic() + _TIMEOUT_S
        while self._socket.connect_ex(str(path)) != 0:  # it may be there before it listens
            if time.monotonic() > end:
                self._socket.close()
                raise TimeoutError(f"nobody listens at {path}")
            time.sleep(_STEP_S)
        self._unpacker = msgpack.Unpacker(strict_map_key=False)
        self._numbers = count()

    def request(self, method: str, *arguments: object) -> Any:  # noqa: ANN401  any JSON value
        """The answer.

        Raises:
            RuntimeError: Neovim answers with an error.
        """
        number = next(self._numbers)
        self._socket.sendall(msgpack.packb([_REQUEST, number, method, arguments]))
        while True:
            for message in self._unpacker:
                if message[:2] == [_RESPONSE, number]:
                    if message[2]:
                        raise RuntimeError(message[2])
                    return message[3]
            data = self._socket.recv(_CHUNK)
            if not data:
                raise RuntimeError("Neovim has ended")
            self._unpacker.feed(data)

    def close(self) -> None:
        """End the connection; Neovim goes on."""
        self._socket.close()
