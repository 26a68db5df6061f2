"""A model that was trained to fill in the middle, asked and answering as a model of edits.

What is measured at a cursor stays the same: the window, the healing of the word that was begun, the
verdict of the linter. Only the form is another: prefix, suffix and middle, each behind a marker,
as `training.state_formats` writes them, up to the end token.
"""

import threading
from dataclasses import replace

from lintseq.format import HEADER, Segment, Special, header, text_of
from lintseq.generated import read_generated
from lintseq.infer.engine import Engine
from lintseq.infer.request import Answer, Candidate, ModelInfo, Request
from lintseq.program import Lines, split_lines
from lintseq.tasks import Snapshot
from training.state_formats import Case, fim

FORMATS = ("edits", "fim")
"""What a model can be asked in: the transcript of edits, or fill-in-the-middle."""


def speaking(engine: Engine, form: str) -> Engine:
    """The engine as benchmarks ask it, whose model was trained on this one of `FORMATS`.

    Raises:
        ValueError: there is no such form.
    """
    if form not in FORMATS:
        raise ValueError(f"models are asked in {' or '.join(FORMATS)}, got {form!r}")
    return FillInTheMiddle(engine) if form == "fim" else engine


class FillInTheMiddle:
    """An engine for requests at a cursor, whose line and typed text are known."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def model(self) -> ModelInfo:
        """What is known of the model."""
        return self._engine.model

    def generate(self, request: Request, cancel: threading.Event | None = None) -> Answer:
        """The answer in edits. How sure the model is that something is missing is not known: 1.

        Raises:
            PromptTooLong: it does not fit into the context.
            EngineError: the model failed.
            ValueError: the request forces no line.
        """
        match = HEADER.match(request.forced)
        if match is None or request.stop != "line":
            raise ValueError("a model that fills in the middle writes at a known line only")
        at = int(match[1])
        plain = replace(
            request,
            # What stands nearby is looked up as lines of edits.
            nearby=None,
            prompt=_prompt(request.prompt, at),
            forced=request.forced[match.end() + 1 :],
            stop="text",
            until=("\n",) if request.lines == 1 else (),
        )
        answer = self._engine.generate(plain, cancel)
        candidates = tuple(_in_edits(one, at + 1, request.lines) for one in answer.candidates)
        return replace(answer, candidates=candidates, p_edit=1.0)

    def count(self, prompt: tuple[Segment, ...]) -> int:
        """The tokens of a prompt in edits."""
        return self._engine.count(prompt)

    def close(self) -> None:
        """End it."""
        self._engine.close()


def _prompt(prompt: tuple[Segment, ...], at: int) -> tuple[Segment, ...]:
    """The state that the prompt's edits build, cut behind line `at`, and its markers."""
    lines: Lines = ()
    for edit in read_generated(prompt[2:]).edits:
        lines = edit.apply(lines)
    return fim(Case(Snapshot(0, lines[:at], lines[at:]), ())).prompt


def _in_edits(candidate: Candidate, number: int, most: int) -> Candidate:
    """The first lines of a plain text as edits behind a forced header.

    Args:
        number: of the first line, from 1.
        most: lines, at most; what the model wrote behind them is left out.
    """
    text = text_of(part for part in candidate.segments if part is not Special.END)
    if candidate.ended in ("until", "sequence") and not text.endswith("\n"):
        text += "\n"
    lines = split_lines(text)[:most]
    segments: list[Segment] = list(lines[:1])
    for place, line in enumerate(lines[1:], number + 1):
        segments += [Special.DIFF, f"{header(place - 1, place, 1)}+{line}"]
    is_whole = len(lines) == most and lines[-1].endswith("\n")
    ended = "edit" if is_whole or candidate.ended == "until" else candidate.ended
    return Candidate(tuple(segments), candidate.logprobs, ended)
