"""How fast a recipe trains on this machine, and where the time goes.

Rows are random, in memory, one example each; nothing is read or written. Utilisation counts model
FLOPs (`training.utilization`); the profile is torch's own, of one further step.
"""

from __future__ import annotations

import re
import statistics
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.profiler import ProfilerActivity, profile

from training.device import choose_device, choose_micro_rows, choose_workers, describe_device
from training.gradients import Gradients
from training.model import build_model
from training.optimizer import Optimizer
from training.rows import Rows, one_example_each
from training.utilization import Speedometer, peak_flops

if TYPE_CHECKING:
    from training.loop import TrainConfig

# By the beginning of an operation's name; the first that fits counts.
KINDS: Mapping[str, str] = {
    "matrix products": r"aten::(mm|bmm|addmm|baddbmm|matmul|linear)|mkldnn|.*gemm",
    "attention": r".*(attention|flash|fmha|_CausalAttention|_softmax_backward_data)",
    "softmax, cross-entropy": r"aten::(_?softmax|logsumexp|gather|scatter)|_Summed",
    "optimizer": r".*(_fused_adamw|Optimizer|aten::(lerp|_foreach|linalg|norm))",
    "casts and copies": r"aten::(copy_|_to_copy|to|clone|contiguous|cat|fill_|zero_|empty)|Memcpy",
    "embedding, selection": r"aten::(embedding|index|index_select|masked)",
    "element by element": r"aten::|triton_|.*elementwise",
}


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured."""

    machine: str
    parameters: int
    row_tokens: int
    batch_rows: int
    micro_rows: int
    seconds_per_step: float
    """Median."""
    cpu_seconds_per_step: float
    """Of all threads; on a shared machine the firmer figure."""
    cpu_utilization: float | None
    """Share of the peak while a thread ran, whatever it waited; None on a GPU."""
    tokens_per_s: float
    utilization: float
    peak_tflops: float
    """Of the data sheet, or measured with a matrix product."""
    memory_gb: float | None
    """The most that a GPU held; None on a CPU."""
    kinds: Mapping[str, float]
    """Share of the profiled time by kind of operation."""
    operations: Mapping[str, float]
    """The same of single operations, the largest."""


def measure_speed(config: TrainConfig, steps: int, row_tokens: int | None = None) -> Speed:
    """Return the speed of a configuration over so many steps, after one that prepares.

    Args:
        row_tokens: tokens in a row; None = the model's context.
    """
    device = choose_device(config.device)
    workers = choose_workers(config.workers, device)
    micro_rows = choose_micro_rows(config.micro_rows, device)
    model = build_model(config.model, config.seed)
    torch.nn.Module.to(model, device)
    gradients = Gradients(
        model,
        workers=workers,
        micro_rows=micro_rows,
        compiled=config.compiled,
        separate=config.separate,
    )
    bench = _Bench(gradients, Optimizer(model, config.optimizer))
    try:
        rows = _random_rows(config, row_tokens or config.model.context)
        bench.step(rows)
        before_s = time.process_time()
        spent_s = statistics.median(bench.time_step(rows) for _ in range(steps))
        cpu_s = (time.process_time() - before_s) / steps
        operations = bench.profile_step(rows)
    finally:
        gradients.close()
    peak = peak_flops(device, workers)
    meter = Speedometer(config.model, rows.tokens.shape[1], peak)
    tokens, targets = rows.tokens.size, rows.targets
    is_cpu = device.type == "cpu"
    memory = None if is_cpu else torch.cuda.max_memory_allocated() / 1e9
    return Speed(
        machine=describe_device(device, 1, workers),
        parameters=config.model.parameters,
        row_tokens=rows.tokens.shape[1],
        batch_rows=config.batch_rows,
        micro_rows=micro_rows,
        seconds_per_step=spent_s,
        cpu_seconds_per_step=cpu_s,
        cpu_utilization=meter.utilization(tokens, targets, cpu_s / workers) if is_cpu else None,
        tokens_per_s=tokens / spent_s,
        utilization=meter.utilization(tokens, targets, spent_s),
        peak_tflops=peak / 1e12,
        memory_gb=memory,
        kinds=by_kind(operations),
        operations=dict(sorted(operations.items(), key=lambda item: -item[1])[:12]),
    )


def by_kind(operations: Mapping[str, float]) -> dict[str, float]:
    """Return the shares summed by kind of operation, the largest first."""
    sums: dict[str, float] = defaultdict(float)
    for name, share in operations.items():
        kinds = (kind for kind, pattern in KINDS.items() if re.match(pattern, name))
        sums[next(kinds, "other")] += share
    return dict(sorted(sums.items(), key=lambda item: -item[1]))


class _Bench:
    """A model that does steps for the sake of the time they take."""

    def __init__(self, gradients: Gradients, optimizer: Optimizer) -> None:
        self._device, self._gradients, self._optimizer = gradients.device, gradients, optimizer

    def step(self, rows: Rows) -> None:
        _, gradients = self._gradients.take(rows)
        self._optimizer.step(gradients, 1.0, self._gradients.run)
        if self._device.type == "cuda":
            torch.cuda.synchronize()

    def time_step(self, rows: Rows) -> float:
        started = time.perf_counter()
        self.step(rows)
        return time.perf_counter() - started

    def profile_step(self, rows: Rows) -> dict[str, float]:
        """Return the share of each operation in the time that all took, by name."""
        is_cuda = self._device.type == "cuda"
        activities = [ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if is_cuda else [])]
        everywhere = torch._C._profiler._ExperimentalConfig(profile_all_threads=True)
        with profile(activities=activities, experimental_config=everywhere) as profiler:
            self.step(rows)
        times = {event.key: _own_time(event, is_cuda=is_cuda) for event in profiler.key_averages()}
        total = sum(times.values()) or 1.0
        return {name: spent / total for name, spent in times.items() if spent > 0}


def _own_time(event: Any, *, is_cuda: bool) -> float:
    return float(event.self_device_time_total if is_cuda else event.self_cpu_time_total)


def _random_rows(config: TrainConfig, row_tokens: int) -> Rows:
    rng = np.random.default_rng(config.seed)
    shape = (config.batch_rows, row_tokens)
    tokens = rng.integers(0, config.model.vocabulary, shape, dtype=np.int64)
    return one_example_each(tokens, np.ones(shape, dtype=np.bool_))
