"""A bar on stderr: how many records are done, how fast, and how long it will still take."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


class RecordProgress:
    """Shown between entering and leaving; where stderr is no terminal, a last line only."""

    def __init__(self) -> None:
        self._progress = Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[speed]:,.0f}/s"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._task = self._progress.add_task("", total=None, speed=0.0)
        self._began: tuple[float, int] | None = None

    def __enter__(self) -> Self:
        """Show it."""
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave it as it is."""
        self._progress.stop()

    def show(self, done: int, total: int) -> None:
        """Move it. What was done at the first call is not counted as speed."""
        now = time.monotonic()
        if self._began is None:
            self._began = (now, done)
        since, before = self._began
        speed = (done - before) / max(now - since, 1e-9)
        self._progress.update(self._task, completed=done, total=total, speed=speed)
