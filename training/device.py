"""Where a model is trained, and how far the host runs ahead of it."""

from __future__ import annotations

import logging
import os
import platform
import shutil
from collections import deque

import torch

STEPS_AHEAD = 2
CPU_ROWS = 2
"""Rows that one thread takes through the model together: more need memory and gain nothing."""

log = logging.getLogger(__name__)


def choose_device(name: str, local_rank: int = 0) -> torch.device:
    """Return the device of this name; "auto" is CUDA if there is one, else the CPU.

    Args:
        local_rank: which of this machine's GPUs, where the name leaves it open.

    Raises:
        ValueError: There is no such device here.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    device = torch.device(name)
    if device.type not in ("cpu", "cuda"):
        raise ValueError(f'wanted "auto", "cpu" or "cuda", got {name!r}')
    if device.type == "cuda" and not torch.cuda.is_available():
        raise ValueError("wanted a CUDA device, but torch sees none here")
    return torch.device("cuda", local_rank) if name == "cuda" else device


def choose_micro_rows(rows: int, device: torch.device) -> int:
    """Return how many rows go through the model together: as asked, but few on a CPU."""
    return min(rows, CPU_ROWS) if device.type == "cpu" else rows


def can_compile(device: torch.device) -> bool:
    """Return whether torch can compile for a device; for a CPU it needs a C++ compiler."""
    if device.type != "cpu":
        return True
    compiler = os.environ.get("CXX", "g++")
    found = shutil.which(compiler) is not None
    if not found:
        log.warning("not compiled: there is no C++ compiler %s", compiler)
    return found


def describe_device(device: torch.device, processes: int, workers: int) -> str:
    """Return in words what a run runs on."""
    if device.type == "cuda":
        return f"{processes} x {torch.cuda.get_device_name(device)}"
    return f"{processes} x {workers} threads of {platform.processor() or platform.machine()}"


class Pace:
    """Keeps the host a few steps ahead of a GPU, no more.

    The host only queues work, in a fraction of the time that the work takes. Without a bound it
    would queue, at the rate that a clock shows now, what runs seconds later. The GPU always has
    further steps to do while the host waits.
    """

    def __init__(self, device: torch.device) -> None:
        """Begin with nothing queued."""
        self._device = device
        self._queued: deque[torch.cuda.Event] = deque()

    def step(self) -> None:
        """Note that a step was queued; wait for the one before the last few."""
        if self._device.type != "cuda":
            return
        event = torch.cuda.Event()  # type: ignore[no-untyped-call]
        event.record()
        self._queued.append(event)
        if len(self._queued) > STEPS_AHEAD:
            self._queued.popleft().synchronize()


def choose_workers(workers: int | None, device: torch.device) -> int:
    """Return the number of threads: as asked, else one a core on a CPU and one beside a GPU."""
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be at least 1, got {workers}")
    if device.type == "cuda":
        return 1
    return workers or _usable_cores()


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
