"""Samples through llama.cpp: one prompt, several sequences in one batch.

A batch of more than eight sequences is no faster a token, and two threads of one model are slower
than two models with a thread each on a busy machine: so each worker is an engine of one thread,
and the problems are shared out among them. The weights are mapped into memory once.
"""

import hashlib
import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from lintseq.infer.engine import Engine, start_engine
from lintseq.infer.request import MAX_SAMPLES, Request
from training.evaluate.code.generator import Answered, Question, Sample, Sampling, unanswered

# Of one request. A sample takes seconds; only a machine that stands still comes near this.
_BUDGET_MS = 600_000


class LlamaGenerator:
    """A GGUF in several engines."""

    def __init__(self, path: Path, jobs: int) -> None:
        """Start the engines.

        Raises:
            EngineError: the file is no LintSeq model.
        """
        self._engines: list[Engine] = []
        try:
            for _ in range(jobs):
                self._engines.append(start_engine(path, threads=1, has_separate_caches=True))
        except BaseException:
            self.close()
            raise

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the answers depend on."""
        model = self._engines[0].model
        return {
            "engine": "llama.cpp",
            "model_sha256": hashlib.sha256(model.path.read_bytes()).hexdigest(),
            "quantization": model.quantization,
            "parameters": model.parameters,
            "context": model.context,
        }

    def answers(self, questions: Sequence[Question], sampling: Sampling) -> Iterator[Answered]:
        """The answers to all questions, in the order in which the engines finish them."""
        free: queue.SimpleQueue[Engine] = queue.SimpleQueue()
        for engine in self._engines:
            free.put(engine)
        cancel = threading.Event()

        def answer(question: Question) -> Answered:
            engine = free.get()
            try:
                return _answer(engine, question, sampling, cancel)
            finally:
                free.put(engine)

        with ThreadPoolExecutor(len(self._engines)) as pool:
            try:
                for future in as_completed([pool.submit(answer, one) for one in questions]):
                    yield future.result()
            finally:
                cancel.set()
                pool.shutdown(cancel_futures=True)

    def close(self) -> None:
        """End the engines."""
        for engine in self._engines:
            engine.close()


def _answer(
    engine: Engine, question: Question, sampling: Sampling, cancel: threading.Event
) -> Answered:
    prompt_tokens = engine.count(question.prompt)
    room = min(sampling.max_tokens, engine.model.context - prompt_tokens)
    if room < 1:
        return unanswered(question, sampling, prompt_tokens)
    samples: list[Sample] = []
    while len(samples) < sampling.samples:
        request = Request(
            prompt=question.prompt,
            stop=question.stop,
            until=question.until,
            samples=min(MAX_SAMPLES, sampling.samples - len(samples)),
            is_greedy_first=not sampling.temperature,
            first_sample=len(samples),
            temperature=sampling.temperature or 1.0,
            top_p=sampling.top_p,
            min_p=sampling.min_p,
            seed=sampling.seed_of(question.name),
            is_fresh=True,
            max_tokens=room,
            budget_ms=_BUDGET_MS,
        )
        for candidate in engine.generate(request, cancel).candidates:
            tokens = len(candidate.logprobs)
            samples.append(Sample(candidate.segments, tokens, candidate.ended))
    return Answered(question.name, tuple(samples), prompt_tokens)
