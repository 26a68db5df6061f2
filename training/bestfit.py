"""Best fit: which examples share a row, decided in one pass over them."""

from __future__ import annotations

import bisect
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

Numbers = Sequence[int] | npt.NDArray[np.uint32] | npt.NDArray[np.bool_]
TokenizedExample = tuple[Numbers, Numbers]
"""Token ids of one example, and for each of them 1 if it is a target with loss, else 0."""


def pack(
    examples: Iterable[TokenizedExample], context: int, buffer: int
) -> Iterator[list[TokenizedExample]]:
    """Yield rows: lists of examples whose lengths add up to at most `context` tokens.

    A row starts with the example that waits longest and is filled with the longest waiting
    examples that fit: best fit within a bounded window, in one pass.
    """
    window = _Window()
    for example in examples:
        window.add(example)
        if len(window) >= buffer:
            yield window.take_row(context)
    while len(window):
        yield window.take_row(context)


class _Window:
    """Examples that wait, by age and by length."""

    def __init__(self) -> None:
        self._waiting: dict[int, TokenizedExample] = {}
        self._by_age: deque[int] = deque()
        self._by_length: list[tuple[int, int]] = []
        self._next = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, example: TokenizedExample) -> None:
        self._waiting[self._next] = example
        self._by_age.append(self._next)
        bisect.insort(self._by_length, (len(example[0]), self._next))
        self._next += 1

    def take_row(self, context: int) -> list[TokenizedExample]:
        row = [self._take(self._oldest())]
        room = context - len(row[0][0])
        while (place := bisect.bisect_right(self._by_length, (room, self._next)) - 1) >= 0:
            row.append(self._take(self._by_length[place][1]))
            room -= len(row[-1][0])
        return row

    def _oldest(self) -> int:
        while self._by_age[0] not in self._waiting:
            self._by_age.popleft()
        return self._by_age[0]

    def _take(self, key: int) -> TokenizedExample:
        example = self._waiting.pop(key)
        del self._by_length[bisect.bisect_left(self._by_length, (len(example[0]), key))]
        return example
