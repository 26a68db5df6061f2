"""What is asked of a model and what comes back: frozen values that cross a process boundary."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lintseq.errors import EngineError
from lintseq.format import Segment, Special
from lintseq.infer.locality import Nearby

MAX_SAMPLES = 16
"""Candidates of one request; the context is made for so many sequences."""

Stop = Literal["line", "edits", "text"]
Ended = Literal["edit", "sequence", "until", "tokens", "time", "cancelled", "unsure"]


class PromptTooLong(EngineError):  # noqa: N818  the name says it
    """Prompt, forced text and `max_tokens` together exceed the model's context."""


@dataclass(frozen=True, slots=True)
class Request:
    """A prompt and how to go on from it."""

    prompt: tuple[Segment, ...]
    """Ends with `Special.DIFF`, the decision point between an edit and the empty edit; for the
    stop "text" it is any text."""
    forced: str = ""
    """Text put behind the decision point; "" lets the model choose.

    Its last word is healed: the model may spell it with other tokens, ones that also cover what
    follows.
    """
    stop: Stop = "line"
    """"line": up to the newline of the last wanted line; "edits": up to the empty edit; "text":
    plain text, up to the end token."""
    until: tuple[str, ...] = ()
    """For "text": end in front of the first of these, too."""
    lines: int = 1
    """For "line": at most so many lines, each further one an edit at the next line number, as
    long as the model prefers an edit to the empty edit."""
    line_number: int = 0
    """For "line": the number of the first generated line, from 1; needed when `lines` > 1."""
    samples: int = 1
    """Candidates, 1 to 16: the first greedy, the others sampled."""
    is_greedy_first: bool = True
    """False: the first is sampled like the others."""
    first_sample: int = 0
    """The number of the first candidate: number n of a seed is the same draw in every request."""
    temperature: float = 0.8
    top_p: float = 0.95
    min_p: float = 0.0
    """Tokens less likely than this share of the likeliest one's probability are not drawn."""
    seed: int = 0
    is_fresh: bool = False
    """Evaluate the prompt anew, so that nothing depends on what was asked before: what is in the
    cache was evaluated in other batches, and rounded otherwise."""
    max_tokens: int = 96
    """Tokens of one candidate; 0 only evaluates the prompt (and warms its cache)."""
    gives_up_below: float | None = None
    """The natural logarithm of the likelihood below which a candidate is not finished."""
    budget_ms: int = 2000
    """Wall-clock time of the request; what there is by then is the answer."""
    nearby: Nearby | None = None
    """For "line": texts whose repetition makes a token likelier; None takes the model's word."""

    def __post_init__(self) -> None:
        self._check_prompt()
        if not 1 <= self.samples <= MAX_SAMPLES or self.first_sample < 0:
            raise ValueError(
                f"need 1 <= samples <= {MAX_SAMPLES} and first_sample >= 0, "
                f"got samples={self.samples} first_sample={self.first_sample}"
            )
        if self.lines < 1 or (self.lines > 1 and self.line_number < 1):
            raise ValueError(
                f"need lines >= 1, and line_number >= 1 for more than one line, "
                f"got lines={self.lines} line_number={self.line_number}"
            )
        if self.max_tokens < 0 or self.budget_ms <= 0:
            raise ValueError(
                f"need max_tokens >= 0 and budget_ms > 0, "
                f"got max_tokens={self.max_tokens} budget_ms={self.budget_ms}"
            )
        if self.temperature <= 0 or not 0 < self.top_p <= 1 or not 0 <= self.min_p <= 1:
            raise ValueError(
                f"need temperature > 0, 0 < top_p <= 1 and 0 <= min_p <= 1, "
                f"got temperature={self.temperature} top_p={self.top_p} min_p={self.min_p}"
            )

    def _check_prompt(self) -> None:
        if self.stop == "text":
            if not any(self.prompt):
                raise ValueError(
                    f"plain text goes on from a prompt that is not empty, got {self.prompt!r}"
                )
        elif not self.prompt or self.prompt[-1] is not Special.DIFF:
            raise ValueError(f"a prompt ends with Special.DIFF, got {self.prompt[-1:]!r}")
        if "" in self.until or (self.until and self.stop != "text"):
            raise ValueError(f"only plain text ends at a text of its own, got {self.until!r}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One continuation."""

    segments: tuple[Segment, ...]
    """What follows the forced text: new characters only, with the headers of further edits."""
    logprobs: tuple[float, ...]
    """Natural logarithms, one per generated token.

    They are of the distribution at temperature 1, with what stands nearby mixed in. Only a token
    that also spells forced characters has the probability of its new characters given the forced
    ones.
    """
    ended: Ended
    """"edit": after a whole line; "sequence": the model closed the sequence, or wrote the end
    token; "until": in front of a text to stop at; "unsure": given up as too unlikely; else: cut
    off."""
    line_tokens: tuple[int, ...] = ()
    """How many of `logprobs` belong to each line; the last may be unfinished."""


@dataclass(frozen=True, slots=True)
class Answer:
    """All candidates of a request, as many as `samples`, also when it was cut off."""

    candidates: tuple[Candidate, ...]
    p_edit: float
    """P(edit) against the empty edit and the end of the text; 0.0 if the time ended before.

    For the stop "text" it means nothing."""
    prompt_tokens: int
    """Tokens of the prompt and of the forced text."""
    reused_tokens: int
    """How many of them were in the cache already."""
    generated_tokens: int
    elapsed_ms: float


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a GGUF says of itself."""

    name: str
    path: Path
    format_version: int
    linter: str
    context: int
    """Tokens that prompt and answer may have together."""
    quantization: str
    size_bytes: int
    parameters: int
    metadata: Mapping[str, str]
