"""Where the verdict is against what the model wrote first, others are drawn."""

import math
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from lintseq.infer.ask import Completion, Extent, Judgement, complete
from lintseq.infer.request import Answer, Candidate, ModelInfo, Request
from lintseq.tasks import cursor_task

TEXT = "def add(first, second):\n    return \n"


class Undecided:
    """Writes one text when it is greedy, and draws others with probabilities of their own."""

    model = ModelInfo("undecided", Path("none.gguf"), 1, "pyflakes", 1024, "F32", 1, 1, {})

    def __init__(self, greedy: str, others: Mapping[str, float]) -> None:
        self._greedy, self._others = greedy, others
        self.requests: list[Request] = []

    def generate(self, request: Request, cancel: threading.Event | None = None) -> Answer:
        del cancel
        self.requests.append(request)
        texts = {self._greedy: 0.4} if request.is_greedy_first else self._others
        candidates = tuple(
            Candidate((f"{text}\n",), (math.log(likely),), "edit") for text, likely in texts.items()
        )
        return Answer(candidates, 1.0, 1, 0, 3, 1.0)

    def count(self, prompt: object) -> int:
        del prompt
        return 1

    def close(self) -> None:
        """Nothing runs."""


def completed(engine: Undecided, threshold: float = 0.0, samples: int = 1) -> Completion:
    task = cursor_task(TEXT, 1, 11)
    return complete(engine, task, Judgement(threshold), extent=Extent(samples=samples))


def test_the_likeliest_clean_one_is_taken() -> None:
    engine = Undecided("frist", {"second": 0.1, "secnod": 0.3, "first + second": 0.2})
    (first, *_) = completed(engine).proposals
    assert first.shown == "first + second"
    assert first.confidence == pytest.approx(0.2)
    assert first.logprobs == (math.log(0.2),)
    assert [request.samples for request in engine.requests] == [1, 3]


def test_its_own_confidence_decides_whether_it_is_shown() -> None:
    engine = Undecided("frist", {"first": 0.2})
    assert not completed(engine, threshold=0.3).proposals
    assert completed(engine, threshold=0.1).proposals


@pytest.mark.parametrize(
    ("greedy", "samples"),
    [("first", 1), ("frist", 3), ("", 1)],
    ids=["it is clean", "there are others already", "nothing is missing"],
)
def test_there_is_one_try_where(greedy: str, samples: int) -> None:
    engine = Undecided(greedy, {"second": 0.1})
    completed(engine, samples=samples)
    assert len(engine.requests) == 1


def test_silence_says_what_is_wrong_with_all_of_them() -> None:
    engine = Undecided("frist", {"secnod": 0.1, "frist + 1": 0.1})
    assert "3 candidates suppressed" in completed(engine).silent
