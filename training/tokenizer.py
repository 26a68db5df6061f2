"""The tokenizer: byte-level BPE over Python as the model reads it, that is, as edits.

Text is split with the pattern of Qwen2, digits one by one, which llama.cpp knows as the
pre-tokenizer "qwen2"; it normalises nothing, and neither does this. Segments are encoded apart: a
`Special` becomes its control token, and the same characters inside a text stay text.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from pathlib import Path

import tokenizers
from tokenizers import decoders, models, pre_tokenizers, trainers

from lintseq.format import Segment, Special, header
from lintseq.program import split_lines
from training.corpus.document import read_documents
from training.token_bytes import token_bytes

# Source: the tokenizer.json of Qwen2, and llama.cpp's LLAMA_VOCAB_PRE_TYPE_QWEN2.
SPLIT_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CONTROL_TOKENS = (Special.END, Special.DIFF)
"""In the order of their ids, from 0."""


@dataclass(frozen=True, slots=True)
class TokenizerConfig:
    """What the tokenizer is trained on, and how large it becomes."""

    corpus: tuple[Path, ...]
    """Folders or files of documents."""
    output: Path
    """The `tokenizer.json` to write."""
    vocabulary: int = 8192
    """Tokens, the control tokens and the 256 bytes included."""
    share: float = 0.3
    """Share of the documents that is read."""
    most_characters: int = 16_000
    """Read of one document: a stretch of whole lines, so that no large file decides much."""
    plain: float = 0.2
    """Share of these that is read as it is; the others as edits."""
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be trained."""
        if not len(CONTROL_TOKENS) + 256 <= self.vocabulary <= 1 << 16:
            raise ValueError(f"need 258 <= vocabulary <= 65536, got {self.vocabulary}")
        if not 0 < self.share <= 1 or not 0 <= self.plain <= 1:
            raise ValueError(
                f"need 0 < share <= 1 and 0 <= plain <= 1, got {self.share} and {self.plain}"
            )


