"""Ghost text: what is shown behind the cursor, and what is left of it when the user types along.

The server shows it and the evaluation replays it, both by these rules: what was shown stays as
long as its own beginning is typed and the rest still lints clean; else the model is asked again.
"""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from lintseq.imports.known import Surroundings
from lintseq.infer.ask import Completion, Extent, Judgement, complete
from lintseq.infer.engine import Engine
from lintseq.infer.propose import Proposal, Rejected, verify_at_cursor
from lintseq.infer.request import PromptTooLong
from lintseq.tasks import CursorTask, Snapshot, Window, cursor_task, windows

THRESHOLDS: Mapping[str, float] = {"manual": 1.0, "low": 0.8, "normal": 0.6, "high": 0.3}
"""The confidence below which nothing appears unasked, by eagerness."""

TOO_LONG = "the text around the cursor is longer than the model can read"


@dataclass(frozen=True, slots=True)
class Ghost:
    """A verified text that the editor was given to show at the cursor."""

    text: str
    """The whole file it was made for."""
    offset: int
    """The cursor, in characters."""
    shown: str
    confidence: float
    where: Surroundings | None = None
    """From where imports that come with it may be known; None brings none along."""

    def after_typing(self, text: str, offset: int) -> "Ghost | None":
        """What is left of it in `text`, if nothing but its own beginning was typed since."""
        typed = offset - self.offset
        if not 0 <= typed < len(self.shown):
            return None
        if text != self.text[: self.offset] + self.shown[:typed] + self.text[self.offset :]:
            return None
        return replace(self, text=text, offset=offset, shown=self.shown[typed:])

    def verified(self) -> Proposal | Rejected:
        """The proposal to insert it, linted on the text as it is now."""
        return verify_at_cursor(self.text, self.offset, self.shown, self.confidence, self.where)


def write_ghost(
    engine: Engine,
    task: CursorTask,
    judgement: Judgement,
    cancel: threading.Event | None = None,
    extent: Extent = Extent(),  # noqa: B008  it is frozen
) -> tuple[Completion, Snapshot | None]:
    """What to show for the task, and the snapshot that the model has read; None if it read none.

    Where there is more text around the cursor than the model can read, it is asked with less.

    Raises:
        EngineError: the model is gone.
    """
    for fitting in chain([task], _smaller(task, extent.window)):
        try:
            completion = complete(engine, fitting, judgement, cancel, extent)
        except PromptTooLong:
            continue
        return completion, fitting.snapshot
    return Completion(silent=TOO_LONG), None


def _smaller(task: CursorTask, widest: Window) -> Iterator[CursorTask]:
    line = task.text.count("\n", 0, task.offset)
    for window in windows(widest):
        yield cursor_task(task.text, line, len(task.prefix), None, window)
