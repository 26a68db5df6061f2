"""What is taken up of a published model, what its tokenizer and rows become, what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tokenizers
import torch
from transformers import AutoModelForCausalLM

from lintseq.format import Special
from lintseq.infer.llama import Model
from tests.training.odd_texts import ODD_TEXTS
from tests.training.published_models import MODELS, write_published
from training.export import export_gguf
from training.families.adopt import adopt_tokenizer, write_adopted
from training.families.family import FAMILIES
from training.families.published import load_published, open_published
from training.tokenizer import load_tokenizer

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(params=MODELS)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return write_published(tmp_path / request.param, request.param)


def test_every_family_is_tried() -> None:
    assert {str(MODELS[name][1].model_type) for name in MODELS} == set(FAMILIES)  # type: ignore[attr-defined]


def test_text_comes_back_to_the_letter(folder: Path) -> None:
    published = open_published(folder)
    write_adopted(folder / "adopted.json", published.tokenizer)
    tokenizer = load_tokenizer(folder / "adopted.json")
    for text in ODD_TEXTS:
        segments = (text, Special.DIFF, text, Special.DIFF, Special.END)
        ids = tokenizer.encode_segments(segments)
        assert tokenizer.decode(ids) == segments
        # Both times alike: no space is put in front of a text that begins a segment.
        assert ids[: ids.index(published.tokenizer.diff)] == tokenizer.encode_text(text)


def test_what_was_taken_up_stays_as_it_is(folder: Path) -> None:
    once = open_published(folder).tokenizer
    write_adopted(folder / "again.json", once)
    again = adopt_tokenizer(folder / "again.json", None)
    assert json.loads(again.text) == json.loads(once.text)
    assert (again.end, again.diff, again.size) == (once.end, once.diff, once.size)
    assert (once.is_diff_new, again.is_diff_new) == (True, False)


def test_the_end_token_keeps_its_number_and_diff_gets_the_next(folder: Path) -> None:
    settings = json.loads((folder / "config.json").read_text())
    before = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer = open_published(folder).tokenizer
    assert tokenizer.end == settings["eos_token_id"]
    assert tokenizer.diff == before.get_vocab_size() == tokenizer.size - 1
    after = tokenizer.backend()
    assert after.id_to_token(tokenizer.end) == Special.END
    assert all(before.id_to_token(n) == after.id_to_token(n) for n in range(3, tokenizer.end))


def test_rows_stay_and_the_new_one_is_their_mean(folder: Path) -> None:
    published = open_published(folder)
    before = AutoModelForCausalLM.from_pretrained(folder)
    after = load_published(published)
    known = published.tokenizer.diff
    for layer in ("model.embed_tokens", "lm_head"):
        old_VD = before.get_submodule(layer).get_parameter("weight")
        new_VD = after.get_submodule(layer).get_parameter("weight")
        assert torch.equal(new_VD[:known], old_VD[:known])
        torch.testing.assert_close(new_VD[known], old_VD[:known].mean(0))
        assert len(new_VD) == after.config.vocab_size
        # A row to spare is taken; without one there are more, by the multiple.
        assert len(new_VD) == len(old_VD) if len(old_VD) > known else len(new_VD) % 64 == 0
    is_tied = after.lm_head.weight is after.model.embed_tokens.weight
    assert is_tied == after.config.tie_word_embeddings


def test_a_model_that_knows_the_marker_keeps_its_row(tmp_path: Path) -> None:
    folder = write_published(tmp_path / "olmo", "olmo")
    backend = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    backend.add_tokens(["<|diff|>"])
    backend.save(str(folder / "tokenizer.json"))
    published = open_published(folder)
    assert not published.tokenizer.is_diff_new
    before = AutoModelForCausalLM.from_pretrained(folder).state_dict()
    after = load_published(published).state_dict()
    assert all(torch.equal(after[name], before[name]) for name in before)
    # It was a token of text, and is none any more.
    assert published.tokenizer.diff not in published.tokenizer.backend().encode("<|diff|>").ids


def test_the_first_of_several_end_tokens_is_the_end(tmp_path: Path) -> None:
    folder = write_published(tmp_path / "gemma2", "gemma2")
    change(folder / "config.json", lambda config: config.update(eos_token_id=[1, 4]))
    assert open_published(folder).tokenizer.end == 1


@pytest.mark.parametrize(
    ("name", "change_settings", "message"),
    [
        ("olmo", {"model_type": "mistral"}, r"'mistral'.*Llama \(.*OLMo \(TinyCodeLM.*Gemma-2"),
        ("olmo", {"model_type": "hf_olmo"}, "'hf_olmo'"),
        ("olmo", {"model_type": None}, "type None"),
        ("olmo", {"attention_bias": True}, "OLMo with attention_bias False only, got True"),
        ("qwen2", {"hidden_act": "gelu"}, "hidden_act 'silu' only, got 'gelu'"),
        ("qwen2", {"use_sliding_window": True, "sliding_window": 8, "layer_types": None,
                   "max_window_layers": 1}, "got sliding_attention as layer 1"),
        ("qwen2", {"rope_parameters": {"rope_type": "yarn", "factor": 4.0, "rope_theta": 1e6,
                                       "original_max_position_embeddings": 64}}, "got 'yarn'"),
        ("gemma2", {"layer_types": ["full_attention"] * 4}, "got full_attention as layer 0"),
        ("gemma2", {"final_logit_softcapping": None}, "needs final_logit_softcapping"),
        ("gemma2", {"tie_word_embeddings": False}, "tie_word_embeddings True only"),
        ("llama2", {"quantization_config": {"quant_method": "gptq", "bits": 4}}, "is quantized"),
        ("llama2", {"eos_token_id": None}, r"no <\|endoftext\|>"),
    ],
)  # fmt: skip
def test_models_that_llama_cpp_would_compute_otherwise_are_refused(
    tmp_path: Path, name: str, change_settings: dict[str, Any], message: str
) -> None:
    folder = write_published(tmp_path / name, name)
    change(folder / "config.json", lambda config: config.update(change_settings))
    with pytest.raises(ValueError, match=message):
        export_gguf(folder, tmp_path / "model.gguf")
    assert not (tmp_path / "model.gguf").exists()


@pytest.mark.parametrize(
    ("name", "change_tokenizer", "message"),
    [
        ("qwen2", lambda json: json["normalizer"].update(type="NFKC"), "no normalizer but NFC"),
        ("qwen2", lambda json: json["model"].update(ignore_merges=True), "no name in llama.cpp"),
        ("smollm", lambda json: json["pre_tokenizer"]["pretokenizers"].pop(0), None),
        ("smollm", lambda json: json["pre_tokenizer"]["pretokenizers"].pop(1), "wanted a byte"),
        ("smollm", lambda json: json["pre_tokenizer"]["pretokenizers"][0].update(
            individual_digits=False), "no name in llama.cpp"),
        ("llama2", lambda json: json.update(normalizer={"type": "NFC"}), "cannot change or split"),
        ("llama2", lambda json: json.update(
            pre_tokenizer={"type": "Digits", "individual_digits": True}), "cannot change or split"),
        ("llama2", lambda json: json["model"].update(byte_fallback=False), "wanted a byte-level"),
        ("llama2", lambda json: json.update(model={
            "type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["a", -1.0]]}), "Unigram"),
        ("llama2", lambda json: json.clear(), "is not a tokenizer"),
    ],
)  # fmt: skip
def test_tokenizers_that_llama_cpp_does_not_have_are_refused(
    tmp_path: Path, name: str, change_tokenizer: Change, message: str | None
) -> None:
    folder = write_published(tmp_path / name, name)
    change(folder / "tokenizer.json", change_tokenizer)
    if message is None:
        open_published(folder)
        return
    with pytest.raises(ValueError, match=message):
        open_published(folder)


def test_a_vocabulary_that_llama_cpp_reads_otherwise_is_refused(tmp_path: Path) -> None:
    folder = write_published(tmp_path / "llama2", "llama2")
    # llama.cpp merges whatever gives a piece; not every such pair is among the merges here.
    change(
        folder / "tokenizer.json", lambda json: json["model"]["merges"].__delitem__(slice(0, 40, 2))
    )
    with pytest.raises(ValueError, match=r"llama\.cpp reads .* the tokenizer as"):
        export_gguf(folder, tmp_path / "model.gguf")
    assert not list(tmp_path.glob("model.gguf*"))


def test_a_byte_that_is_a_character_too_stays_a_byte(tmp_path: Path) -> None:
    # What transformers' converter makes of Gemma: the tab has the number of its byte.
    folder = write_published(tmp_path / "llama2", "llama2")
    change(
        folder / "tokenizer.json",
        lambda json: json["model"]["vocab"].update({"\t": json["model"]["vocab"]["<0x09>"]}),
    )
    export_gguf(folder, tmp_path / "model.gguf")
    model = Model(tmp_path / "model.gguf")
    assert model.tokenize(b"\t") == [open_published(folder).tokenizer.backend().encode("\t").ids[0]]
    assert model.piece(model.tokenize(b"\t")[0]) == b"\t"


def test_folders_that_are_no_checkpoint_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="fetch it first"):
        open_published(tmp_path / "Qwen" / "Qwen2.5-Coder-0.5B")
    folder = write_published(tmp_path / "qwen2", "qwen2")
    (folder / "model.safetensors").write_bytes(b"damaged")
    with pytest.raises(ValueError, match="cannot be loaded"):
        load_published(open_published(folder))
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ValueError, match=r"wanted a tokenizer\.json"):
        open_published(folder)


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    folder = write_published(tmp_path / "qwen2", "qwen2")
    weights = load_file(folder / "model.safetensors")
    del weights["model.layers.1.mlp.up_proj.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ValueError, match=r"no weights for model\.layers\.1\.mlp\.up_proj"):
        load_published(open_published(folder))


def change(path: Path, how: Change) -> None:
    document = json.loads(path.read_text())
    how(document)
    path.write_text(json.dumps(document))
