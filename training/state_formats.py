"""The ablation that decided the transcript: three ways to show a model the text around a cursor.

- `fim`: plain fill-in-the-middle, prefix, suffix, middle, each behind a control token
  (Bavarian et al. 2022, "Efficient Training of Language Models to Fill in the Middle", PSM);
- `one`: the state as one insertion, the missing lines as further edits;
- `two`: the state as two insertions, first the lines after the cursor, then those before it.

The same model is trained on the same cursors for the same number of tokens; what is measured
is the held-out line behind the cursor: the share predicted to the letter (every token the most
likely one, given those before it), the share whose second half is, and its bits per byte.
"""

import math
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lintseq.examples import NOTHING, Example
from lintseq.format import Special, render_edit
from lintseq.program import Edit, Hunk, Lines, split_lines
from lintseq.tasks import Snapshot, Window, state_prompt, take_snapshot
from training.corpus.document import read_documents
from training.examples import tokenize
from training.packing import PackingConfig, PackingMeta, write_shards
from training.tokenizer import Tokenizer, load_tokenizer

_LINES = 6
_CHARACTERS = 1500


@dataclass(frozen=True, slots=True)
class Case:
    """A cursor, and the lines that are missing behind it."""

    snapshot: Snapshot
    missing: Lines


class Scorer(Protocol):
    """A model that judges the last tokens of a text."""

    def __call__(self, tokens: list[int], count: int) -> tuple[float, list[bool]]:
        """Nats of the last `count` tokens, and of each whether it was the most likely one."""


@dataclass(frozen=True, slots=True)
class Score:
    """How one format did on the held-out lines."""

    cases: int
    exact: float
    """The share of lines predicted to the letter."""
    exact_half: float
    """The share of lines whose second half is predicted to the letter, given the first."""
    bits_per_byte: float
    exact_half_by_line: Mapping[str, float]
    """The same by the number of the line in the state."""


def fim(case: Case) -> Example:
    """Prefix, suffix and middle."""
    texts = ["".join(lines) for lines in (case.snapshot.before, case.snapshot.after)]
    prompt = ("\n", Special.DIFF, texts[0], Special.DIFF, texts[1], Special.DIFF)
    return Example("fim", prompt, ("".join(case.missing), Special.END))


def one(case: Case) -> Example:
    """One insertion, then an edit a line."""
    lines = case.snapshot.before + case.snapshot.after
    prompt: list[str | Special] = ["\n", Special.DIFF]
    if lines:
        prompt += [render_edit(Edit((Hunk(0, lines),))), Special.DIFF]
    return Example("one", tuple(prompt), _edits(case))


def two(case: Case) -> Example:
    """Two insertions, then an edit a line: the transcript's own way."""
    return Example("two", state_prompt(case.snapshot), _edits(case))


FORMATS: Mapping[str, Callable[[Case], Example]] = {"fim": fim, "one": one, "two": two}


def cases(corpus: tuple[Path, ...], seed: int) -> Iterator[Case]:
    """Cursors in the documents, in proportion to their length."""
    for document in read_documents(*corpus):
        lines = split_lines(document.text)
        rng = random.Random(f"{seed}:{document.sha256}")
        code = [index for index, line in enumerate(lines) if line.strip()]
        for _ in range(max(1, len(document.text) // _CHARACTERS)):
            start = rng.choice(code)
            stop = min(start + rng.randint(1, _LINES), len(lines))
            before, after = rng.choice((300, 800, 1600)), rng.choice((0, 200, 600))
            snapshot = take_snapshot(lines[:start], lines[stop:], Window(before, after))
            yield Case(snapshot, lines[start:stop])


def write_format(
    name: str, corpus: tuple[Path, ...], tokenizer: Path, output: Path, limit: int
) -> PackingMeta:
    """Pack the first `limit` cases in the format `name`, shuffled alike for every format."""
    loaded = load_tokenizer(tokenizer)
    chosen = [case for case, _ in zip(cases(corpus, 0), range(limit), strict=False)]
    random.Random(0).shuffle(chosen)
    examples = (FORMATS[name](case) for case in chosen)
    packing = PackingConfig(
        context=1024, vocabulary=len(loaded), tokenizer_hash=loaded.hash, buffer=256
    )
    return write_shards(output, tokenize(examples, loaded, "all"), packing)


def score(
    name: str, heldout: tuple[Path, ...], tokenizer: Tokenizer, scorer: Scorer, limit: int
) -> Score:
    """The score of a model trained on the format `name`, on the same cursors for all formats."""
    nats, size, exact = 0.0, 0, 0
    buckets: dict[str, list[bool]] = {}
    chosen = [case for case, _ in zip(cases(heldout, 1), range(limit), strict=False)]
    for case in chosen:
        tokens, count = _with_first_line(name, case, tokenizer)
        lost, hits = scorer(tokens, count)
        nats += lost
        size += len(case.missing[0].encode())
        exact += all(hits)
        bucket = buckets.setdefault(_bucket(len(case.snapshot.before)), [])
        bucket.append(all(hits[len(hits) // 2 :]))
    return Score(
        cases=len(chosen),
        exact=exact / len(chosen),
        exact_half=sum(map(sum, buckets.values())) / len(chosen),
        bits_per_byte=nats / math.log(2) / size,
        exact_half_by_line={key: sum(each) / len(each) for key, each in sorted(buckets.items())},
    )


def _edits(case: Case) -> tuple[str | Special, ...]:
    at = len(case.snapshot.before)
    segments: list[str | Special] = []
    for number, line in enumerate(case.missing):
        segments += [render_edit(Edit((Hunk(at + number, (line,)),))), Special.DIFF]
    return (*segments, *NOTHING)


def _with_first_line(name: str, case: Case, tokenizer: Tokenizer) -> tuple[list[int], int]:
    """The tokens up to the end of the first missing line, and how many of them spell it."""
    prompt = tokenizer.encode_segments(FORMATS[name](case).prompt)
    line = case.missing[0]
    if name == "fim":
        answer = tokenizer.encode_text(line)
        return prompt + answer, len(answer)
    whole = render_edit(Edit((Hunk(len(case.snapshot.before), (line,)),)))
    answer = tokenizer.encode_text(whole)
    header = tokenizer.encode_text(whole[: whole.index("\n") + 1])
    shared = sum(1 for a, b in zip(answer, header, strict=False) if a == b)
    # A "+" alone is part of the form; one that is spelled with the line's first word is not.
    form = shared + (answer[shared] == tokenizer.encode_text("+")[0])
    return prompt + answer, len(answer) - form


def _bucket(line: int) -> str:
    return next((f"below {limit}" for limit in (10, 20, 40) if line < limit), "40 and more")
