"""An engine that knows the answers, and the held-out documents of the tests."""

import math
import threading
from collections.abc import Callable
from pathlib import Path

from lintseq.format import Segment, text_of
from lintseq.infer.engine import Answer, Candidate, ModelInfo, PromptTooLong, Request
from training.corpus.document import Document

Reply = Callable[[Request], str]
"""What is written behind the forced text; nothing for the empty edit."""

SHOP = '''\
"""A shop."""

import os
import json as j
from math import (
    ceil,
    floor,
)


class Shop:
    @property
    def goods(self):
        return self._goods

    def price(self, discount):
        total = 0
        for good in self.goods:
            total += ceil(good)
        if discount:
            total = floor(total * discount)
        elif total > 100:
            total = 100
        return total


def load(path):
    with open(os.path.join(path, "shop.json")) as file:
        data = j.load(file)
    return data


print(load("."))
'''


def documents(count: int = 12) -> list[Document]:
    """Different documents of two packages, in both halves."""
    return [
        Document(
            ("first", "second")[number % 2], f"shop{number}.py", "MIT", f"{SHOP}NUMBER = {number}\n"
        )
        for number in range(count)
    ]


class Oracle:
    """Writes what `reply` says, with a probability per token."""

    def __init__(
        self, reply: Reply, model: Path, *, likely: float = 0.9, p_edit: float = 0.9
    ) -> None:
        self._reply = reply
        self._logprob = math.log(likely)
        self._p_edit = p_edit
        self._last = ""
        self.longest_prompt = 10**6
        """In characters."""
        self.model = ModelInfo(model.name, model, 1, "pyflakes 4.1.0", 1024, "F32", 1, 1, {})

    def generate(self, request: Request, cancel: threading.Event | None = None) -> Answer:
        del cancel
        if self.count(request.prompt) > self.longest_prompt:
            raise PromptTooLong("too long")
        # Whoever knows one answer only gives it again when others are wanted.
        if request.is_greedy_first:
            self._last = self._reply(request)
        text = self._last
        tokens = len(text) // 4 + 1
        segments = (text + "\n",) if text else ()
        candidate = Candidate(segments, (self._logprob,) * tokens, "edit" if text else "tokens")
        return Answer((candidate,) * request.samples, self._p_edit, 1, 0, tokens, 1.0)

    def count(self, prompt: tuple[Segment, ...]) -> int:
        return len(text_of(prompt))

    def close(self) -> None:
        pass
