"""What writes programs: the same question, several samples, whatever runs the model."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lintseq.format import Segment
from lintseq.infer.request import Ended, Stop


@dataclass(frozen=True, slots=True)
class Sampling:
    """How samples are drawn."""

    samples: int = 1
    """Of each problem."""
    temperature: float = 0.8
    """0 takes the likeliest token."""
    top_p: float = 0.95
    min_p: float = 0.0
    max_tokens: int = 512
    """The length of a sample, at most; less where the model's context is short."""
    seed: int = 0

    def __post_init__(self) -> None:
        if self.samples < 1 or self.max_tokens < 1:
            raise ValueError(
                f"need samples >= 1 and max_tokens >= 1, got {self.samples} and {self.max_tokens}"
            )
        if self.temperature < 0 or not 0 < self.top_p <= 1 or not 0 <= self.min_p <= 1:
            raise ValueError(
                f"need temperature >= 0, 0 < top_p <= 1 and 0 <= min_p <= 1, "
                f"got {self.temperature}, {self.top_p} and {self.min_p}"
            )
        if not self.temperature and self.samples > 1:
            raise ValueError(
                f"samples at temperature 0 are all the same: need samples = 1, got {self.samples}"
            )

    def seed_of(self, name: str) -> int:
        """The seed of a problem: it depends on nothing but the seed and the problem's name."""
        digest = hashlib.sha256(f"{self.seed}:{name}".encode()).digest()
        return int.from_bytes(digest[:4], "big")


@dataclass(frozen=True, slots=True)
class Question:
    """What a model goes on from, and where its answer ends."""

    name: str
    """The problem's."""
    prompt: tuple[Segment, ...]
    stop: Stop
    until: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """One answer."""

    segments: tuple[Segment, ...]
    tokens: int
    """Generated, with those that ended it."""
    ended: Ended


@dataclass(frozen=True, slots=True)
class Answered:
    """All answers to a question; none of them has a token if the prompt is too long."""

    name: str
    samples: tuple[Sample, ...]
    prompt_tokens: int


class Generator(Protocol):
    """A model that answers questions."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the answers depend on, as JSON values for the report."""
        ...

    def answers(self, questions: Sequence[Question], sampling: Sampling) -> Iterator[Answered]:
        """The answers to all questions, as they come; the same questions, the same answers.

        Raises:
            EngineError: the model failed.
        """
        ...

    def close(self) -> None:
        """Give the memory back."""
        ...


def unanswered(question: Question, sampling: Sampling, prompt_tokens: int) -> Answered:
    """What comes of a prompt that leaves no room for an answer."""
    nothing = Sample((), 0, "tokens")
    return Answered(question.name, (nothing,) * sampling.samples, prompt_tokens)
