"""llama.cpp computes and reads what transformers does, for every family of published models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import llama_cpp
import numpy as np
import pytest
import tokenizers
import torch
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedModel

from lintseq.format import Special
from lintseq.infer.llama import Model
from lintseq.infer.vocabulary import Vocabulary
from tests.training.checkpoints import repository_texts
from tests.training.logits import llama_logits, open_llama, torch_logits
from tests.training.odd_texts import ODD_TEXTS
from tests.training.published_models import MODELS, write_published
from training.export import ExportConfig, export_gguf
from training.families.published import Published, load_published, open_published

PROMPTS, TOKENS = 6, 90
# ggml takes GELU, which Gemma has, from a table in half precision.
TOLERANCE = {"gemma2": 0.02}


@dataclass(frozen=True, slots=True)
class Exported:
    name: str
    published: Published
    model: PreTrainedModel
    gguf: Path
    llama: llama_cpp.Llama

    def backend(self) -> tokenizers.Tokenizer:
        return self.published.tokenizer.backend()


@pytest.fixture(scope="module", params=MODELS)
def exported(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Exported]:
    folder = write_published(tmp_path_factory.mktemp("families") / request.param, request.param)
    export_gguf(folder, folder / "model.gguf")
    published = open_published(folder)
    model = load_published(published, torch.float32)
    model.train(mode=False)
    llama = open_llama(folder / "model.gguf")
    yield Exported(request.param, published, model, folder / "model.gguf", llama)
    llama.close()


def test_logits_equal_transformers(exported: Exported) -> None:
    rng = np.random.default_rng(0)
    agreed = []
    for _ in range(PROMPTS):
        tokens = rng.integers(3, 480, TOKENS).tolist()
        # A marker, whose row is new, in each prompt.
        tokens[20] = exported.published.tokenizer.diff
        wanted_TV = torch_logits(exported.model, tokens)
        got_TV = llama_logits(exported.llama, tokens)
        # Otherwise it would be easy: all alike, or what went in comes out.
        best = np.sort(wanted_TV, 1)
        assert wanted_TV.std() > 1
        assert np.median(best[:, -1] - best[:, -2]) > 0.1
        assert (wanted_TV.argmax(1) == tokens).mean() < 0.6
        assert np.abs(got_TV - wanted_TV).max() < TOLERANCE.get(exported.name, 0.001)
        agreed.append((got_TV.argmax(1) == wanted_TV.argmax(1)).mean())
    assert np.mean(agreed) >= 0.995


def test_tokens_equal_the_tokenizer(exported: Exported) -> None:
    backend = exported.backend()
    for text in (*ODD_TEXTS, *repository_texts()[::4]):
        tokens = list(exported.llama.tokenize(text.encode(), add_bos=False, special=False))
        assert tokens == backend.encode(text, add_special_tokens=False).ids
        assert backend.decode(tokens, skip_special_tokens=False) == text


def test_pieces_spell_the_text(exported: Exported) -> None:
    model = Model(exported.gguf)
    for text in ODD_TEXTS:
        tokens = model.tokenize(text.encode())
        assert b"".join(map(model.piece, tokens)) == text.encode()


def test_the_engine_finds_its_control_tokens(exported: Exported) -> None:
    vocabulary = Vocabulary(Model(exported.gguf))
    tokenizer = exported.published.tokenizer
    assert (vocabulary.diff, vocabulary.end) == (tokenizer.diff, tokenizer.end)
    assert exported.llama.token_eos() == tokenizer.end
    segments = ["<|diff|>", Special.DIFF, "<|endoftext|>", Special.END]
    tokens = vocabulary.tokens(segments)
    assert tokens.count(tokenizer.diff) == tokens.count(tokenizer.end) == 1
    assert vocabulary.pieces[tokenizer.size :] == [b""] * (len(vocabulary.pieces) - tokenizer.size)


@pytest.mark.parametrize("weight_type", ["f16", "bf16"])
def test_half_precision_is_half_the_size(
    exported: Exported, tmp_path: Path, weight_type: str
) -> None:
    half = tmp_path / "half.gguf"
    config = ExportConfig(weight_type=weight_type)  # type: ignore[arg-type]
    export_gguf(exported.published.folder, half, config)
    assert half.stat().st_size < 0.6 * exported.gguf.stat().st_size
    llama = open_llama(half)
    tokens = list(range(5, 60))
    difference = llama_logits(llama, tokens) - torch_logits(exported.model, tokens)
    llama.close()
    assert 0 < np.abs(difference).mean() < 0.1


@pytest.mark.parametrize(
    ("name", "setting", "value"),
    [
        ("olmo", "clip_qkv", None),
        ("gemma2", "attn_logit_softcapping", 50.0),
        ("gemma2", "final_logit_softcapping", 30.0),
        ("gemma2", "query_pre_attn_scalar", 32),
        ("gemma2", "sliding_window", 512),
        ("llama3", "rope_parameters", {"rope_type": "default", "rope_theta": 5e5}),
        ("smollm", "rope_parameters", {"rope_type": "default", "rope_theta": 1e4}),
    ],
)
def test_the_models_here_depend_on_what_is_special(
    tmp_path: Path, name: str, setting: str, value: object
) -> None:
    folder = write_published(tmp_path / name, name)
    config = AutoConfig.from_pretrained(folder)
    tokens = list(range(5, 95))
    before = torch_logits(AutoModelForCausalLM.from_pretrained(folder), tokens)
    setattr(config, setting, value)
    after = torch_logits(AutoModelForCausalLM.from_pretrained(folder, config=config), tokens)
    assert np.abs(after - before).max() > 0.5
