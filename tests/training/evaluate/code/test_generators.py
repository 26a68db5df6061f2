"""Samples through llama.cpp and through torch: the same for the same seed, and for one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch

from lintseq.format import Special, text_of
from lintseq.infer.sampling import draw
from tests.training.checkpoints import write_checkpoint, write_tokenizer
from tests.training.published_models import write_published
from training.evaluate.code import torch_generator
from training.evaluate.code.generator import Answered, Generator, Question, Sampling
from training.evaluate.code.llama_generator import LlamaGenerator
from training.evaluate.code.torch_generator import TorchGenerator
from training.evaluate.code.torch_sampling import draw_rows
from training.export import ExportConfig, export_gguf
from training.families.tuned import open_tuned, save_tuned
from training.model import ModelConfig

DIFF = Special.DIFF
SHAPE = ModelConfig(hidden=128, layers=2, heads=4, feed_forward=256, vocabulary=600, context=160)
QUESTIONS = (
    Question("a", ("Add two numbers.\n", DIFF), "edits"),
    Question("b", ("def twice(numbers):\n",), "text", ("\nclass", "\ndef")),
    Question("c", ("Return nothing, whatever is given, as long as it is a list.\n", DIFF), "edits"),
)


@dataclass(frozen=True, slots=True)
class Generators:
    llama: Generator
    torch: Generator


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generators]:
    folder = tmp_path_factory.mktemp("models")
    write_tokenizer(folder / "tokenizer.json")
    write_checkpoint(folder / "checkpoint", SHAPE, folder / "tokenizer.json")
    export_gguf(folder / "checkpoint", folder / "f16.gguf", ExportConfig(weight_type="f16"))
    llama = LlamaGenerator(folder / "f16.gguf", 2)
    yield Generators(llama, TorchGenerator(folder / "checkpoint", "cpu", 1))
    llama.close()


def answer(
    generator: Generator, sampling: Sampling, questions: tuple[Question, ...] = QUESTIONS
) -> dict[str, Answered]:
    return {one.name: one for one in generator.answers(questions, sampling)}


@pytest.fixture(params=["llama", "torch"])
def generator(request: pytest.FixtureRequest, both: Generators) -> Generator:
    one: Generator = getattr(both, request.param)
    return one


def test_both_take_the_same_likeliest_tokens(both: Generators) -> None:
    texts = [
        f"{word} {kind} number {number}.\n"
        for word in ("Add", "Print", "Find")
        for kind in ("a", "the")
        for number in range(4)
    ]
    questions = tuple(Question(text, (text, DIFF), "edits") for text in texts)
    questions += tuple(Question(f"plain {text}", (text,), "text") for text in texts)
    sampling = Sampling(temperature=0.0, max_tokens=12)
    llama, transformers = (answer(one, sampling, questions) for one in (both.llama, both.torch))
    alike = [llama[name].samples == transformers[name].samples for name in llama]
    assert len(alike) == 48
    assert {one.samples[0].tokens for one in llama.values()} > {12}
    # Weights in half precision: where two tokens are nearly as likely, the other one may win.
    assert sum(alike) >= 44
    assert all(llama[name].prompt_tokens == transformers[name].prompt_tokens for name in llama)


def test_both_draw_the_same_but_for_rounding(both: Generators) -> None:
    def alike(other_seed: int) -> float:
        (llama,) = answer(both.llama, drawn(0), QUESTIONS[1:2]).values()
        (transformers,) = answer(both.torch, drawn(other_seed), QUESTIONS[1:2]).values()
        pairs = zip(llama.samples, transformers.samples, strict=True)
        return sum(one == other for one, other in pairs) / len(llama.samples)

    def drawn(seed: int) -> Sampling:
        # Among few tokens that are far apart, rounding seldom decides.
        return Sampling(samples=60, temperature=0.4, max_tokens=3, min_p=0.05, seed=seed)

    # Of so few likely tokens, other draws give the same now and then.
    assert alike(0) > 0.75
    assert alike(1) < 0.5


def test_the_same_seed_gives_the_same_samples(generator: Generator) -> None:
    sampling = Sampling(samples=20, max_tokens=20, seed=3)
    first = answer(generator, sampling)
    # Asked in another order, and alone, with other things in the cache.
    assert answer(generator, sampling, QUESTIONS[::-1]) == first
    assert answer(generator, sampling, QUESTIONS[1:2]) == {"b": first["b"]}
    other = answer(generator, Sampling(samples=20, max_tokens=20, seed=4))
    assert other["a"] != first["a"]


def test_samples_differ_from_each_other(generator: Generator) -> None:
    answered = answer(generator, Sampling(samples=20, max_tokens=20))
    assert {len(one.samples) for one in answered.values()} == {20}
    assert len({sample.segments for sample in answered["b"].samples}) > 15


def test_limits(generator: Generator) -> None:
    sampling = Sampling(samples=2, max_tokens=7)
    for answered in answer(generator, sampling).values():
        for sample in answered.samples:
            assert sample.tokens == 7 if sample.ended == "tokens" else sample.tokens <= 7
    long = Question("long", ("word " * 400, DIFF), "edits")
    nearly = Question("nearly", ("1" * 150, DIFF), "edits")
    found = answer(generator, sampling, (long, nearly))
    assert [sample.tokens for sample in found["long"].samples] == [0, 0]
    assert found["long"].prompt_tokens > 160
    assert found["nearly"].prompt_tokens == 151
    assert all(sample.tokens <= 9 for sample in found["nearly"].samples)


def test_facts_tell_models_apart(both: Generators) -> None:
    assert both.llama.facts["engine"] == "llama.cpp"
    assert both.torch.facts["engine"] == "torch on cpu"
    assert both.llama.facts["parameters"] == both.torch.facts["parameters"] == SHAPE.parameters
    assert both.llama.facts["model_sha256"] != both.torch.facts["model_sha256"]


def test_rows_that_do_not_fit_into_one_batch(
    both: Generators, monkeypatch: pytest.MonkeyPatch
) -> None:
    sampling = Sampling(samples=5, temperature=1.0, max_tokens=15)
    wanted = answer(both.torch, sampling)
    monkeypatch.setitem(torch_generator.ROWS, "cpu", 4)
    found = answer(both.torch, sampling)
    alike = [found[name].samples == wanted[name].samples for name in wanted]
    assert list(found) == list(wanted)
    assert sum(alike) >= 2


@pytest.mark.parametrize(("top_p", "min_p"), [(1.0, 0.0), (0.9, 0.0), (1.0, 0.1), (0.7, 0.3)])
def test_many_rows_are_drawn_as_one_is(top_p: float, min_p: float) -> None:
    rng = np.random.default_rng(1)
    logits_RV = rng.normal(scale=2.0, size=(200, 50)).astype(np.float32)
    logits_RV[rng.random(logits_RV.shape) < 0.3] = -np.inf
    options = {"temperature": 0.7, "top_p": top_p, "min_p": min_p}
    generators = [np.random.default_rng(row) for row in range(200)]
    wanted = [draw(row, rng=one, **options) for row, one in zip(logits_RV, generators, strict=True)]
    points_R = torch.tensor([np.random.default_rng(row).random() for row in range(200)])
    found = draw_rows(torch.from_numpy(logits_RV), points_R, **options).tolist()
    assert found == wanted


@pytest.mark.parametrize(
    "options",
    [
        {"samples": 0},
        {"max_tokens": 0},
        {"temperature": -1.0},
        {"top_p": 0.0},
        {"min_p": 2.0},
        {"temperature": 0.0, "samples": 2},
    ],
)
def test_sampling_out_of_range(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="need"):
        Sampling(**options)  # type: ignore[arg-type]


def start_of(answered: Answered) -> str:
    return text_of(answered.samples[0].segments)[:6]


@pytest.mark.parametrize("name", ["llama3", "olmo", "qwen2"])
def test_a_tuned_published_model_writes_the_same_through_both(name: str, tmp_path: Path) -> None:
    tuned = open_tuned(write_published(tmp_path / "published", name))
    save_tuned(tmp_path / "tuned", tuned)
    export_gguf(tmp_path / "tuned", tmp_path / "f32.gguf")
    llama = LlamaGenerator(tmp_path / "f32.gguf", 1)
    sampling = Sampling(temperature=0.0, max_tokens=12)
    try:
        wanted = answer(llama, sampling)
    finally:
        llama.close()
    found = answer(TorchGenerator(tmp_path / "tuned", "cpu", 1), sampling)
    assert {one.samples[0].tokens for one in found.values()} != {0}
    # Where two tokens are as likely to a millionth, rounding decides.
    assert sum(found[name] == wanted[name] for name in wanted) >= len(wanted) - 1
    assert all(start_of(found[name]) == start_of(wanted[name]) for name in wanted)
