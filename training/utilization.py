"""How much of a device's arithmetic goes into the model: model FLOP utilisation.

Model FLOPs are those that the mathematics needs, forward and backward; what a program computes
besides (twice, or masked) does not count, and what the output layer would compute for positions
without a target does not either.

Source: Chowdhery et al. 2022, "PaLM", appendix B: 6 N + 12 L H Q T per token, for N weights in
matrices, L layers, H Q the width of all heads and T tokens that a token's text has. The causal mask
is not taken off, there as here, so that figures can be compared with published ones.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch

from training.model import ModelConfig

# Dense bf16 with fp32 accumulation, in TFLOP/s, without sparsity. The first name that is part of
# the device's counts. Source: NVIDIA's data sheets of these products.
PEAKS_TFLOPS: Mapping[str, float] = {
    "B200": 2250.0,
    "H200": 989.4,
    "H100 PCIe": 756.0,
    "H100 NVL": 835.0,
    "H100": 989.4,
    "A100": 311.9,
    "L40S": 362.0,
    "L40": 181.0,
    "L4": 121.0,
    "RTX 4090": 165.2,
    "RTX 3090": 71.0,
}
_PRODUCT_SIZE = 1024
"""Rows and columns of the matrices whose product is timed where no data sheet is known."""


@dataclass(frozen=True, slots=True)
class Speedometer:
    """Turns tokens and seconds into a share of what the devices could do."""

    shape: ModelConfig
    span: float
    """Tokens of the text that a token stands in, on average: of its example, or of its row."""
    peak_flops: float
    """Of all devices together, per second."""

    def utilization(self, tokens: int, targets: int, spent_s: float) -> float:
        """Return the share of the peak, between 0 and 1.

        Args:
            tokens: that went through the model, padding included.
            targets: that were predicted.
        """
        output = self.shape.vocabulary * self.shape.hidden
        layers = self.shape.parameters - output
        attention = 12.0 * self.shape.layers * self.shape.hidden * self.span
        flops = tokens * (6.0 * layers + attention) + targets * 6.0 * output
        return flops / (spent_s * self.peak_flops)


def peak_flops(device: torch.device, workers: int) -> float:
    """Return what a device can do per second in bf16: by its data sheet, or measured.

    Args:
        workers: the threads that compute, on a CPU.
    """
    if device.type == "cuda":
        known = known_peak(torch.cuda.get_device_name(device))
        return known or measured_peak(device)
    return workers * measured_peak(device)


def known_peak(name: str) -> float | None:
    """Return the data sheet's figure for a device of this name, or None."""
    found = (peak for part, peak in PEAKS_TFLOPS.items() if part in name)
    peak = next(found, None)
    return None if peak is None else peak * 1e12


@functools.cache
def measured_peak(device: torch.device) -> float:
    """Return the operations per second of a bf16 matrix product; on a CPU, of one core."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    left, right = (
        torch.ones(_PRODUCT_SIZE, _PRODUCT_SIZE, dtype=torch.bfloat16, device=device)
        for _ in range(2)
    )
    # On a CPU its own time counts: what other programs took is no part of what it can do.
    clock = time.thread_time if device.type == "cpu" else time.perf_counter
    best_s = min(_time_product(left, right, clock) for _ in range(4))
    torch.set_num_threads(threads)
    return float(2 * _PRODUCT_SIZE**3 / best_s)


def _time_product(left: torch.Tensor, right: torch.Tensor, clock: Callable[[], float]) -> float:
    started = clock()
    # Reading one value waits for a GPU.
    float((left @ right)[0, 0])
    return clock() - started
