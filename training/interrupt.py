"""Ctrl-C and SIGTERM as a question that the loop asks when it suits it."""

from __future__ import annotations

import logging
import signal
import threading
import time
from types import FrameType, TracebackType
from typing import Any

log = logging.getLogger(__name__)

SAME_REQUEST_S = 1.0


class Interrupt:
    """Within its block a first signal only sets `asked`; a later one does what it always did.

    What follows at once is the same request: `torchrun` passes on the signal that a terminal has
    already sent to every process.
    """

    def __init__(self) -> None:
        """Set up nothing yet."""
        self.asked = False
        self._asked_at = 0.0
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Interrupt:
        """Take over the signals; outside the main thread there are none to take."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._ask)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the signals back."""
        self._give_back()

    def _ask(self, number: int, _frame: FrameType | None) -> None:
        if not self.asked:
            log.warning("%s: saving after this step", signal.Signals(number).name)
            self.asked, self._asked_at = True, time.monotonic()
        elif time.monotonic() - self._asked_at > SAME_REQUEST_S:
            self._give_back()
            signal.raise_signal(number)

    def _give_back(self) -> None:
        while self._before:
            number, handler = self._before.popitem()
            signal.signal(number, handler)
