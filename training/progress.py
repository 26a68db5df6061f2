"""A training run's progress bar, on stderr."""

from __future__ import annotations

from rich.progress import BarColumn, TaskProgressColumn, TextColumn

from lintseq.progress_bar import ProgressBar
from training.metrics import StepMetrics


class RunProgress(ProgressBar):
    """Shows loss, speed, utilisation and the time that is left, and goes away at the end."""

    def __init__(self) -> None:
        """Prepare the bar of a plan."""
        super().__init__(
            TextColumn("step {task.fields[step]}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("loss {task.fields[loss]:.4f}  {task.fields[speed]:,.0f} tokens/s"),
            TextColumn("MFU {task.fields[utilization]:.1%}"),
            TextColumn("left {task.fields[left]}"),
            total=1.0,
            is_transient=True,
            step=0,
            loss=float("nan"),
            speed=0.0,
            utilization=0.0,
            left="?",
        )

    def show(self, metrics: StepMetrics) -> None:
        """Move the bar to where the run stands."""
        done = metrics.done
        left_s = metrics.elapsed_s / done - metrics.elapsed_s if done else 0.0
        self.move(
            done,
            step=metrics.step,
            loss=metrics.loss,
            speed=metrics.tokens_per_s,
            utilization=metrics.utilization,
            left=f"{int(left_s) // 60}:{int(left_s) % 60:02}",
        )
