"""How a benchmark asks: timed, with a progress bar, and with a smaller window where it must."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import track

from lintseq.infer.ask import Completion
from lintseq.infer.ghost import TOO_LONG
from lintseq.infer.request import PromptTooLong
from lintseq.tasks import Window, windows

T = TypeVar("T")

BUDGET_MS = 20_000
"""Nobody waits at a keyboard: a slow machine is to give the answers of a fast one."""

log = logging.getLogger(__name__)


def timed(ask: Callable[[], T]) -> tuple[T, float]:
    """What came of it, and the milliseconds it took."""
    started = time.perf_counter()
    found = ask()
    return found, (time.perf_counter() - started) * 1000


def in_largest_window(ask: Callable[[Window], Completion]) -> Completion:
    """What came of the largest window that the model can read."""
    for window in windows():
        try:
            return ask(window)
        except PromptTooLong:
            continue
    return Completion(silent=TOO_LONG)


def collect(outcomes: Iterator[T], total: int, description: str) -> list[T]:
    """All outcomes; after Ctrl-C those that there are.

    Raises:
        KeyboardInterrupt: it came before the first outcome.
    """
    shown: Iterable[T] = track(
        outcomes, description, total, console=Console(stderr=True), transient=True
    )
    collected: list[T] = []
    try:
        for outcome in shown:
            collected.append(outcome)
    except KeyboardInterrupt:
        if not collected:
            raise
        log.warning("interrupted: the figures are those of %d of %d", len(collected), total)
    return collected
