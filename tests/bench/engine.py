"""What the engine costs beyond llama.cpp, and what its cache saves.

Engine and plain loop take turns on the same file with the same number of threads, so that what
else the machine does meets both; the ratio of each turn is what to look at.
"""

import time
from dataclasses import dataclass, replace
from pathlib import Path

from lintseq.errors import EngineError
from lintseq.format import Segment, header
from lintseq.infer.engine import Engine, start_engine
from lintseq.infer.llama import Model
from lintseq.infer.request import Answer, ModelInfo, Request
from lintseq.infer.vocabulary import Vocabulary
from lintseq.program import split_lines
from lintseq.tasks import Snapshot, state_prompt, take_snapshot
from server.demo.author import Cursor, fixed_cursors
from server.work import windows
from tests.bench.figures import Figure, Section, repeated
from tests.bench.machine import cores
from tests.bench.raw import RawLoop

FILE = "unidiff/patch.py"
_TYPED = "    def is_empty(self) -> bool:\n"
# Room for what is forced and typed behind the prompt.
_MARGIN = 64


@dataclass(frozen=True, slots=True)
class EnginePlan:
    """How much to generate."""

    repeats: int = 9
    tokens: int = 96
    """Generated per repeat."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the engine and of the plain loop; all times of a caller's clock."""

    prompt_tokens: int
    cold_ms: float
    typed_ms: float
    """The same prompt with one more line."""
    raw_prompt_ms: float
    token_ms: float
    raw_token_ms: float


class Pair:
    """An engine and a plain loop over the same model file.

    Raises:
        EngineError: the model cannot be loaded, or not a window of the text fits into it.
    """

    def __init__(self, path: Path, threads: int, tokens: int) -> None:
        self.tokens = tokens
        self.engine = start_engine(path, threads=threads)
        model = Model(path)
        self._vocabulary = Vocabulary(model)
        self._raw = RawLoop(model, tokens=self.engine.model.context, threads=threads)
        self._snapshot = _snapshot(self.engine, tokens)

    def turn(self, number: int) -> Turn:
        """The turn of this number: another number is another prompt from its first token on."""
        prompt = state_prompt(self._snapshot, instruction=f"{number}")
        cold = Request(prompt, max_tokens=0, budget_ms=60_000)
        cold_ms, answer = self._ask(cold)
        raw_prompt_ms = self._raw.prompt(self._tokens(prompt)) * 1000
        # Generation first: what is evaluated behind the prompt then is dropped from the cache.
        token_ms, raw_token_ms = self._generate(cold)
        typed = state_prompt(self._snapshot, (_TYPED,), instruction=f"{number}")
        typed_ms, _ = self._ask(replace(cold, prompt=typed))
        return Turn(
            answer.prompt_tokens - answer.reused_tokens,
            cold_ms,
            typed_ms,
            raw_prompt_ms,
            token_ms,
            raw_token_ms,
        )

    def close(self) -> None:
        """End both."""
        self.engine.close()
        self._raw.close()

    def _generate(self, cold: Request) -> tuple[float, float]:
        line = len(self._snapshot.before)
        # A hunk that announces more lines than there are tokens for is not ended early.
        forced = f"{header(line, line + 1, self.tokens)}+"
        request = replace(cold, forced=forced, stop="edits", max_tokens=self.tokens)
        warm = replace(request, max_tokens=0)
        self._ask(warm)
        ms, answer = self._ask(request)
        count = max(answer.generated_tokens, 1)
        tokens = self._tokens((*cold.prompt, forced))
        self._raw.prompt(tokens)
        return ms / count, self._raw.generate(tokens, count) * 1000 / count

    def _ask(self, request: Request) -> tuple[float, Answer]:
        start = time.perf_counter()
        answer = self.engine.generate(request)
        return (time.perf_counter() - start) * 1000, answer

    def _tokens(self, prompt: tuple[Segment, ...]) -> list[int]:
        return self._vocabulary.tokens(prompt)


def measure_engine(path: Path, threads: int | None, plan: EnginePlan) -> Section:
    """The engine's speed on the model at `path`, beside that of a plain loop."""
    used = threads or max(1, cores() - 1)
    pair = Pair(path, used, plan.tokens)
    try:
        # The first turn pays for what is loaded late.
        turns = [pair.turn(number) for number in range(plan.repeats + 1)][1:]
        info = pair.engine.model
    finally:
        pair.close()
    return Section("Engine", _about(info, used, plan, turns[0]), _figures(turns))


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


def _about(info: ModelInfo, threads: int, plan: EnginePlan, turn: Turn) -> str:
    return (
        f"{info.name}, {info.parameters / 1e6:.1f} M parameters, {info.quantization}; "
        f"{threads} threads; {plan.tokens} tokens generated behind {turn.prompt_tokens}"
    )


def _figures(turns: list[Turn]) -> tuple[Figure, ...]:
    return (
        repeated("a generated token", (turn.token_ms for turn in turns), "ms"),
        repeated("the same in a plain loop", (turn.raw_token_ms for turn in turns), "ms"),
        repeated("ratio", (turn.token_ms / turn.raw_token_ms for turn in turns)),
        repeated(
            "prompt tokens per second",
            (turn.prompt_tokens * 1000 / turn.cold_ms for turn in turns),
            "1/s",
        ),
        repeated(
            "the same in a plain loop",
            (turn.prompt_tokens * 1000 / turn.raw_prompt_ms for turn in turns),
            "1/s",
        ),
        repeated("ratio of times", (turn.cold_ms / turn.raw_prompt_ms for turn in turns)),
        repeated("a prompt never seen", (turn.cold_ms for turn in turns), "ms"),
        repeated("the same and one typed line", (turn.typed_ms for turn in turns), "ms"),
    )
