"""A run's folder: what is in it is not done again, and what was cut off is."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from lintseq.format import Special
from lintseq.sandbox.choose import open_sandbox
from tests.training.evaluate.code.sets import write_set
from training.evaluate.code.generator import Answered, Question, Sample, Sampling
from training.evaluate.code.journal import Journal
from training.evaluate.code.problems import Problem, read_problems
from training.evaluate.code.question import Asking
from training.evaluate.code.run import Run
from training.evaluate.code.scoring import LIMITS, Scorer

RIGHT = "def add(a, b):\n    return a + b\n"
WRONG = "def add(a, b):\n    return a - b\n"
SAMPLING = Sampling(samples=2)
ASKING = Asking("whole")


class Writer:
    """A model that writes a right and a wrong program, and counts what it is asked."""

    facts: Mapping[str, Any] = {"engine": "none"}

    def __init__(self, most: int = 99) -> None:
        self.asked: list[str] = []
        self._most = most

    def answers(self, questions: Sequence[Question], sampling: Sampling) -> Iterator[Answered]:
        for question in questions:
            if len(self.asked) == self._most:
                raise KeyboardInterrupt
            self.asked.append(question.name)
            samples = [Sample((text, Special.END), 9, "sequence") for text in (RIGHT, WRONG)]
            yield Answered(question.name, tuple(samples[: sampling.samples]), 5)

    def close(self) -> None:
        pass


@pytest.fixture
def problems(tmp_path: Path) -> list[Problem]:
    return read_problems("mbpp", write_set(tmp_path, "mbpp"))


@pytest.fixture
def scorer() -> Scorer:
    return Scorer(open_sandbox(LIMITS), 2)


def test_samples_and_scores_are_kept(
    problems: list[Problem], scorer: Scorer, tmp_path: Path
) -> None:
    writer, folder = Writer(), tmp_path / "run"
    for _ in range(2):
        run = Run(folder, {"seed": 0})
        run.sample(problems, writer, ASKING, SAMPLING)
        run.score(problems, scorer)
    first, second = Run(folder, {"seed": 0}).score(problems, scorer)
    assert writer.asked == ["MBPP/12", "MBPP/700"]
    assert first.statuses == ("passed", "failed")
    assert (first.passed, second.passed) == (1, 0)
    assert first.programs == (RIGHT, WRONG)
    assert (first.tokens, first.ended) == ((9, 9), ("sequence", "sequence"))
    assert "AssertionError" in first.reasons[1]
    assert "Node" in second.reasons[0]
    assert len((folder / "samples.jsonl").read_text().splitlines()) == 2
    assert len((folder / "scores.jsonl").read_text().splitlines()) == 2


def test_an_interrupted_run_goes_on(
    problems: list[Problem], scorer: Scorer, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        Run(folder, {}).sample(problems, Writer(most=1), ASKING, SAMPLING)
    writer, run = Writer(), Run(folder, {})
    run.sample(problems, writer, ASKING, SAMPLING)
    assert writer.asked == ["MBPP/700"]
    assert [one.passed for one in run.score(problems, scorer)] == [1, 0]


def test_a_killed_run_goes_on(problems: list[Problem], scorer: Scorer, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    run = Run(folder, {})
    run.sample(problems, Writer(), ASKING, SAMPLING)
    wanted = run.score(problems, scorer)
    for name in ("samples.jsonl", "scores.jsonl"):
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[:-7])
    writer, run = Writer(), Run(folder, {})
    run.sample(problems, writer, ASKING, SAMPLING)
    assert writer.asked == ["MBPP/700"]
    assert [one.statuses for one in run.score(problems, scorer)] == [one.statuses for one in wanted]


def test_other_samples_are_scored_anew(
    problems: list[Problem], scorer: Scorer, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    run = Run(folder, {})
    run.sample(problems, Writer(), ASKING, SAMPLING)
    run.score(problems, scorer)
    path = folder / "samples.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    rows[0]["samples"][1]["program"] = RIGHT
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert [one.passed for one in Run(folder, {}).score(problems, scorer)] == [2, 0]


def test_the_same_samples_score_the_same_twice(
    problems: list[Problem], scorer: Scorer, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    run = Run(folder, {})
    run.sample(problems, Writer(), ASKING, SAMPLING)
    first = run.score(problems, scorer)
    (folder / "scores.jsonl").unlink()
    assert Run(folder, {}).score(problems, scorer) == first


def test_other_settings_are_refused(tmp_path: Path) -> None:
    Run(tmp_path / "run", {"seed": 0, "until": ("a",)})
    Run(tmp_path / "run", {"seed": 0, "until": ("a",)})
    with pytest.raises(ValueError, match="holds another run: seed was 0, now 1"):
        Run(tmp_path / "run", {"seed": 1, "until": ("a",)})


def test_references_are_kept_as_they_are(
    problems: list[Problem], scorer: Scorer, tmp_path: Path
) -> None:
    run = Run(tmp_path / "run", {})
    run.keep(problems, lambda problem: problem.reference)
    assert [one.statuses for one in run.score(problems, scorer)] == [("passed",), ("failed",)]


def test_a_journal_drops_half_a_line_and_refuses_rubbish(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"problem": "a", "n": 1}\n{"problem": "b"')
    journal = Journal(path)
    assert list(journal.rows) == ["a"]
    journal.append({"problem": "c", "text": "é\u2028\n\udc80"})
    assert Journal(path).rows["c"]["text"] == "é\u2028\n\udc80"
    path.write_text('{"problem": "a"}\nrubbish\n{"problem": "b"}\n')
    with pytest.raises(ValueError, match="line 2: wanted a row, got b'rubbish'"):
        Journal(path)
