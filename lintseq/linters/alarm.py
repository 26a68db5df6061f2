"""A time limit for Python code that cannot be asked to stop.

A thread waits for the time to pass and then has the interpreter raise `TimeUp` in the thread that
works, wherever that is. Signals would do it in the main thread only, and not on Windows. CPython
only. A call into C is not interrupted; where nothing can be raised, as in a destructor, the
interpreter writes that to stderr, and the alarm rings again.
"""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class TimeUp(BaseException):
    """The time is up. No `Exception`, so that the code at work does not catch it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Run the block; `TimeUp` is raised within it when `seconds` have passed."""
    worker = threading.get_ident()
    lock = threading.Lock()
    over = threading.Event()

    def ring() -> None:
        wait_s = seconds
        while not over.wait(wait_s):
            with lock:
                if not over.is_set():
                    _raise_in(worker, TimeUp)
            wait_s = 1.0

    def stop() -> None:
        with lock:
            over.set()
            # It may have rung just now, and would interrupt the caller.
            _raise_in(worker, None)

    threading.Thread(target=ring, daemon=True).start()
    try:
        yield
    finally:
        try:
            stop()
        except TimeUp:
            stop()


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Have `error` raised in a thread; None takes back what was not raised yet."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread), ctypes.py_object(error) if error else None
    )
