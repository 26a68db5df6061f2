"""What the model in training writes behind fixed prompts, for people to read.

The prompts are the questions that an editor asks at a cursor, in the words of `lintseq.tasks`. The
answer is the likeliest token each time, to the end of the line. The model reads all of it again for
each token: that is slow and short, and needs nothing of the model but its forward pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch

from lintseq.format import Special
from lintseq.tasks import cursor_task
from training.metrics import Sample
from training.tokenizer import Tokenizer

MOST_TOKENS = 24
CURSOR = "<cursor>"

PROMPTS = (
    "def total(prices):\n    result = 0\n    for price in prices:\n        <cursor>\n"
    "    return result\n",
    "import os\nfrom pathlib import Path\n\n\ndef read(path: Path) -> str:\n"
    '    """The text of a file."""\n    return path.<cursor>\n',
    "class Stack:\n    def __init__(self):\n        self.items = []\n\n"
    "    def push(self, item):\n        self.items.append(item)\n\n    def pop(self):\n"
    "        return <cursor>\n",
    "def largest(numbers):\n    best = None\n    for number in numbers:\n"
    "        if best is None or <cursor>\n            best = number\n    return best\n",
)

Logits = Callable[[torch.Tensor], torch.Tensor]
"""From token ids [1, T] to the logits of what comes next [1, V]."""


def write_samples(logits: Logits, tokenizer: Tokenizer, step: int) -> Iterator[Sample]:
    """Yield what the model writes behind each prompt."""
    ends = {tokenizer.token_id(special) for special in Special}
    for prompt in PROMPTS:
        ids = _ids(prompt, tokenizer)
        written: list[int] = []
        while len(written) < MOST_TOKENS:
            chosen = int(logits(torch.tensor([ids + written])).argmax())
            if chosen in ends or "\n" in _text(tokenizer, [chosen]):
                break
            written.append(chosen)
        yield Sample(step, prompt, _text(tokenizer, written))


def _ids(prompt: str, tokenizer: Tokenizer) -> list[int]:
    before, _, after = prompt.partition(CURSOR)
    line = before.count("\n")
    task = cursor_task(before + after, line, len(before) - before.rfind("\n") - 1)
    return tokenizer.encode_segments(task.prompt()) + tokenizer.encode_text(task.forced())


def _text(tokenizer: Tokenizer, ids: list[int]) -> str:
    return "".join(tokenizer.decode(ids))
