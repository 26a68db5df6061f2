"""The data sets as their authors publish them, read into problems of one kind."""

import ast
import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from training.evaluate.code.plus import plus_checks

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """A program to be written, and how it is checked."""

    name: str
    instruction: str
    """What is wanted, in words."""
    signature: str
    """The same, with the function's signature, as the paper asked."""
    code: str
    """What a model that knows no instructions goes on from."""
    context: str
    """What stands in front of the program when it is run: imports and given functions."""
    reference: str
    """The program that the data set gives as its solution."""
    checks: str
    """What stands behind the program when it is run; it raises where the program is wrong."""
    has_long_checks: bool = False
    """Whether the checks take more than a moment, and limit the time of each of them."""
    split: str = ""


SPLITS = {"prompt": range(1, 11), "test": range(11, 511), "validation": range(511, 601)}
"""Of MBPP, by task number; all others are its training split.

Source: Austin et al. 2021, "Program Synthesis with Large Language Models", section 2.1.
"""

STOPS: Mapping[str, tuple[str, ...]] = {
    "humaneval": ("\nclass", "\ndef", "\n#", "\nif", "\nprint"),
    "mbpp": ("\nclass", "\nassert", '\n"""', "\nprint", "\nif"),
}
"""Where a continuation of `Problem.code` ends.

Source: Chen et al. 2021, section 3.2; for MBPP the evaluation harness of the BigCode project.
"""


def read_problems(benchmark: str, data: Path, instructions: Path | None = None) -> list[Problem]:
    """All problems of a file, in its order.

    Args:
        benchmark: a key of `READERS`.
        data: JSON lines, plain or with gzip.
        instructions: HumanEvalPack's file, for its wording of what HumanEval asks.

    Raises:
        ValueError: the file is not that data set.
    """
    wording = _instructions(instructions) if instructions else {}
    problems = []
    for number, row in enumerate(read_rows(data), 1):
        try:
            problems.append(READERS[benchmark](row, wording))
        except (KeyError, TypeError, SyntaxError, StopIteration) as error:
            raise ValueError(
                f"{data}, line {number}: wanted a problem of {benchmark}, got fields "
                f"{', '.join(row)} ({error!r})"
            ) from error
    if not problems:
        raise ValueError(f"{data} has no problem")
    return problems


def read_rows(path: Path) -> Iterator[Row]:
    """The JSON objects of a file, one on a line; gzip if its name says so.

    Raises:
        ValueError: a line is no JSON object.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError(f"{path}, line {number}: wanted a JSON object, got {line[:60]!r}")
            yield row


def _humaneval(row: Row, wording: Mapping[str, str]) -> Problem:
    return _completed(row, wording, f"{row['test']}\ncheck({row['entry_point']})\n")


def _humaneval_plus(row: Row, wording: Mapping[str, str]) -> Problem:
    reference = row["prompt"] + row["canonical_solution"]
    problem = _completed(row, wording, plus_checks(row, reference))
    return replace(problem, has_long_checks=True)


def _completed(row: Row, wording: Mapping[str, str], checks: str) -> Problem:
    """A problem whose function is begun and has to be completed."""
    prompt, name = row["prompt"], row["task_id"]
    function = _function(prompt, row["entry_point"])
    asked = wording.get(name.rpartition("/")[2]) or _asked(prompt, function)
    lines = prompt.splitlines(keepends=True)
    context, begun = lines[: function.lineno - 1], lines[function.lineno - 1 :]
    return Problem(
        name=name,
        instruction=asked,
        signature=asked,
        code=prompt,
        context="".join(context),
        reference="".join(begun) + row["canonical_solution"],
        checks=checks,
    )


def _mbpp(row: Row, wording: Mapping[str, str]) -> Problem:
    del wording
    number = row["task_id"]
    problem = _described(f"MBPP/{number}", row["text"].strip(), row["test_list"], row["code"])
    # Two problems set up objects of a class that only their own solution has, and in front of
    # the program that fails: nothing solves them.
    return replace(
        problem,
        context=row["test_setup_code"] + "\n",
        checks="\n".join([*row["test_list"], *row["challenge_test_list"]]) + "\n",
        split=next((name for name, numbers in SPLITS.items() if number in numbers), "train"),
    )


def _mbpp_plus(row: Row, wording: Mapping[str, str]) -> Problem:
    del wording
    text, _, tests = row["prompt"].strip().strip('"').strip().partition("\nassert")
    problem = _described(row["task_id"], text, [f"assert{tests}"], row["canonical_solution"])
    return replace(problem, checks=plus_checks(row, problem.reference), has_long_checks=True)


def _described(name: str, text: str, tests: Sequence[str], solution: str) -> Problem:
    """A problem that is told in words, with the tests that show how the function is called."""
    reference = solution.replace("\r\n", "\n").strip("\n") + "\n"
    lines = "\n".join(tests)
    return Problem(
        name=name,
        instruction=f"{text}\nYour code should pass these tests:\n{lines}",
        signature=text.replace("function", f"function `{_first_signature(reference)}`"),
        code=f'"""\n{text}\n{lines}\n"""\n',
        context="",
        reference=reference,
        checks="",
    )


READERS: Mapping[str, Callable[[Row, Mapping[str, str]], Problem]] = {
    "humaneval": _humaneval,
    "humanevalplus": _humaneval_plus,
    "mbpp": _mbpp,
    "mbppplus": _mbpp_plus,
}


def _instructions(path: Path) -> dict[str, str]:
    """HumanEvalPack's instructions by the number of the problem."""
    rows = list(read_rows(path))
    if not all({"task_id", "instruction"} <= row.keys() for row in rows):
        raise ValueError(f"{path}: wanted HumanEvalPack, whose rows have task_id and instruction")
    return {row["task_id"].rpartition("/")[2]: row["instruction"] for row in rows}


def _function(prompt: str, name: str) -> ast.FunctionDef:
    return next(
        node
        for node in ast.parse(prompt).body
        if isinstance(node, ast.FunctionDef) and node.name == name
    )


def _asked(prompt: str, function: ast.FunctionDef) -> str:
    """What HumanEvalPack would ask: the signature, and what the docstring says."""
    returns = f" -> {ast.unparse(function.returns)}" if function.returns else ""
    signature = f"{function.name}({ast.unparse(function.args)}){returns}"
    text = ast.get_docstring(function) or ""
    return f"Write a Python function `{signature}` to solve the following problem:\n{text}"


def _first_signature(reference: str) -> str:
    """The first function's name and arguments, as they stand there."""
    match = re.search(r"^\s*def\s+(.*?)\s*:\s*(?:#.*)?$", reference, re.MULTILINE)
    return match[1] if match else ""


def choose(
    problems: Sequence[Problem], split: str | None, skip: int, count: int | None
) -> list[Problem]:
    """The problems of a split, without the first `skip`, at most `count`.

    Raises:
        ValueError: none is left.
    """
    kept = [problem for problem in problems if split in (None, problem.split)]
    chosen = kept[skip:][:count]
    if not chosen:
        raise ValueError(
            f"no problem is left of {len(problems)}: split {split}, without the first {skip}"
        )
    return chosen
