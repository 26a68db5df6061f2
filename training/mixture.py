"""Which rows each step sees: several data sets, whose weights shift while the rate decays."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.packing import Shards, epoch_order
from training.rows import Rows, joined


@dataclass(frozen=True, slots=True)
class Source:
    """A packed data set and its weight before the decay and at its end."""

    folder: str
    start: float = 1.0
    end: float = 1.0

    def __post_init__(self) -> None:
        """Refuse negative weights."""
        if min(self.start, self.end) < 0:
            raise ValueError(f"weights are at least 0, got {self}")


class Mixture:
    """Rows drawn from several sources; within a source every row once per epoch."""

    def __init__(self, sources: Sequence[Source], seed: int) -> None:
        """Open all sources."""
        if not sources:
            raise ValueError("need at least one source of packed rows, got none")
        self._sources = tuple(sources)
        self._seed = seed
        self.shards = [Shards(Path(source.folder)) for source in sources]
        for source, shards in zip(sources, self.shards, strict=True):
            if not len(shards):
                raise ValueError(f"{source.folder} holds no rows")
            if shards.context != self.shards[0].context:
                raise ValueError(
                    f"the rows of one run have one length: wanted {self.shards[0].context} tokens"
                    f" as in {sources[0].folder}, got {shards.context} in {source.folder}"
                )
        self._order = [(-1, np.empty(0, dtype=np.int64)) for _ in sources]
        self.drawn = [0] * len(sources)
        """How many rows were drawn from each source so far: the whole state."""

    def draw(self, step: int, rows: int, decayed: float) -> Rows:
        """Return the next rows.

        Args:
            step: with the seed, decides which row comes from which source.
            rows: B.
            decayed: 0 = the weights at the start, 1 = those at the end.
        """
        weights = np.array(
            [source.start + (source.end - source.start) * decayed for source in self._sources]
        )
        if not weights.sum():
            raise ValueError(f"all weights are 0 at {decayed:.0%} of the decay")
        rng = np.random.default_rng([self._seed, step])
        chosen = rng.choice(len(weights), size=rows, p=weights / weights.sum())
        parts = [
            self.shards[source].batch(np.array([self._next(source)])) for source in chosen.tolist()
        ]
        return joined(parts)

    def epochs(self, drawn: Sequence[int]) -> tuple[float, ...]:
        """Return how often each source was seen when so many of its rows were drawn."""
        return tuple(count / len(each) for count, each in zip(drawn, self.shards, strict=True))

    def _next(self, source: int) -> int:
        rows = len(self.shards[source])
        epoch, place = divmod(self.drawn[source], rows)
        if self._order[source][0] != epoch:
            self._order[source] = (epoch, epoch_order(rows, epoch, self._seed))
        self.drawn[source] += 1
        return int(self._order[source][1][place])


@dataclass(frozen=True, slots=True)
class Draw:
    """The rows of one step, and the state of the mixture behind them."""

    rows: Rows
    drawn: tuple[int, ...]


class Ahead:
    """Draws each step's rows while the step before is computed."""

    def __init__(self, mixture: Mixture, rows: int) -> None:
        """Take over the mixture: nobody else draws from it."""
        self._mixture, self._rows = mixture, rows
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rows")
        self._next: Future[Draw] | None = None

    def take(self, step: int, decayed: float, decayed_next: float) -> Draw:
        """Return the rows of a step, and begin to draw those of the next.

        Args:
            decayed: the share of the decay that is done; counts for the first step alone.
            decayed_next: the same, as far as it is known, for the step that follows.
        """
        waiting = self._next or self._thread.submit(self._draw, step, decayed)
        draw = waiting.result()
        self._next = self._thread.submit(self._draw, step + 1, decayed_next)
        return draw

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(cancel_futures=True)

    def _draw(self, step: int, decayed: float) -> Draw:
        rows = self._mixture.draw(step, self._rows, decayed)
        return Draw(rows, tuple(self._mixture.drawn))
