"""The model, its attention and its loss against the plain ones of torch and transformers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional

from tests.training.rows import CONTEXT, VOCABULARY
from training.attention import causal_attention
from training.gradients import Gradients
from training.json_values import from_json, with_settings
from training.loss import summed_cross_entropy
from training.model import ModelConfig, build_model, read_model_config, write_model_config
from training.rows import Rows, one_example_each

SHAPE = ModelConfig(
    hidden=64, layers=2, heads=2, feed_forward=128, vocabulary=VOCABULARY, context=CONTEXT
)


def relative_error(got: torch.Tensor, wanted: torch.Tensor) -> float:
    return float((got.float() - wanted.float()).norm() / wanted.float().norm())


def test_parameters_are_counted_as_transformers_does() -> None:
    assert SHAPE.parameters == sum(weight.numel() for weight in build_model(SHAPE).parameters())


def test_same_seed_same_weights() -> None:
    pairs = zip(build_model(SHAPE, 3).parameters(), build_model(SHAPE, 3).parameters(), strict=True)
    assert all(torch.equal(first, second) for first, second in pairs)


def test_building_a_model_leaves_the_global_generator_alone() -> None:
    before = torch.random.get_rng_state()
    build_model(SHAPE, 3)
    assert torch.equal(before, torch.random.get_rng_state())


@pytest.mark.parametrize("wrong", [{"hidden": 0}, {"heads": 3}, {"hidden": 6, "heads": 2}])
def test_impossible_shapes_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="got"):
        ModelConfig(**wrong)


def test_shape_survives_its_file(tmp_path: Path) -> None:
    write_model_config(tmp_path / "model.json", SHAPE)
    assert read_model_config(tmp_path / "model.json") == SHAPE


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"hidden": "256"}, "hidden: wanted int"),
        ({"hiden": 256}, "wanted hidden"),
        ([], "wanted hidden"),
    ],
)
def test_wrong_json_is_refused(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_json(ModelConfig, value)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("hidden", "wanted name=value"),
        ("hidden=wide", "wanted int"),
        ("hidden.size=1", "has no parts"),
        ("width=1", "no setting 'width'"),
    ],
)
def test_wrong_settings_are_refused(setting: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        with_settings(SHAPE, [setting])


def test_settings_replace_fields() -> None:
    assert with_settings(SHAPE, ["layers=7", "rope_theta=5"]).layers == 7


@pytest.mark.parametrize("tokens", [1, 255, 256, 600])
def test_attention_equals_torch(tokens: int) -> None:
    generator = torch.Generator().manual_seed(0)
    inputs = torch.randn(3, 2, 2, tokens, 16, generator=generator).requires_grad_()
    queries, keys, values = inputs
    wanted = functional.scaled_dot_product_attention(queries, keys, values, is_causal=True)
    got = causal_attention(queries, keys, values, [(row, 0, tokens) for row in range(2)])
    torch.testing.assert_close(got, wanted, atol=1e-5, rtol=1e-4)
    direction = torch.randn(wanted.shape, generator=generator)
    (mine,) = torch.autograd.grad(got, inputs, direction)
    (torchs,) = torch.autograd.grad(wanted, inputs, direction)
    torch.testing.assert_close(mine, torchs, atol=1e-5, rtol=1e-4)


def test_loss_equals_torch() -> None:
    generator = torch.Generator().manual_seed(0)
    hidden = torch.randn(600, 32, generator=generator, requires_grad=True)
    output = torch.randn(VOCABULARY, 32, generator=generator, requires_grad=True)
    targets = torch.randint(0, VOCABULARY, (600,), generator=generator)
    wanted = functional.cross_entropy(hidden @ output.t(), targets, reduction="sum")
    got = summed_cross_entropy(hidden, output, targets)
    assert float(got.detach()) == pytest.approx(float(wanted.detach()), rel=5e-3)
    for mine, torchs in zip(
        torch.autograd.grad(3 * got, (hidden, output)),
        torch.autograd.grad(3 * wanted, (hidden, output)),
        strict=True,
    ):
        assert relative_error(mine, torchs) < 0.02


@pytest.mark.parametrize("workers", [1, 3])
def test_gradients_equal_transformers_own(workers: int) -> None:
    rng = np.random.default_rng(0)
    tokens = rng.integers(0, VOCABULARY, (5, CONTEXT))
    mask = rng.random((5, CONTEXT)) < 0.4
    model = build_model(SHAPE)
    labels = torch.from_numpy(np.where(mask, tokens, -100))
    wanted = model(input_ids=torch.from_numpy(tokens), labels=labels).loss
    parameters = list(model.parameters())
    wanted_gradients = torch.autograd.grad(wanted, parameters)
    gradients = Gradients(model, workers=workers, micro_rows=2, compiled=False)
    loss, got = gradients.take(one_example_each(tokens, mask))
    gradients.close()
    assert float(loss) == pytest.approx(float(wanted.detach()), rel=1e-3)
    assert all(
        relative_error(mine, theirs) < 0.05
        for mine, theirs in zip(got, wanted_gradients, strict=True)
    )


def test_gradients_are_the_same_to_the_bit_for_any_number_of_workers() -> None:
    rng = np.random.default_rng(0)
    tokens = rng.integers(0, VOCABULARY, (7, CONTEXT))
    begins = rng.random((7, CONTEXT)) < 0.1
    begins[:, 0] = True
    rows = Rows(tokens, np.ones((7, CONTEXT), dtype=np.bool_), begins)
    results = []
    for workers in (1, 2, 5):
        gradients = Gradients(build_model(SHAPE), workers=workers, micro_rows=1, compiled=False)
        results.append(gradients.take(rows)[1])
        gradients.close()
    for other in results[1:]:
        assert all(torch.equal(a, b) for a, b in zip(results[0], other, strict=True))
