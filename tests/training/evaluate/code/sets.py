"""Problems made up in the form of each data set."""

import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

TWICE = '''from typing import List


def helper(x):
    return x + x


def twice(numbers: List[int]) -> List[int]:
    """ Return each number
    twice.

    >>> twice([1])
    [2]
    """
'''
HUMANEVAL = {
    "task_id": "HumanEval/0",
    "prompt": TWICE,
    "entry_point": "twice",
    "canonical_solution": "    return [helper(number) for number in numbers]\n",
    "test": "\n\nMETADATA = {}\n\n\ndef check(candidate):\n"
    "    assert candidate([1, 2]) == [2, 4]\n",
}
PACK = {"task_id": "Python/0", "instruction": "Write `twice`, please."}
HUMANEVAL_PLUS = {
    **HUMANEVAL,
    "contract": "",
    "base_input": [[[1, 2]]],
    "plus_input": [[[]], [[0.1, 0.2]], [[-3]]],
    "atol": 0,
}
MBPP = {
    "task_id": 12,
    "text": "Write a function to add two numbers.",
    "code": "def add(a, b):\r\n  return a + b",
    "test_setup_code": "",
    "test_list": ["assert add(1, 2) == 3", "assert add(0, 0) == 0"],
    "challenge_test_list": ["assert add(-1, 1) == 0"],
}
MBPP_BAD = {
    **MBPP,
    "task_id": 700,
    "test_setup_code": "root = Node(1)",
}
MBPP_PLUS = {
    "task_id": "Mbpp/2",
    "prompt": '"""\nWrite a function to find the shared elements.\n'
    'assert shared((1,), (1,)) == (1,)\n"""\n',
    "entry_point": "shared",
    "canonical_solution": "\ndef shared(a, b):\n  return tuple(sorted(set(a) & set(b)))\n",
    "base_input": [[[1, 2], [2, 3]]],
    "plus_input": [[[], []], [[4], [4]]],
    "contract": "",
    "atol": 0,
    "assertion": "",
}
ROWS: Mapping[str, list[Mapping[str, Any]]] = {
    "humaneval": [HUMANEVAL],
    "humanevalplus": [HUMANEVAL_PLUS],
    "mbpp": [MBPP, MBPP_BAD],
    "mbppplus": [MBPP_PLUS],
}


def write_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """The path of a JSON lines file, with gzip if its name says so."""
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def write_set(folder: Path, benchmark: str) -> Path:
    """The path of a made-up data set of a benchmark."""
    return write_rows(folder / f"{benchmark}.jsonl.gz", ROWS[benchmark])
