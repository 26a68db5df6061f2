"""What the server is doing and why it may be silent, for people and for their editor."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import median, quantiles

_KEPT_LATENCIES, _RECENT = 200, 20


class State(StrEnum):
    """What a user can expect of the server right now."""

    LOADING = "loading"
    READY = "ready"
    BUSY = "busy"
    SILENT = "silent"


class Outcome(StrEnum):
    """How a request for a proposal ended; the names of the counters."""

    SHOWN = "shown"
    SILENT = "silent"
    STALE = "stale"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from a request to its answer, over the last requests."""

    count: int = 0
    p50: float | None = None
    p90: float | None = None
    p99: float | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """The answer to `lintseq/status`, and what the notification of that name carries."""

    state: State = State.LOADING
    reason: str = "the model is being loaded"
    model: str | None = None
    latency: Latency = Latency()
    counts: dict[str, int] | None = None
    memory_mb: float | None = None
    """Of the server and of the model's process together; only in the answer to the request."""


class StatusBoard:
    """Keeps the status and tells `listener` whenever state or reason change.

    Changed on the event loop only.
    """

    def __init__(self, listener: Callable[[Status], None]) -> None:
        self._listener = listener
        self._status = Status()
        self._latencies_ms: deque[float] = deque(maxlen=_KEPT_LATENCIES)
        self._counts = dict.fromkeys((outcome.value for outcome in Outcome), 0)

    def status(self) -> Status:
        """The status now, with its figures."""
        return replace(self._status, latency=self._latency(), counts=dict(self._counts))

    def set(self, state: State, reason: str = "", *, model: str | None = None) -> None:
        """Show `state` and `reason`; `model`, once given, stays."""
        changed = replace(
            self._status, state=state, reason=reason, model=model or self._status.model
        )
        if changed != self._status:
            self._status = changed
            self._listener(self.status())

    def count(self, outcome: Outcome, elapsed_ms: float | None = None) -> None:
        """Count the end of one request; answered ones add to the latency."""
        self._counts[outcome.value] += 1
        if elapsed_ms is not None:
            self._latencies_ms.append(elapsed_ms)

    def usual_ms(self) -> float:
        """What an answer has usually taken of late; 0 before the first one."""
        newest = list(self._latencies_ms)[-_RECENT:]
        return median(newest) if newest else 0.0

    def _latency(self) -> Latency:
        values = list(self._latencies_ms)
        if not values:
            return Latency()
        cuts = quantiles(values, n=100, method="inclusive") if len(values) > 1 else values * 99
        return Latency(len(values), *(round(cuts[percent - 1], 1) for percent in (50, 90, 99)))
