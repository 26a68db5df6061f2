"""A bar on stderr: how many records are done, how fast, and how long it will still take."""

import time

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

from lintseq.progress_bar import ProgressBar


class RecordProgress(ProgressBar):
    """Stays there at the end."""

    def __init__(self) -> None:
        super().__init__(
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[speed]:,.0f}/s"),
            TimeRemainingColumn(),
            total=None,
            is_transient=False,
            speed=0.0,
        )
        self._began: tuple[float, int] | None = None

    def show(self, done: int, total: int) -> None:
        """Move it. What was done at the first call is not counted as speed."""
        now = time.monotonic()
        if self._began is None:
            self._began = (now, done)
        since, before = self._began
        self.move(done, total, speed=(done - before) / max(now - since, 1e-9))
