"""A step reads no value back: on a GPU, each would make the host wait and the queue run dry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
import pytest
import torch
from torch._ops import OpOverload
from torch.utils._python_dispatch import TorchDispatchMode

from training.fused_attention import use_fused_attention
from training.loss_model import LossModel
from training.micro_batch import split_rows
from training.model import ModelConfig, build_model
from training.optimizer import Optimizer, OptimizerConfig
from training.rows import one_example_each
from training.window import Step

SHAPE = ModelConfig(hidden=64, layers=2, heads=2, feed_forward=64, vocabulary=64, context=64)
ROWS = one_example_each(np.ones((2, 64), dtype=np.int64), np.ones((2, 64), dtype=np.bool_))
READS = ("_local_scalar_dense", "nonzero", "is_nonzero", "equal", "masked_select", "unique")


class Reads(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Notes the operations whose result the host has to know."""

    names: ClassVar[list[str]] = []

    def __torch_dispatch__(
        self,
        func: OpOverload,
        types: Sequence[type],
        args: tuple[object, ...] = (),
        kwargs: Mapping[str, object] | None = None,
    ) -> object:
        name = func.overloadpacket.__name__
        if name in READS:
            self.names.append(name)
        return func(*args, **(kwargs or {}))


def reads_of_a_step(attention: str) -> list[str]:
    model = build_model(SHAPE)
    loss_model = LossModel(model, compiled=False)
    # What a GPU gets.
    model.set_attn_implementation(attention)
    optimizer = Optimizer(model, OptimizerConfig())
    (batch,) = split_rows(ROWS, 2, torch.device("cpu"))
    Reads.names.clear()
    with Reads():  # type: ignore[no-untyped-call]
        loss = loss_model(batch)
        gradients = list(torch.autograd.grad(loss, optimizer.parameters))
        Step(loss.detach(), optimizer.step(gradients, 1.0), 1.0)
    return list(Reads.names)


def test_a_step_reads_nothing() -> None:
    assert reads_of_a_step(use_fused_attention()) == []


def test_what_transformers_would_read_is_seen() -> None:
    assert reads_of_a_step("sdpa")


@pytest.mark.parametrize("tokens", [1, 7, 64])
def test_fused_attention_is_causal_attention(tokens: int) -> None:
    model = build_model(SHAPE)
    ids = torch.randint(0, 64, (2, tokens))
    model.set_attn_implementation("eager")
    with torch.autocast("cpu", torch.bfloat16):
        wanted = model(input_ids=ids).logits
        model.set_attn_implementation(use_fused_attention())
        got = model(input_ids=ids).logits
    torch.testing.assert_close(got, wanted, atol=0.02, rtol=0.02)
