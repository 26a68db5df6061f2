"""The command: parts, resumption after a kill, duplicates, decontamination, the report."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Container
from pathlib import Path

import pytest

from lintseq.sandbox.choose import open_sandbox
from training.decontaminate import Contamination, read_contamination
from training.exercises.attempt import LONGEST_LINE, Avoided, attempt, attempts
from training.exercises.build import build_exercises
from training.exercises.config import ExercisesConfig
from training.exercises.exercise import KNOWN_FORM, Exercise, Rejected
from training.exercises.known import KnownForms
from training.exercises.known_forms import read_forms
from training.exercises.parts import part_path
from training.exercises.report import describe
from training.exercises.verify import LIMITS

RESULTS = ("exercises.jsonl.gz", "report.json", "samples.txt")


def results(folder: Path) -> dict[str, bytes]:
    """What a run leaves."""
    return {name: (folder / name).read_bytes() for name in RESULTS}


def records(folder: Path) -> list[dict[str, str]]:
    """The exercises of a run."""
    with gzip.open(folder / RESULTS[0], "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def command(folder: Path, jobs: int) -> list[str]:
    """A run of its own, of four parts."""
    # The forms of the first three parts are known to the fourth.
    options = f"jobs={jobs}, part=32, round=3, samples=3"
    config = f"ExercisesConfig(Path({str(folder)!r}), 128, {options})"
    program = (
        "from pathlib import Path\n"
        "from training.exercises.build import build_exercises\n"
        "from training.exercises.config import ExercisesConfig\n"
        f"build_exercises({config})\n"
    )
    return [sys.executable, "-c", program]


def test_a_run_that_is_killed_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    run = command(tmp_path / "killed", 2)
    with subprocess.Popen(run, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        parts = [part_path(tmp_path / "killed" / "parts", number) for number in range(4)]
        deadline = time.monotonic() + 300
        while not any(path.is_file() for path in parts) and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
    made = [path for path in parts if path.is_file()]
    assert 0 < len(made) < 4
    times = {path: path.stat().st_mtime_ns for path in made}
    subprocess.run(run, check=True, capture_output=True)
    # What was whole is not made again.
    assert {path: path.stat().st_mtime_ns for path in made} == times
    subprocess.run(command(tmp_path / "whole", 1), check=True, capture_output=True)
    assert results(tmp_path / "killed") == results(tmp_path / "whole")


def test_a_larger_count_goes_on_from_a_smaller_one(tmp_path: Path) -> None:
    small = build_exercises(ExercisesConfig(tmp_path, count=16, part=16))
    large = build_exercises(ExercisesConfig(tmp_path, count=40, part=16))
    assert (small.attempts, large.attempts) == (16, 48)
    assert large.kept > small.kept


def test_other_settings_are_refused(tmp_path: Path) -> None:
    build_exercises(ExercisesConfig(tmp_path, count=16, part=16))
    with pytest.raises(ValueError, match="begun with other settings"):
        build_exercises(ExercisesConfig(tmp_path, count=16, part=16, seed=1))


def test_what_earlier_rounds_hold_is_not_run_again(tmp_path: Path) -> None:
    first = build_exercises(ExercisesConfig(tmp_path / "first", count=48, part=24, round=1))
    # The same attempts again, behind the exercises that they gave.
    config = ExercisesConfig(
        tmp_path / "again", count=48, part=48, join=(tmp_path / "first" / RESULTS[0],)
    )
    again = build_exercises(config)
    assert again.rejected[KNOWN_FORM] >= first.kept == again.kept == again.joined
    assert again.verified == 0


def test_a_round_knows_the_rounds_before_it_and_no_others(tmp_path: Path) -> None:
    build_exercises(ExercisesConfig(tmp_path, count=32, part=16, round=1))
    known = KnownForms(1)
    known.read([part_path(tmp_path / "parts", 0)])
    found = records(tmp_path)
    assert [each["normal"] in known for each in found] == [
        int(each["id"].partition(":")[2]) < 16 for each in found
    ]


def test_earlier_runs_are_joined_and_not_repeated(tmp_path: Path) -> None:
    first = build_exercises(ExercisesConfig(tmp_path / "first", count=96, part=96))
    earlier = (tmp_path / "first" / RESULTS[0],)
    config = ExercisesConfig(tmp_path / "second", count=96, part=96, seed=1, join=earlier)
    second = build_exercises(config)
    joined, kept = records(tmp_path / "first"), records(tmp_path / "second")
    assert kept[: len(joined)] == joined
    assert (second.joined, second.attempts) == (first.kept, 96)
    assert len(kept) == len({each["normal"] for each in kept}) > len(joined)
    # The same again, and both at once: nothing comes twice.
    assert build_exercises(config).kept == second.kept
    both = (*earlier, tmp_path / "second" / RESULTS[0])
    third = build_exercises(
        ExercisesConfig(tmp_path / "third", count=1, part=1, seed=2, join=both, samples=0)
    )
    assert third.joined == second.kept
    assert third.left["duplicate of a normal form"] == first.kept
    assert any("joined from earlier runs" in line for line in describe(third))


def test_a_run_that_was_not_finished_is_joined_as_a_folder(tmp_path: Path) -> None:
    first = build_exercises(ExercisesConfig(tmp_path / "first", count=64, part=32))
    for name in RESULTS:
        (tmp_path / "first" / name).unlink()
    config = ExercisesConfig(
        tmp_path / "second", count=32, part=32, seed=1, join=(tmp_path / "first",)
    )
    second = build_exercises(config)
    assert second.joined == first.kept
    assert second.kept > first.kept
    # And so is a run that has joined another one.
    third = build_exercises(
        ExercisesConfig(tmp_path / "third", count=1, part=1, seed=2, join=(tmp_path / "second",))
    )
    assert third.joined == second.kept


def test_a_folder_that_avoids_other_sets_is_not_joined_as_it_is(tmp_path: Path) -> None:
    build_exercises(ExercisesConfig(tmp_path / "first", count=8, part=8))
    known = next(each for n in range(9) if isinstance(each := attempt(0, n), Exercise))
    against = benchmark(tmp_path / "sets", known, "Write a function.")
    with pytest.raises(ValueError, match=r"join its exercises\.jsonl\.gz"):
        build_exercises(
            ExercisesConfig(
                tmp_path / "b", count=1, part=1, against=against, join=(tmp_path / "first",)
            )
        )
    with pytest.raises(ValueError, match="wanted the folder of a run"):
        build_exercises(ExercisesConfig(tmp_path / "c", count=1, part=1, join=(against,)))


def test_joined_exercises_keep_away_from_evaluation_sets_too(tmp_path: Path) -> None:
    build_exercises(ExercisesConfig(tmp_path / "first", count=64, part=64))
    earlier = tmp_path / "first" / RESULTS[0]
    with gzip.open(earlier, "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    known = next(each for each in found if each["form"] != "class")
    record = {"task_id": "0", "prompt": "", "canonical_solution": known["code"]}
    (tmp_path / "sets").mkdir()
    (tmp_path / "sets" / "set.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    against = tmp_path / "sets"
    report = build_exercises(
        ExercisesConfig(tmp_path / "b", count=1, part=1, against=against, join=(earlier,))
    )
    assert sum(report.left.values()) >= 1
    assert known["id"] not in {each["id"] for each in records(tmp_path / "b")}


def test_what_is_no_run_cannot_be_joined(tmp_path: Path) -> None:
    strange = tmp_path / "strange.jsonl.gz"
    strange.write_bytes(gzip.compress(b'{"code": ""}\n'))
    with pytest.raises(ValueError, match="wanted an exercise"):
        build_exercises(ExercisesConfig(tmp_path / "a", count=1, join=(strange,)))
    with pytest.raises(ValueError, match="wanted a file"):
        build_exercises(ExercisesConfig(tmp_path / "b", count=1, join=(tmp_path / "none",)))


@pytest.mark.parametrize(
    "change", [{"count": 0}, {"jobs": 0}, {"per_form": 0}, {"part": 0}, {"samples": -1}]
)
def test_settings_that_make_no_sense_are_refused(tmp_path: Path, change: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="need "):
        ExercisesConfig(**{"output": tmp_path, "count": 1, **change})  # type: ignore[arg-type]


def test_what_is_kept_is_distinct_and_counted(tmp_path: Path) -> None:
    report = build_exercises(ExercisesConfig(tmp_path, count=96, part=96))
    kept = records(tmp_path)
    assert len(kept) == report.kept == len({each["normal"] for each in kept})
    # Few repeat one before: what is alike is the wording of instructions, not the tasks.
    assert report.kept > 60
    assert report.rejected["near duplicate"] < 5
    assert report.kept + sum(report.rejected.values()) == report.attempts == 96
    assert report.as_json()["normal_forms"] == report.kept
    assert report.as_json()["skeletons"] == len({each["skeleton"] for each in kept})
    assert any("verified" in line for line in describe(report))


def benchmark(folder: Path, exercise: Exercise, task: str) -> Path:
    """A folder with an evaluation set of one problem."""
    folder.mkdir()
    record = {"task_id": "0", "prompt": task, "canonical_solution": "", "code": exercise.code}
    (folder / "set.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    return folder


def test_what_an_evaluation_set_holds_does_not_come_out(tmp_path: Path) -> None:
    numbers = range(40)
    before = dict(attempts(3, numbers, Avoided.nothing(), open_sandbox(LIMITS)))
    number, known = next(
        (number, each)
        for number, each in before.items()
        if isinstance(each, Exercise)
        and len(each.instruction.split()) > 20
        and each.form != "class"
    )
    # The words, then the form alone: the two units of decontamination.
    folder = benchmark(tmp_path / "words", known, known.instruction)
    by_words = Avoided(read_contamination(folder), frozenset())
    by_form = Avoided(Contamination.nothing(), read_forms(folder))
    for avoided, reason in ((by_words, "shares words"), (by_form, "has the form")):
        outcome = dict(attempts(3, [number], avoided, open_sandbox(LIMITS)))[number]
        assert isinstance(outcome, Rejected)
        assert outcome.reason.startswith(reason)


def test_no_line_is_too_long() -> None:
    found = dict(attempts(8, range(60), Avoided.nothing(), open_sandbox(LIMITS))).values()
    codes = [each.code for each in found if isinstance(each, Exercise)]
    assert len(codes) > 30
    assert max(len(line) for code in codes for line in code.split("\n")) <= LONGEST_LINE


def test_an_exercise_that_is_wrong_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    right = next(each for n in range(9) if isinstance(each := attempt(0, n), Exercise))
    wrong = right.tests + "assert 1 + 1 == 3\n"

    def broken(_seed: int, _number: int, _known: Container[str]) -> Exercise:
        fields = {name: getattr(right, name) for name in Exercise.__slots__}
        return Exercise(**{**fields, "tests": wrong})

    monkeypatch.setattr("training.exercises.attempt.attempt", broken)
    ((_, outcome),) = attempts(0, [0], Avoided.nothing(), open_sandbox(LIMITS))
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "fails in the sandbox"
