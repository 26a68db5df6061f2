"""What the engine costs beyond llama.cpp, and what its cache saves.

Engine and plain loop take short turns on the same file with the same number of threads, so that
what else the machine does meets both: of the numbers, the ratios are the least disturbed.
"""

import time
from dataclasses import dataclass, replace
from pathlib import Path

from lintseq.errors import EngineError
from lintseq.format import header
from lintseq.infer.engine import Engine, start_engine
from lintseq.infer.llama import Model
from lintseq.infer.request import Answer, Request
from lintseq.infer.vocabulary import Vocabulary
from lintseq.program import split_lines
from lintseq.tasks import Snapshot, state_prompt, take_snapshot, windows
from server.demo.places import Cursor, fixed_cursors
from tests.bench.figures import Figure, Section, repeated
from tests.bench.raw import RawLoop

FILE = "unidiff/patch.py"
_TYPED = "    def is_empty(self) -> bool:\n"
# Room for what is forced and typed behind the prompt.
_MARGIN = 64
_BUDGET_MS = 60_000


@dataclass(frozen=True, slots=True)
class EnginePlan:
    """How much to generate."""

    prompts: int = 6
    rounds: int = 6
    """How often engine and loop take turns at generating behind each prompt."""
    tokens: int = 40
    """Generated per round."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A prompt that is read; times by the caller's clock."""

    tokens: int
    engine_ms: float
    raw_ms: float
    typed_ms: float
    """The engine's for the same prompt with one more line."""


@dataclass(frozen=True, slots=True)
class Writing:
    """One round of generation; times per token, by the caller's clock."""

    engine_ms: float
    raw_ms: float


class Pair:
    """An engine and a plain loop over the same model file.

    Raises:
        EngineError: the model cannot be loaded, or not a window of the text fits into it.
    """

    def __init__(self, path: Path, threads: int, plan: EnginePlan) -> None:
        self._plan = plan
        self.engine = start_engine(path, threads=threads)
        model = Model(path)
        self._vocabulary = Vocabulary(model)
        self._raw = RawLoop(model, tokens=self.engine.model.context, threads=threads)
        self._snapshot = _snapshot(self.engine, plan.tokens)

    def compare(self, number: int) -> tuple[Reading, list[Writing]]:
        """Both on the prompt of this number; another one differs from its first token on."""
        instruction = f"{number}"
        request = self._request(instruction)
        tokens = self._vocabulary.tokens((*request.prompt, request.forced))
        cold_ms, cold = self._ask(replace(request, max_tokens=0))
        raw_ms = self._raw.prompt(tokens) * 1000
        writings = [self._write(request, tokens) for _ in range(self._plan.rounds)]
        typed = state_prompt(self._snapshot, (_TYPED,), instruction=instruction)
        typed_ms, _ = self._ask(Request(typed, max_tokens=0, budget_ms=_BUDGET_MS))
        evaluated = cold.prompt_tokens - cold.reused_tokens
        return Reading(evaluated, cold_ms, raw_ms, typed_ms), writings

    def close(self) -> None:
        """End both."""
        self.engine.close()
        self._raw.close()

    def _request(self, instruction: str) -> Request:
        line = len(self._snapshot.before)
        return Request(
            state_prompt(self._snapshot, instruction=instruction),
            # A hunk that announces more lines than there are tokens for is not ended early.
            forced=f"{header(line, line + 1, self._plan.tokens)}+",
            stop="edits",
            max_tokens=self._plan.tokens,
            budget_ms=_BUDGET_MS,
        )

    def _write(self, request: Request, tokens: list[int]) -> Writing:
        ms, answer = self._ask(request)
        count = max(answer.generated_tokens, 1)
        return Writing(ms / count, self._raw.generate(tokens, count) * 1000 / count)

    def _ask(self, request: Request) -> tuple[float, Answer]:
        start = time.perf_counter()
        answer = self.engine.generate(request)
        return (time.perf_counter() - start) * 1000, answer


def measure_engine(path: Path, threads: int, plan: EnginePlan) -> Section:
    """The engine's speed on the model at `path`, beside that of a plain loop."""
    pair = Pair(path, threads, plan)
    try:
        # The first comparison pays for what is loaded late.
        compared = [pair.compare(number) for number in range(plan.prompts + 1)][1:]
        info = pair.engine.model
    finally:
        pair.close()
    readings = [reading for reading, _ in compared]
    writings = [writing for _, rounds in compared for writing in rounds]
    about = (
        f"{info.name}, {info.parameters / 1e6:.1f} M parameters, {info.quantization}; threads: "
        f"{threads}; prompts of {readings[0].tokens} tokens, {plan.tokens} generated at a time"
    )
    return Section("Engine", about, (*_writing_figures(writings), *_reading_figures(readings)))


def fixed_cursor() -> Cursor:
    """The place in the demo's file where prompts are taken and typing begins.

    Raises:
        ValueError: the installed file is not the pinned one.
    """
    return next(cursor for cursor in fixed_cursors() if cursor.file == FILE and cursor.line > 150)


def _snapshot(engine: Engine, tokens: int) -> Snapshot:
    cursor = fixed_cursor()
    lines = split_lines(cursor.text)
    for window in windows():
        snapshot = take_snapshot(lines[: cursor.line], lines[cursor.line + 1 :], window)
        needed = engine.count(state_prompt(snapshot)) + tokens + _MARGIN
        if needed <= engine.model.context:
            return snapshot
    raise EngineError(f"no window of {FILE} fits into {engine.model.context} tokens")


def _writing_figures(writings: list[Writing]) -> tuple[Figure, ...]:
    return (
        repeated("generated token", (each.engine_ms for each in writings), "ms"),
        repeated("generated token, plain loop", (each.raw_ms for each in writings), "ms"),
        repeated("generated token, ratio", (each.engine_ms / each.raw_ms for each in writings)),
    )


def _reading_figures(readings: list[Reading]) -> tuple[Figure, ...]:
    return (
        repeated(
            "prompt tokens", (each.tokens * 1000 / each.engine_ms for each in readings), "1/s"
        ),
        repeated(
            "prompt tokens, plain loop",
            (each.tokens * 1000 / each.raw_ms for each in readings),
            "1/s",
        ),
        repeated("prompt, ratio of times", (each.engine_ms / each.raw_ms for each in readings)),
        repeated("prompt, nothing of it in the cache", (r.engine_ms for r in readings), "ms"),
        repeated("prompt in the cache, one more line", (r.typed_ms for r in readings), "ms"),
    )
