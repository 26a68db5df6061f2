"""A training run's progress bar, on stderr."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from training.metrics import StepMetrics


class RunProgress:
    """Shows loss, speed, utilisation and the time that is left."""

    def __init__(self) -> None:
        """Prepare the bar of a plan."""
        self._progress = Progress(
            TextColumn("step {task.fields[step]}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("loss {task.fields[loss]:.4f}  {task.fields[speed]:,.0f} tokens/s"),
            TextColumn("MFU {task.fields[utilization]:.1%}"),
            TextColumn("left {task.fields[left]}"),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._progress.add_task(
            "train", total=1.0, step=0, loss=float("nan"), speed=0.0, utilization=0.0, left="?"
        )

    def __enter__(self) -> RunProgress:
        """Show the bar."""
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        self._progress.stop()

    def show(self, metrics: StepMetrics) -> None:
        """Move the bar to where the run stands."""
        done = metrics.done
        left_s = metrics.elapsed_s / done - metrics.elapsed_s if done else 0.0
        self._progress.update(
            self._task,
            completed=done,
            step=metrics.step,
            loss=metrics.loss,
            speed=metrics.tokens_per_s,
            utilization=metrics.utilization,
            left=f"{int(left_s) // 60}:{int(left_s) % 60:02}",
        )
