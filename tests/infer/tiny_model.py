"""A tiny GGUF of random weights with a real tokenizer, for engine tests without a trained model."""

import ast
import json
import textwrap
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

from lintseq.format import FORMAT_VERSION, Special, header

# What llama.cpp splits by when a file says `tokenizer.ggml.pre` = "qwen2".
QWEN2_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


@dataclass(frozen=True, slots=True)
class TinyModel:
    """What distinguishes one random model from another."""

    hidden: int = 64
    layers: int = 2
    feed_forward: int = 128
    vocabulary: int = 512
    context: int = 512
    seed: int = 0
    format_version: int | None = FORMAT_VERSION
    has_diff: bool = True
    newline_bias: float = 2.0
    """How much likelier than others a token is that ends a line; 0 for none."""
    edit_bias: float = 0.0
    """The same, behind a marker, for the token that begins an edit."""


def write_tiny_model(path: Path, model: TinyModel | None = None) -> Path:
    """The path of the written GGUF; the same `model` gives the same bytes."""
    model = model or TinyModel()
    writer = gguf.GGUFWriter(path, "llama")
    _add_metadata(writer, model)
    pieces = _add_tokenizer(writer, model)
    _add_tensors(writer, model, pieces)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def train_tokenizer(vocabulary: int) -> Tokenizer:
    """A byte-level BPE tokenizer of the standard library's own text, special tokens last."""
    tokenizer = Tokenizer(models.BPE())
    split = pre_tokenizers.Split(Regex(QWEN2_SPLIT), behavior="isolated")
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, byte_level])
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary - len(Special),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(
        (text for path in (ast.__file__, textwrap.__file__) for text in _texts_of(Path(path))),
        trainer,
    )
    return tokenizer


def _texts_of(path: Path) -> tuple[str, str]:
    source = path.read_text("utf-8")
    lines = enumerate(source.splitlines(keepends=True))
    return source, "".join(f"{header(number, number + 1, 1)}+{line}" for number, line in lines)


def _add_metadata(writer: gguf.GGUFWriter, model: TinyModel) -> None:
    writer.add_name("tiny")
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_context_length(model.context)
    writer.add_embedding_length(model.hidden)
    writer.add_block_count(model.layers)
    writer.add_feed_forward_length(model.feed_forward)
    writer.add_head_count(model.hidden // 32)
    writer.add_head_count_kv(model.hidden // 32)
    writer.add_rope_dimension_count(32)
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    if model.format_version is not None:
        writer.add_uint32("lintseq.format_version", model.format_version)
    writer.add_string("lintseq.linter", "pyflakes 4.1.0")


def _add_tokenizer(writer: gguf.GGUFWriter, model: TinyModel) -> list[str]:
    tokenizer = train_tokenizer(model.vocabulary)
    by_id = {index: piece for piece, index in tokenizer.get_vocab().items()}
    pieces = [by_id[index] for index in range(len(by_id))]
    pieces += [
        f"<|unused{index}|>" for index in range(model.vocabulary - len(Special) - len(pieces))
    ]
    types = [gguf.TokenType.NORMAL] * len(by_id)
    types += [gguf.TokenType.UNUSED] * (len(pieces) - len(by_id))
    specials = [Special.END, Special.DIFF] if model.has_diff else [Special.END]
    pieces += [str(special) for special in specials]
    types += [gguf.TokenType.CONTROL] * len(specials)
    merges = _merges(tokenizer)
    writer.add_vocab_size(len(pieces))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(pieces)
    writer.add_token_types(types)
    writer.add_token_merges(merges)
    writer.add_eos_token_id(pieces.index(Special.END))
    writer.add_add_bos_token(False)
    return pieces


def _merges(tokenizer: Tokenizer) -> list[str]:
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    return [merge if isinstance(merge, str) else " ".join(merge) for merge in merges]


def _add_tensors(writer: gguf.GGUFWriter, model: TinyModel, pieces: list[str]) -> None:
    rng = np.random.default_rng(model.seed)

    def normal(rows: int, columns: int, gain: float = 1.0) -> NDArray[np.float32]:
        values = rng.standard_normal((rows, columns)) * gain / columns**0.5
        return np.asarray(values, dtype=np.float32)

    hidden, inner = model.hidden, model.feed_forward
    embedding = normal(len(pieces), hidden, gain=hidden**0.5)
    output = normal(len(pieces), hidden, gain=3.0)
    # A constant first coordinate survives the layers, so that its output column is a bias.
    embedding[:, 0] = 4.0
    output[:, 0] = [model.newline_bias if "Ċ" in piece else 0.0 for piece in pieces]
    embedding[-1, 1] = 4.0
    output[pieces.index("@@"), 1] += model.edit_bias
    ones = np.ones(hidden, dtype=np.float32)
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output.weight", output)
    writer.add_tensor("output_norm.weight", ones)
    for layer in range(model.layers):
        block = f"blk.{layer}"
        writer.add_tensor(f"{block}.attn_norm.weight", ones)
        writer.add_tensor(f"{block}.ffn_norm.weight", ones)
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            writer.add_tensor(f"{block}.{name}.weight", normal(hidden, hidden))
        writer.add_tensor(f"{block}.ffn_gate.weight", normal(inner, hidden))
        writer.add_tensor(f"{block}.ffn_up.weight", normal(inner, hidden))
        writer.add_tensor(f"{block}.ffn_down.weight", normal(hidden, inner))
