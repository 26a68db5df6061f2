"""A process that ends when the one that started it does, however that one ends."""

import multiprocessing
import os
import signal
import threading


def end_with_parent() -> None:
    """From now on, end this process when its parent has ended: to be called in the process.

    A pipe to a parent that was killed tells only who reads it, and only if no other process has
    the same pipe open. Ctrl-C, which reaches both, is for the parent.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_wait, daemon=True).start()


def _wait() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)
