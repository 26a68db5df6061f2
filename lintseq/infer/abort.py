"""The flag that stops llama.cpp in the middle of a prompt: by cancellation or by the clock."""

import ctypes
import sys
import threading
from typing import Any, Literal

Reason = Literal["time", "cancelled"]


class Abort:
    """A flag per request, set from other threads, read by llama.cpp without Python.

    llama.cpp asks a C function between the operations of its graph whether to go on. libc's
    strlen of this flag is that function, so that generation never waits for the interpreter.
    """

    def __init__(self) -> None:
        self._flag = (ctypes.c_char * 2)()
        self._lock = threading.Lock()
        self._current = -1
        self._cancelled = -1
        self._reason: Reason | None = None

    def begin(self, request_id: int) -> None:
        """Start a request; a cancellation that overtook it counts."""
        with self._lock:
            self._current = request_id
            self._reason = None
            self._flag[0] = b"\0"
            if self._cancelled == request_id:
                self._raise_flag("cancelled")

    def end(self) -> None:
        """End the request: nothing that arrives late stops the next one."""
        with self._lock:
            self._current = -1

    def cancel(self, request_id: int) -> None:
        """Stop this request, now or as soon as it begins."""
        with self._lock:
            self._cancelled = request_id
            if self._current == request_id:
                self._raise_flag("cancelled")

    def expire(self, request_id: int) -> None:
        """Stop this request if it still runs: its time is over."""
        with self._lock:
            if self._current == request_id:
                self._raise_flag("time")

    @property
    def reason(self) -> Reason | None:
        """Why the current request has to stop, or None."""
        return self._reason

    @property
    def address(self) -> int:
        """Where the flag lies, for the callback."""
        return ctypes.addressof(self._flag)

    def _raise_flag(self, reason: Reason) -> None:
        self._reason = self._reason or reason
        self._flag[0] = b"\1"


def flag_reader() -> Any:  # noqa: ANN401  a C function has no Python type
    """The address of strlen: for llama.cpp a function from a flag's address to a truth value."""
    library = ctypes.CDLL("msvcrt" if sys.platform == "win32" else None)
    return ctypes.cast(library.strlen, ctypes.c_void_p)
