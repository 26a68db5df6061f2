"""What is kept for an open text from one request to the next."""

from dataclasses import dataclass, field

from lintseq.infer.ghost import Ghost
from lintseq.tasks import Snapshot
from server.habits import Habits
from server.offer import Offer
from server.proposer import Reply
from server.rhythm import Rhythm


@dataclass(frozen=True, slots=True)
class Memory:
    """What is kept for one text."""

    snapshot: Snapshot | None = None
    """The state that the model has read; the next prompt grows it while it can."""
    ghost: Ghost | None = None
    """What was last shown behind the cursor."""
    habits: Habits = field(default_factory=Habits)
    """What the user has done to it."""
    rhythm: Rhythm = field(default_factory=Rhythm)
    """How fast it is typed."""
    newest: object = None
    """Stands for the last request for inline text; an older one that still waits gives way."""
    asked: object = None
    """The parameters of the last custom request for a proposal; `reply` answered them."""
    reply: Reply | None = None
    offer: Offer | None = None
    """The proposal that is being stepped through."""


class Memories:
    """The memory of every open text; changed on the event loop only."""

    def __init__(self) -> None:
        self._memories: dict[str, Memory] = {}

    def get(self, uri: str) -> Memory:
        """What is kept for the text; nothing, for one never asked about."""
        return self._memories.get(uri, Memory())

    def keep(self, uri: str, memory: Memory) -> None:
        """Keep `memory` for the text."""
        self._memories[uri] = memory

    def forget(self, uri: str) -> None:
        """Keep nothing any more."""
        self._memories.pop(uri, None)
