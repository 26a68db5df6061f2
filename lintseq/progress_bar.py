"""A progress bar on stderr."""

from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import Progress, ProgressColumn


class ProgressBar:
    """Shown between entering and leaving; where stderr is no terminal, a last line only."""

    def __init__(
        self,
        *columns: ProgressColumn,
        total: float | None,
        is_transient: bool,
        **fields: Any,  # noqa: ANN401  whatever the columns show
    ) -> None:
        """Prepare it.

        Args:
            total: what is to be done in all, if that is known.
            is_transient: it goes away at the end.
            fields: what the columns show at the beginning.
        """
        console = Console(stderr=True)
        self._progress = Progress(*columns, console=console, transient=is_transient)
        self._task = self._progress.add_task("", total=total, **fields)

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
        """Leave it as it is, or take it away."""
        self._progress.stop()

    def move(self, done: float, total: float | None = None, **fields: Any) -> None:  # noqa: ANN401
        """Show how much is done, of how much if that has changed, and what the columns say."""
        self._progress.update(self._task, completed=done, total=total, **fields)
