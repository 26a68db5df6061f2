"""Published models in training: whole and with LoRA, saved, restored, merged and exported."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.training.logits import llama_logits, open_llama, torch_logits
from tests.training.published_models import MODELS, write_published
from training.export import export_gguf
from training.families.attention import attends_plainly
from training.families.lora import LoraOptions
from training.families.loss import capped_cross_entropy
from training.families.tuned import Tuned, open_tuned, restore_tuned, save_tuned
from training.model import ModelConfig, llama_config

LORA = LoraOptions(rank=4, alpha=16.0)
TOKENS = np.random.default_rng(3).integers(3, 480, (2, 48)).tolist()


@pytest.mark.parametrize("lora", [None, LORA])
@pytest.mark.parametrize("name", MODELS)
def test_what_was_learned_is_in_the_gguf(
    tmp_path: Path, name: str, lora: LoraOptions | None
) -> None:
    tuned = open_tuned(write_published(tmp_path / name, name), lora)
    prompt = [*TOKENS[0], tuned.published.tokenizer.diff, *TOKENS[1]]
    before = torch_logits(tuned.model, prompt)
    losses = learn(tuned, steps=4)
    assert losses[-1] < losses[0] - 0.5
    save_tuned(tmp_path / "saved", tuned)
    export_gguf(tmp_path / "saved", tmp_path / "model.gguf")
    wanted = torch_logits(tuned.model, prompt)
    llama = open_llama(tmp_path / "model.gguf")
    got = llama_logits(llama, prompt)
    llama.close()
    assert np.abs(wanted - before).max() > 1
    assert np.abs(got - wanted).max() < 0.02
    assert (got.argmax(1) == wanted.argmax(1)).mean() >= 0.995


@pytest.mark.parametrize("lora", [None, LORA])
@pytest.mark.parametrize("name", ["llama2", "gemma2"])
def test_a_saved_model_goes_on_where_it_was(
    tmp_path: Path, name: str, lora: LoraOptions | None
) -> None:
    folder = write_published(tmp_path / name, name)
    tuned = open_tuned(folder, lora)
    learn(tuned, steps=2)
    save_tuned(tmp_path / "saved", tuned)
    wanted = torch_logits(tuned.model, TOKENS[0])
    opened = open_tuned(tmp_path / "saved")
    assert (opened.adapted is None) == (lora is None)
    assert trained(opened) == trained(tuned)
    np.testing.assert_array_equal(torch_logits(opened.model, TOKENS[0]), wanted)
    fresh = open_tuned(folder, lora)
    restore_tuned(tmp_path / "saved", fresh)
    np.testing.assert_array_equal(torch_logits(fresh.model, TOKENS[0]), wanted)
    outline = fresh.published.outline
    assert (outline.context, outline.vocabulary) == (512, len(fresh.model.lm_head.weight))


@pytest.mark.parametrize("name", ["llama2", "gemma2"])
def test_lora_trains_small_matrices_and_the_control_tokens(tmp_path: Path, name: str) -> None:
    tuned = open_tuned(write_published(tmp_path / name, name), LORA)
    parts = {part for key in trained(tuned) for part in key.split(".")}
    assert parts >= {"lora_A", "lora_B", "trainable_tokens_delta"}
    control = [tuned.published.tokenizer.end, tuned.published.tokenizer.diff]
    others = [
        number for number in range(tuned.published.outline.vocabulary) if number not in control
    ]
    layers = [tuned.model.lm_head, tuned.model.model.embed_tokens]
    before = [layer.weight.detach().clone() for layer in layers]
    learn(tuned, steps=2)
    for layer, old in zip(layers, before, strict=True):
        assert layer.weight[others].equal(old[others])
        assert (layer.weight[control] != old[control]).any(1).all()


def test_without_peft_lora_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_published(tmp_path / "qwen2", "qwen2")
    monkeypatch.setitem(sys.modules, "peft", None)
    with pytest.raises(ValueError, match="pip install"):
        open_tuned(folder, LORA)


def test_an_adapter_without_its_base_is_refused(tmp_path: Path) -> None:
    folder = write_published(tmp_path / "qwen2", "qwen2")
    save_tuned(tmp_path / "saved", open_tuned(folder, LORA))
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(ValueError, match=r"qwen2 is no checkpoint of transformers"):
        export_gguf(tmp_path / "saved", tmp_path / "model.gguf")


def test_weights_of_another_model_are_refused(tmp_path: Path) -> None:
    save_tuned(tmp_path / "saved", open_tuned(write_published(tmp_path / "qwen2", "qwen2")))
    other = open_tuned(write_published(tmp_path / "olmo2", "olmo2"))
    with pytest.raises(ValueError, match="weights of another model"):
        restore_tuned(tmp_path / "saved", other)


@pytest.mark.parametrize("values", [{"rank": 0}, {"alpha": 0.0}, {"dropout": 1.0}])
def test_lora_that_trains_nothing_is_refused(values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="need rank >= 1"):
        LoraOptions(**values)  # type: ignore[arg-type]


def test_where_block_attention_would_be_right(tmp_path: Path) -> None:
    assert attends_plainly(llama_config(ModelConfig()))
    models = {name: open_tuned(write_published(tmp_path / name, name)).model for name in MODELS}
    assert [name for name in models if attends_plainly(models[name].config)] == ["olmo"]


def test_capped_loss_equals_the_plain_one_and_so_do_its_gradients() -> None:
    generator = torch.Generator().manual_seed(0)
    hidden = torch.randn(1300, 16, generator=generator, requires_grad=True)
    output = torch.randn(50, 16, generator=generator, requires_grad=True)
    targets = torch.randint(50, (1300,), generator=generator)
    capped = 4 * torch.tanh(hidden @ output.T / 4)
    wanted = torch.nn.functional.cross_entropy(capped, targets, reduction="sum")
    got = capped_cross_entropy(hidden, output, targets, 4.0)
    assert got.item() == pytest.approx(wanted.item(), rel=2e-3)
    for mine, theirs in zip(
        torch.autograd.grad(got, (hidden, output)),
        torch.autograd.grad(wanted, (hidden, output)),
        strict=True,
    ):
        assert (mine - theirs).norm() < 0.01 * theirs.norm()


def learn(tuned: Tuned, steps: int) -> list[float]:
    """The losses of some steps over the same tokens, among them the control tokens."""
    tokens = torch.tensor(TOKENS)
    tokens[:, ::6] = tuned.published.tokenizer.diff
    tokens[:, -1] = tuned.published.tokenizer.end
    optimizer = torch.optim.AdamW(trained_weights(tuned), lr=0.02)
    losses = []
    for _ in range(steps):
        logits = tuned.model(input_ids=tokens, use_cache=False).logits[:, :-1].flatten(0, 1)
        loss = torch.nn.functional.cross_entropy(logits, tokens[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(loss.item())
    return losses


def trained_weights(tuned: Tuned) -> list[torch.nn.Parameter]:
    return [weight for weight in tuned.model.parameters() if weight.requires_grad]


def trained(tuned: Tuned) -> list[str]:
    return [name for name, weight in tuned.model.named_parameters() if weight.requires_grad]
