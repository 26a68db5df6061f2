"""Each data set's rows become problems of one kind."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.training.evaluate.code.sets import (
    HUMANEVAL,
    MBPP,
    MBPP_PLUS,
    PACK,
    ROWS,
    TWICE,
    write_rows,
    write_set,
)
from training.evaluate.code.problems import READERS, choose, read_problems


def test_a_function_to_complete(tmp_path: Path) -> None:
    (problem,) = read_problems("humaneval", write_set(tmp_path, "humaneval"))
    assert problem.name == "HumanEval/0"
    assert problem.instruction.startswith(
        "Write a Python function `twice(numbers: List[int]) -> List[int]` to solve the following "
        "problem:\nReturn each number\ntwice."
    )
    assert problem.code == TWICE
    assert problem.context.endswith("return x + x\n\n\n")
    assert problem.context + problem.reference == TWICE + HUMANEVAL["canonical_solution"]
    assert problem.checks.endswith("check(twice)\n")


def test_the_wording_of_humanevalpack(tmp_path: Path) -> None:
    pack = write_rows(tmp_path / "pack.jsonl", [PACK])
    for benchmark in ("humaneval", "humanevalplus"):
        (problem,) = read_problems(benchmark, write_set(tmp_path, benchmark), pack)
        assert problem.instruction == problem.signature == PACK["instruction"]


def test_a_task_in_words(tmp_path: Path) -> None:
    first, second = read_problems("mbpp", write_set(tmp_path, "mbpp"))
    assert (first.name, first.split) == ("MBPP/12", "test")
    assert (second.name, second.split) == ("MBPP/700", "train")
    assert first.instruction == (
        "Write a function to add two numbers.\nYour code should pass these tests:\n"
        "assert add(1, 2) == 3\nassert add(0, 0) == 0"
    )
    assert first.signature == "Write a function `add(a, b)` to add two numbers."
    assert first.code.startswith('"""\nWrite a function to add two numbers.\nassert add(1, 2)')
    assert first.reference == "def add(a, b):\n  return a + b\n"
    assert first.checks.endswith("assert add(-1, 1) == 0\n")
    assert second.context == "root = Node(1)\n"


def test_a_task_in_words_with_more_tests(tmp_path: Path) -> None:
    (problem,) = read_problems("mbppplus", write_set(tmp_path, "mbppplus"))
    assert problem.name == "Mbpp/2"
    assert problem.instruction == (
        "Write a function to find the shared elements.\nYour code should pass these tests:\n"
        "assert shared((1,), (1,)) == (1,)"
    )
    assert problem.signature == "Write a function `shared(a, b)` to find the shared elements."
    assert problem.has_long_checks


@pytest.mark.parametrize("benchmark", READERS)
def test_another_file_is_refused(benchmark: str, tmp_path: Path) -> None:
    others: dict[str, Mapping[str, Any]] = {
        "humaneval": MBPP,
        "humanevalplus": HUMANEVAL,
        "mbpp": MBPP_PLUS,
        "mbppplus": MBPP,
    }
    path = write_rows(tmp_path / "other.jsonl", [*ROWS[benchmark], others[benchmark]])
    number = len(ROWS[benchmark]) + 1
    with pytest.raises(ValueError, match=rf"line {number}: wanted a problem of {benchmark}, got"):
        read_problems(benchmark, path)


def test_files_without_problems_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has no problem"):
        read_problems("mbpp", write_rows(tmp_path / "empty.jsonl", []))
    (tmp_path / "list.jsonl").write_text("[1]\n")
    with pytest.raises(ValueError, match="wanted a JSON object"):
        read_problems("mbpp", tmp_path / "list.jsonl")
    pack = write_rows(tmp_path / "pack.jsonl", [MBPP])
    with pytest.raises(ValueError, match="wanted HumanEvalPack"):
        read_problems("humaneval", write_set(tmp_path, "humaneval"), pack)


def test_choosing(tmp_path: Path) -> None:
    problems = read_problems("mbpp", write_set(tmp_path, "mbpp"))
    assert [one.name for one in choose(problems, None, 0, None)] == ["MBPP/12", "MBPP/700"]
    assert [one.name for one in choose(problems, "train", 0, None)] == ["MBPP/700"]
    assert [one.name for one in choose(problems, None, 1, 5)] == ["MBPP/700"]
    assert [one.name for one in choose(problems, None, 0, 1)] == ["MBPP/12"]
    with pytest.raises(ValueError, match="no problem is left of 2"):
        choose(problems, "validation", 0, None)
