"""What a run leaves for people while it goes on: metrics, picture, samples, and a progress bar.

The picture is drawn when somebody may look: every half minute at most, and at the end.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Protocol

from training.loss_plot import plot_losses
from training.metrics import (
    HeldOutMetrics,
    Sample,
    StepMetrics,
    append_metrics,
    read_metrics,
)
from training.progress import RunProgress
from training.run_folder import METRICS, PICTURE, SAMPLES

log = logging.getLogger(__name__)

DRAW_EVERY_S = 30.0


class Records(Protocol):
    """Where the loop sends what it found."""

    def __enter__(self) -> Records: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def steps(self, metrics: StepMetrics) -> None:
        """Take the figures of some steps."""
        ...

    def held_out(self, metrics: HeldOutMetrics) -> None:
        """Take the figures over held-out rows."""
        ...

    def samples(self, samples: Iterable[Sample]) -> None:
        """Take what the model wrote."""
        ...

    def draw(self) -> None:
        """Bring the picture up to date."""
        ...


class Recorder:
    """Writes into the folder of the run and onto the terminal."""

    def __init__(self, folder: Path) -> None:
        """Write into this folder."""
        self._folder = folder
        self._progress = RunProgress()
        self._drawn = time.monotonic()

    def __enter__(self) -> Recorder:
        """Show the bar."""
        self._progress.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        self._progress.__exit__(kind, error, trace)

    def steps(self, metrics: StepMetrics) -> None:
        """Write a line of figures, and show them."""
        append_metrics(self._folder / METRICS, metrics)
        self._progress.show(metrics)
        if time.monotonic() - self._drawn > DRAW_EVERY_S:
            self.draw()

    def held_out(self, metrics: HeldOutMetrics) -> None:
        """Write a line of figures, and say them."""
        append_metrics(self._folder / METRICS, metrics)
        bits = metrics.held_out_bits_per_byte
        log.info(
            "step %d: held-out loss %.4f, bits per byte %s",
            metrics.step,
            metrics.held_out_loss,
            "unknown" if bits is None else f"{bits:.4f}",
        )

    def samples(self, samples: Iterable[Sample]) -> None:
        """Write a line for each."""
        for sample in samples:
            append_metrics(self._folder / SAMPLES, sample)

    def draw(self) -> None:
        """Draw the loss."""
        records = read_metrics(self._folder / METRICS)
        if records:
            plot_losses({self._folder.name: records}, self._folder / PICTURE)
        self._drawn = time.monotonic()


class Silence:
    """What all processes but the first write to."""

    def __enter__(self) -> Silence:
        """Do nothing."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Do nothing."""

    def steps(self, metrics: StepMetrics) -> None:
        """Do nothing."""

    def held_out(self, metrics: HeldOutMetrics) -> None:
        """Do nothing."""

    def samples(self, samples: Iterable[Sample]) -> None:
        """Have the samples made: every process takes part in it."""
        for _ in samples:
            pass

    def draw(self) -> None:
        """Do nothing."""
