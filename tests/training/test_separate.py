"""Examples that share a row do not see each other, whatever computes their attention."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
import torch

from tests.training.published_models import MODELS, write_published
from tests.training.rows import CONTEXT, VOCABULARY
from training.attention import use_block_attention
from training.families.tuned import open_tuned
from training.fused_attention import use_fused_attention
from training.loss_model import LossModel
from training.micro_batch import split_rows
from training.model import ModelConfig, build_model
from training.rows import Rows, joined, one_example_each

if TYPE_CHECKING:
    from transformers import LlamaForCausalLM

CPU = torch.device("cpu")
SHAPE = ModelConfig(
    hidden=64, layers=2, heads=2, feed_forward=128, vocabulary=VOCABULARY, context=CONTEXT
)


def packed() -> Rows:
    rng = np.random.default_rng(0)
    tokens = rng.integers(10, VOCABULARY, (2, CONTEXT))
    mask = rng.random((2, CONTEXT)) < 0.5
    begins = np.zeros_like(mask)
    begins[0, [0, 9, 10, 41]] = begins[1, [0, 30]] = True
    # Nothing is predicted across a border.
    return Rows(tokens, mask & ~begins, begins)


def alone(rows: Rows) -> list[Rows]:
    """Each example as the only one of its row."""
    found = []
    for row in range(len(rows)):
        begins = np.flatnonzero(rows.begins[row]).tolist()
        for begin, end in zip(begins, [*begins[1:], CONTEXT], strict=True):
            found.append(
                one_example_each(
                    rows.tokens[row : row + 1, begin:end], rows.mask[row : row + 1, begin:end]
                )
            )
    return found


def loss_of(model: LossModel, rows: Rows) -> float:
    (batch,) = split_rows(rows, len(rows), CPU)
    return float(model(batch).detach())


def own(attention: Callable[[], str]) -> LossModel:
    model = build_model(SHAPE)
    found = LossModel(model, compiled=False)
    model.set_attn_implementation(attention())
    return found


@pytest.mark.parametrize("attention", [use_block_attention, use_fused_attention])
def test_packed_examples_have_the_loss_that_each_has_alone(attention: Callable[[], str]) -> None:
    model = own(attention)
    parts = sum(loss_of(model, part) for part in alone(packed()))
    assert loss_of(model, packed()) == pytest.approx(parts, rel=2e-3)
    (first, *_) = alone(packed())
    assert loss_of(model, packed()[:1]) != pytest.approx(loss_of(model, first), rel=2e-3)


@pytest.mark.parametrize("attention", [use_block_attention, use_fused_attention])
def test_what_stands_in_front_changes_nothing(attention: Callable[[], str]) -> None:
    rows = packed()
    only_last = Rows(rows.tokens, rows.mask & (np.arange(CONTEXT) >= 41), rows.begins)
    others = np.where(np.arange(CONTEXT) < 41, 10, rows.tokens)
    changed = Rows(others, only_last.mask, rows.begins)
    one, other = only_last[:1], changed[:1]
    model = own(attention)
    assert loss_of(model, one) == loss_of(model, other)
    together = LossModel(model.model, compiled=False, separate=False)
    model.model.set_attn_implementation(attention())
    assert loss_of(together, one) != loss_of(together, other)


@pytest.mark.parametrize("attention", [use_block_attention, use_fused_attention])
def test_gradients_are_those_of_the_examples(attention: Callable[[], str]) -> None:
    model = own(attention)
    weights = list(model.parameters())

    def gradients(rows: Rows) -> list[torch.Tensor]:
        (batch,) = split_rows(rows, len(rows), CPU)
        return list(torch.autograd.grad(model(batch), weights))

    parts = [gradients(part) for part in alone(packed()) if part.targets]
    for got, *wanted in zip(gradients(packed()), *parts, strict=True):
        total = torch.stack(wanted).sum(0)
        assert (got - total).norm() < 0.03 * total.norm()


@pytest.mark.parametrize("family", MODELS)
def test_published_models_too(family: str, tmp_path: Path) -> None:
    published = open_tuned(write_published(tmp_path, family))
    model = LossModel(cast("LlamaForCausalLM", published.model), compiled=False)
    parts = sum(loss_of(model, part) for part in alone(packed()))
    assert loss_of(model, packed()) == pytest.approx(parts, rel=5e-3)


def test_rows_are_joined_and_cut() -> None:
    rows = packed()
    again = joined([rows[:1], rows[1:]])
    assert (again.places == rows.places).all()
    assert again.places[0, :11].tolist() == [*range(9), 0, 0]
