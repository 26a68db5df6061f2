"""A time in which nothing appears by itself."""

import time
from collections.abc import Callable
from datetime import UTC, datetime


class Snooze:
    """Over when its time is; nothing has to run meanwhile."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._until = 0.0

    def begin(self, minutes: float) -> None:
        """Be quiet for so many minutes from now; for 0, no more."""
        self._until = self._now() + 60 * minutes

    @property
    def until(self) -> datetime | None:
        """When it is over; None if it is."""
        is_over = self._now() >= self._until
        return None if is_over else datetime.fromtimestamp(self._until, UTC)