class Tokenizer:
    """Segments to token ids and back."""

    def __init__(self, backend: tokenizers.Tokenizer) -> None:
        """Take a backend that has the control tokens.

        Raises:
            ValueError: It lacks one.
        """
        # Not kept in the file: text that spells a control token is encoded as text.
        backend.encode_special_tokens = True
        self._backend = backend
        self._ids = {special: _control_id(backend, special) for special in Special}
        self._specials = {number: special for special, number in self._ids.items()}

    def __len__(self) -> int:
        """Return the size of the vocabulary."""
        return int(self._backend.get_vocab_size())

    @property
    def hash(self) -> str:
        """The sha256 of the tokenizer, in hexadecimal: two with the same hash encode alike."""
        return hashlib.sha256(self._backend.to_str().encode()).hexdigest()

    def token_id(self, special: Special) -> int:
        """Return the id of a control token."""
        return self._ids[special]

    def piece(self, number: int) -> bytes:
        """Return the bytes that a token stands for; none for a control token."""
        return self.pieces[number]

    @cached_property
    def pieces(self) -> list[bytes]:
        """The bytes that each token stands for."""
        return token_bytes(self._backend)

    def encode_text(self, text: str) -> list[int]:
        """Return the token ids of a text; never a control token."""
        return list(self._backend.encode(text, add_special_tokens=False).ids)

    def encode_segments(self, segments: Sequence[Segment]) -> list[int]:
        """Return the token ids of segments, each encoded apart."""
        return list(
            chain.from_iterable(
                [self._ids[segment]] if isinstance(segment, Special) else self.encode_text(segment)
                for segment in segments
            )
        )

    def encode_batch(self, batch: Sequence[Sequence[Segment]]) -> list[list[int]]:
        """Return the token ids of each sequence of segments, encoded in parallel."""
        texts = [each for segments in batch for each in segments if not isinstance(each, Special)]
        encoded = iter(self._backend.encode_batch_fast(texts, add_special_tokens=False))
        return [
            list(
                chain.from_iterable(
                    [self._ids[segment]] if isinstance(segment, Special) else next(encoded).ids
                    for segment in segments
                )
            )
            for segments in batch
        ]

    def decode(self, ids: Iterable[int]) -> tuple[Segment, ...]:
        """Return the segments that the tokens stand for; bytes that are no text become U+FFFD."""
        segments: list[Segment] = []
        waiting: list[int] = []
        for number in ids:
            if number not in self._specials:
                waiting.append(number)
                continue
            segments += [self._decode_text(waiting)] if waiting else []
            segments.append(self._specials[number])
            waiting = []
        segments += [self._decode_text(waiting)] if waiting else []
        return tuple(segments)

    def save(self, path: Path) -> None:
        """Write the tokenizer as `tokenizer.json`."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        part.write_text(self._backend.to_str(pretty=True), encoding="utf-8")
        part.replace(path)

    def _decode_text(self, ids: list[int]) -> str:
        return str(self._backend.decode(ids, skip_special_tokens=False))


def load_tokenizer(path: Path) -> Tokenizer:
    """Return the tokenizer of a `tokenizer.json`.

    Raises:
        ValueError: The file is not one, or lacks a control token.
    """
    if not path.is_file():
        raise ValueError(f"wanted a tokenizer.json, got {path}")
    try:
        backend = tokenizers.Tokenizer.from_str(path.read_text(encoding="utf-8"))
    except Exception as error:  # The library raises bare exceptions.
        raise ValueError(f"{path} is not a tokenizer: {error}") from error
    return Tokenizer(backend)


def loaded_tokenizer(path: Path) -> Tokenizer:
    """Return the same, read once by a process while the file stays as it is."""
    return _loaded(path, path.stat().st_mtime_ns)


@cache
def _loaded(path: Path, _changed_ns: int) -> Tokenizer:
    return load_tokenizer(path)


def train_tokenizer(config: TokenizerConfig) -> Tokenizer:
    """Return a tokenizer trained on a share of the corpus, written to `config.output`."""
    rng = random.Random(config.seed)
    texts = (document.text for document in read_documents(*config.corpus))
    drawn = (_stretch(text, config, rng) for text in texts if rng.random() < config.share)
    chunks = (
        chunk
        for text in drawn
        for chunk in ([text] if rng.random() < config.plain else as_edits(text, rng))
    )
    tokenizer = train_on(chunks, config.vocabulary)
    tokenizer.save(config.output)
    return tokenizer


def train_on(texts: Iterable[str], vocabulary: int, *, show_progress: bool = True) -> Tokenizer:
    """Return a tokenizer with at most so many tokens, trained on these texts."""
    backend = tokenizers.Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(tokenizers.Regex(SPLIT_PATTERN), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    backend.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[str(special.value) for special in CONTROL_TOKENS],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=show_progress,
    )
    backend.train_from_iterator(texts, trainer)
    return Tokenizer(backend)


def as_edits(text: str, rng: random.Random) -> Iterator[str]:
    """Yield a text as insertions of one to forty-five lines each, as an edit's text has them."""
    lines = split_lines(text)
    at = 0
    while at < len(lines):
        count = min(int(2 ** rng.uniform(0, 5.5)), len(lines) - at)
        added = "".join(f"+{line}" for line in lines[at : at + count])
        yield f"{header(at, at + 1, count)}{added}"
        at += count


def _stretch(text: str, config: TokenizerConfig, rng: random.Random) -> str:
    if len(text) <= config.most_characters:
        return text
    start = rng.randrange(len(text) - config.most_characters)
    start = text.rfind("\n", 0, start) + 1
    return text[start : text.rfind("\n", start, start + config.most_characters) + 1]


def _control_id(backend: tokenizers.Tokenizer, special: Special) -> int:
    number = backend.token_to_id(special.value)
    if number is None:
        raise ValueError(f"the tokenizer lacks the control token {special.value}")
    return int(number)
