"""Where a model is trained."""

from __future__ import annotations

import os

import torch


def choose_device(name: str) -> torch.device:
    """Return the device of this name; "auto" is CUDA if there is one, else the CPU.

    Raises:
        ValueError: There is no such device here.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    device = torch.device(name)
    if device.type == "cuda" and not torch.cuda.is_available():
        raise ValueError("wanted a CUDA device, but torch sees none here")
    if device.type not in ("cpu", "cuda"):
        raise ValueError(f'wanted "auto", "cpu" or "cuda", got {name!r}')
    return device


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
