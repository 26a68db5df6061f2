"""Model FLOPs and the peaks they are compared with."""

from __future__ import annotations

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from training.model import ModelConfig, build_model
from training.utilization import Speedometer, known_peak, peak_flops

SHAPE = ModelConfig(hidden=64, layers=2, heads=2, feed_forward=128, vocabulary=512, context=64)


def test_flops_are_those_that_torch_counts() -> None:
    tokens = torch.randint(0, SHAPE.vocabulary, (2, 64))
    model = build_model(SHAPE)
    model.set_attn_implementation("eager")
    with FlopCounterMode(display=False) as counter:
        model(input_ids=tokens).logits.sum().backward()
    meter = Speedometer(SHAPE, span=64, peak_flops=counter.get_total_flops())
    # Embedding and norms multiply nothing in torch's count; the gradient of the first layer's
    # input is counted here and is not needed there.
    assert meter.utilization(128, 128, 1.0) == pytest.approx(1.0, rel=0.02)


def test_tokens_without_a_target_need_no_output_layer() -> None:
    meter = Speedometer(SHAPE, span=64, peak_flops=1e9)
    saved = meter.utilization(100, 100, 1.0) - meter.utilization(100, 0, 1.0)
    assert saved == pytest.approx(100 * 6 * SHAPE.vocabulary * SHAPE.hidden / 1e9)


@pytest.mark.parametrize(
    ("name", "tflops"),
    [
        ("NVIDIA H100 80GB HBM3", 989.4),
        ("NVIDIA H100 PCIe", 756.0),
        ("NVIDIA H200", 989.4),
        ("NVIDIA A100-SXM4-80GB", 311.9),
        ("NVIDIA L40S", 362.0),
        ("NVIDIA L4", 121.0),
    ],
)
def test_peaks_by_name(name: str, tflops: float) -> None:
    assert known_peak(name) == tflops * 1e12


def test_an_unknown_device_is_measured() -> None:
    assert known_peak("Some Accelerator 9000") is None
    assert peak_flops(torch.device("cpu"), 2) == 2 * peak_flops(torch.device("cpu"), 1) > 0
