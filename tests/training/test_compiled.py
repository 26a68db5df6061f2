"""Compiled layers compute what plain ones do."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
import torch

from tests.training.rows import CONTEXT, VOCABULARY
from training.device import can_compile
from training.gradients import Gradients
from training.model import ModelConfig, build_model
from training.rows import one_example_each

SHAPE = ModelConfig(
    hidden=64, layers=2, heads=2, feed_forward=64, vocabulary=VOCABULARY, context=CONTEXT
)


# torch's compiler warns of itself, each time of something else.
@pytest.mark.filterwarnings("default")
@pytest.mark.skipif(shutil.which("g++") is None, reason="there is no C++ compiler")
def test_compiled_layers_give_the_same_gradients() -> None:
    rng = np.random.default_rng(0)
    tokens = rng.integers(0, VOCABULARY, (2, CONTEXT))
    rows = one_example_each(tokens, np.ones((2, CONTEXT), dtype=np.bool_))
    found: list[tuple[float, list[torch.Tensor], torch.Tensor]] = []
    for compiled in (False, True):
        gradients = Gradients(build_model(SHAPE), workers=1, micro_rows=2, compiled=compiled)
        loss, each = gradients.take(rows)
        # Another length is not compiled anew.
        logits = gradients.next_logits(torch.zeros(1, 7, dtype=torch.int64))
        gradients.close()
        found.append((float(loss), each, logits))
    plain, fast = found
    assert fast[0] == pytest.approx(plain[0], rel=1e-3)
    assert torch.equal(fast[2], plain[2])
    for mine, theirs in zip(fast[1], plain[1], strict=True):
        assert (mine - theirs).norm() < 0.05 * theirs.norm()


def test_without_a_compiler_nothing_is_compiled(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    assert not can_compile(torch.device("cpu"))
    assert "no C++ compiler no-such-compiler" in caplog.text
