"""A run's folder: settings, samples and scores, from which an interrupted run goes on.

- `settings.json`: what the samples depend on; a run with others is refused;
- `samples.jsonl`: one problem a line, its samples as text and as programs;
- `scores.jsonl`: one problem a line, the verdict on each of its samples;
- `report.json`: what `--json` writes, once all are scored.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import track

from lintseq.format import text_of
from training.evaluate.code.generator import Answered, Generator, Sampling
from training.evaluate.code.journal import Journal, Row
from training.evaluate.code.problems import Problem
from training.evaluate.code.question import Asking
from training.evaluate.code.scoring import Scorer
from training.json_values import write_json

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scored:
    """A problem with its samples and what came of them."""

    name: str
    programs: tuple[str, ...]
    statuses: tuple[str, ...]
    reasons: tuple[str, ...]
    """The last line that each wrote if it failed."""
    tokens: tuple[int, ...]
    ended: tuple[str, ...]
    seconds: float
    """Wall-clock time of the generation."""

    @property
    def passed(self) -> int:
        """How many samples passed."""
        return self.statuses.count("passed")


class Run:
    """A folder with the samples and scores of one benchmark and one model."""

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        """Open the folder, or make it.

        Raises:
            ValueError: what lies there was made with other settings.
        """
        folder.mkdir(parents=True, exist_ok=True)
        agree(folder / "settings.json", settings)
        self._samples = Journal(folder / "samples.jsonl")
        self._scores = Journal(folder / "scores.jsonl")

    def sample(
        self,
        problems: Sequence[Problem],
        generator: Generator,
        asking: Asking,
        sampling: Sampling,
    ) -> None:
        """Draw the samples of the problems that have none."""
        missing = {one.name: one for one in problems if one.name not in self._samples.rows}
        questions = [asking.question(problem) for problem in missing.values()]
        started = time.perf_counter()
        for answered in _shown(generator.answers(questions, sampling), len(questions), "samples"):
            problem, now = missing[answered.name], time.perf_counter()
            self._samples.append(_sample_row(answered, problem, asking, now - started))
            started = now

    def keep(self, problems: Sequence[Problem], program: Callable[[Problem], str]) -> None:
        """Take one known program of each problem for its sample."""
        for problem in problems:
            if problem.name not in self._samples.rows:
                samples = [{"program": program(problem), "text": "", "tokens": 0, "ended": ""}]
                self._samples.append({"problem": problem.name, "seconds": 0.0, "samples": samples})

    def score(self, problems: Sequence[Problem], scorer: Scorer) -> list[Scored]:
        """The problems with a verdict on each sample."""
        programs = {one.name: _programs(self._samples.rows[one.name]) for one in problems}
        missing = [one for one in problems if not self._is_scored(one.name, programs[one.name])]
        verdicts = scorer.verdicts((one, programs[one.name]) for one in missing)
        for problem, of_problem in _shown(verdicts, len(missing), "scores"):
            self._scores.append(
                {
                    "problem": problem.name,
                    "programs": _hash(programs[problem.name]),
                    "statuses": [verdict.status for verdict in of_problem],
                    "reasons": [verdict.reason for verdict in of_problem],
                }
            )
        return [_scored(self._samples.rows[p.name], self._scores.rows[p.name]) for p in problems]

    def _is_scored(self, name: str, programs: Sequence[str]) -> bool:
        return self._scores.rows.get(name, {}).get("programs") == _hash(programs)


def agree(path: Path, settings: Mapping[str, Any]) -> None:
    """Write the settings that a folder's contents depend on, or compare them with those there.

    Raises:
        ValueError: what lies there was made with other settings.
    """
    # As JSON has it: a tuple comes back as a list.
    wanted = json.loads(json.dumps(settings))
    if not path.is_file():
        write_json(path, wanted)
        return
    found = json.loads(path.read_text(encoding="utf-8"))
    if found != wanted:
        different = [name for name in wanted | found if wanted.get(name) != found.get(name)]
        said = "; ".join(
            f"{name} was {found.get(name)!r}, now {wanted.get(name)!r}" for name in different
        )
        raise ValueError(f"{path.parent} holds another run: {said}")


def read_scored(folder: Path, names: Sequence[str]) -> list[Scored]:
    """The problems of these names, of a run in which they were scored."""
    samples, scores = Journal(folder / "samples.jsonl"), Journal(folder / "scores.jsonl")
    return [_scored(samples.rows[name], scores.rows[name]) for name in names]


def _sample_row(answered: Answered, problem: Problem, asking: Asking, seconds: float) -> Row:
    samples = [
        {
            "program": asking.program(problem, sample.segments),
            "text": text_of(sample.segments),
            "tokens": sample.tokens,
            "ended": sample.ended,
        }
        for sample in answered.samples
    ]
    return {
        "problem": answered.name,
        "prompt_tokens": answered.prompt_tokens,
        "seconds": round(seconds, 4),
        "samples": samples,
    }


def _programs(row: Row) -> list[str]:
    return [sample["program"] for sample in row["samples"]]


def _hash(programs: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(programs).encode()).hexdigest()


def _scored(samples: Row, scores: Row) -> Scored:
    return Scored(
        name=samples["problem"],
        programs=tuple(_programs(samples)),
        statuses=tuple(scores["statuses"]),
        reasons=tuple(scores["reasons"]),
        tokens=tuple(sample["tokens"] for sample in samples["samples"]),
        ended=tuple(sample["ended"] for sample in samples["samples"]),
        seconds=samples["seconds"],
    )


def _shown(items: Iterable[T], total: int, description: str) -> Iterator[T]:
    yield from track(items, description, total, console=Console(stderr=True), transient=True)
