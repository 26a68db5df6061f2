"""One candidate while it grows: which tokens may come next, and what each one adds."""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from lintseq.format import Segment, Special
from lintseq.infer.healing import Healed
from lintseq.infer.request import Candidate, Ended
from lintseq.infer.vocabulary import HEADER_START, Mask, Vocabulary

Previous = Literal["diff", "header", "line"]

_LINE = re.compile(rb"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Further:
    """A next edit that is evaluated but stands only if the model wants one."""

    decision: int
    """Index of the marker among the pending tokens."""
    text: str
    healed: Healed


@dataclass(slots=True)
class Draft:
    """A candidate, the tokens it still has to put into its cache, and where its line stands."""

    vocabulary: Vocabulary
    sequence: int
    rng: np.random.Generator | None
    """What it is sampled with; None takes the likeliest tokens."""
    position: int
    """Tokens of the sequence in the cache."""
    pending: list[int] = field(default_factory=list)
    """Tokens chosen or forced but not evaluated."""
    required: bytes = b""
    """Forced bytes that the next tokens have to spell."""
    line: bytes = b""
    """The current line, forced bytes included, without what is required."""
    previous: Previous = "diff"
    """What stands before the current line."""
    generated: int = 0
    """Tokens chosen, without those that only spell forced bytes."""
    lines: int = 0
    """Content lines finished by generation."""
    further: Further | None = None
    ended: Ended | None = None
    context: list[int] = field(default_factory=list)
    """Tokens of content lines, the current one's last; headers and markers are none."""
    _output: list[bytearray | Special] = field(default_factory=list)
    _logprobs: list[float] = field(default_factory=list)
    _line_tokens: list[int] = field(default_factory=lambda: [0])
    _carried: float = 0.0
    """Log-probability of tokens that spelled forced bytes only."""

    def force(self, healed: Healed) -> None:
        """Stand behind a forced text."""
        self.required = healed.required
        for token in healed.tokens:
            for part in _LINE.findall(self.vocabulary.pieces[token]):
                self._note(part, [token])

    def propose(self, text: str, healed: Healed) -> None:
        """Put another edit that begins with `text` among the pending tokens, for a decision."""
        self.further = Further(len(self.pending), text, healed)
        self.pending += [self.vocabulary.diff, *healed.tokens]

    def settle(self) -> None:
        """Let the proposed edit stand."""
        assert self.further is not None  # noqa: S101  only after `propose`
        self._write_marker()
        self._write(self.further.text.encode())
        self.force(self.further.healed)
        self.further = None

    def mask(self) -> Mask:
        """What is added to the logits to forbid the tokens that cannot stand here."""
        vocabulary = self.vocabulary
        if self.required:
            return vocabulary.mask_spelling(self.required)
        if self.line and HEADER_START.startswith(self.line) and self.line != HEADER_START:
            return vocabulary.mask_spelling(HEADER_START[len(self.line) :])
        if self.line:
            return vocabulary.in_header if self.line[:1] == b"@" else vocabulary.in_line
        return {
            "diff": vocabulary.after_diff,
            "header": vocabulary.after_header,
            "line": vocabulary.after_line,
        }[self.previous]

    def accept(self, token: int, logprob: float) -> None:
        """Append a chosen token."""
        piece = self.vocabulary.pieces[token]
        if 0 < len(piece) <= len(self.required):
            self._spell(piece, token, logprob)
            return
        self.generated += 1
        self._logprobs.append(logprob + self._carried)
        self._line_tokens[-1] += 1
        self._carried = 0.0
        if not piece:
            self._accept_control(token)
            return
        fresh = piece[len(self.required) :]
        whole = _upto_newline(fresh)
        # What a token has behind a newline is the next line's to choose.
        self.pending = self._respelled(piece, len(fresh) - len(whole)) or [token]
        self._write(whole)
        self._note(self.required + whole, self.pending)
        self.required = b""
        if self.previous == "line" and not self.line:
            self.lines += 1
            self._line_tokens.append(0)

    @property
    def is_in_line(self) -> bool:
        """Whether the next token belongs to a content line, of which the "+" is known."""
        return (self.line or self.required).startswith(b"+")

    @property
    def likelihood(self) -> float:
        """Of what was generated: its natural logarithm."""
        return sum(self._logprobs)

    def candidate(self) -> Candidate:
        """What has become of it."""
        return Candidate(
            _segments(self._output),
            tuple(self._logprobs),
            self.ended or "tokens",
            tuple(count for count in self._line_tokens if count),
        )

    def _spell(self, piece: bytes, token: int, logprob: float) -> None:
        self.required = self.required[len(piece) :]
        self._carried += logprob
        self.pending = [token]
        self._note(piece, self.pending)

    def _accept_control(self, token: int) -> None:
        if token == self.vocabulary.end:
            self._output.append(Special.END)
            self.ended = "sequence"
        else:
            self.pending = [token]
            self._write_marker()

    def _write(self, data: bytes) -> None:
        last = self._output[-1] if self._output else None
        if isinstance(last, bytearray):
            last += data
        else:
            self._output.append(bytearray(data))

    def _write_marker(self) -> None:
        self._output.append(Special.DIFF)
        self.previous = "diff"
        self.line = b""

    def _respelled(self, piece: bytes, surplus: int) -> list[int]:
        return self.vocabulary.tokens_of_bytes(piece[:-surplus]) if surplus else []

    def _note(self, data: bytes, tokens: Sequence[int]) -> None:
        if (self.line + data).startswith(b"+"):
            self.context += tokens
        self._advance(data)

    def _advance(self, data: bytes) -> None:
        self.line += data
        if not self.line.endswith(b"\n"):
            return
        if self.line.startswith(b"@"):
            self.previous = "header"
        elif self.line == b"\n" and self.previous == "diff":
            # An empty edit; the marker that closes it says so to the reader.
            self._write_marker()
            self.ended = "sequence"
        else:
            self.previous = "line"
        self.line = b""


def _upto_newline(data: bytes) -> bytes:
    end = data.find(b"\n") + 1
    return data[:end] if end else data


def _segments(output: list[bytearray | Special]) -> tuple[Segment, ...]:
    return tuple(
        part if isinstance(part, Special) else _text(bytes(part)) for part in output if part
    )


def _text(data: bytes) -> str:
    # A character of which the last bytes are missing is left out, as half a line would be.
    return codecs.getincrementaldecoder("utf-8")("replace").decode(data)
