from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from training.decontaminate import Contamination, clean, contamination_of, read_contamination

PROBLEM = "Return the sum of all even numbers that stand in the given list of integers."
FOUND = contamination_of([PROBLEM])

HIT = f'''\
def total(numbers):
    """{PROBLEM}"""
    return sum(n for n in numbers if n % 2 == 0)
'''
OTHER = "def other(text):\n    return text.upper()\n"
HIT_CLASS = f"class Total:\n    # {PROBLEM}\n    start = 0\n"


def check(before: str, after: str | None) -> None:
    assert clean(before, FOUND) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OTHER + HIT, OTHER),
        (HIT + OTHER, OTHER),
        (HIT + OTHER + HIT_CLASS, OTHER),
        ("import os\n@os.wraps\n" + HIT + OTHER, "import os\n" + OTHER),
        (HIT.replace("the given", "THE\n    Given") + OTHER, OTHER),
        (HIT.replace(" ", "  ").replace("  ", "   ") + OTHER, OTHER),
    ],
)
def test_clean_removes_the_definition(before: str, after: str) -> None:
    check(before, after)


@pytest.mark.parametrize(
    "text",
    [
        f"# {PROBLEM}\n" + OTHER,
        OTHER + f"if True:\n    print('{PROBLEM}')\n",
        # The function is used: without it a name is undefined.
        HIT + OTHER + "print(total([1, 2]))\n",
        HIT + OTHER + '__all__ = ["total"]\n',
        f"def broken(:\n    # {PROBLEM}\n",
    ],
)
def test_clean_drops_the_document(text: str) -> None:
    check(text, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        OTHER,
        # Nine words in a row.
        OTHER + "# sum of all even numbers that stand in the\n",
        OTHER + "# the integers of list given the in stand that numbers even all of sum\n",
    ],
)
def test_clean_noop(text: str) -> None:
    check(text, text)


def test_numbers_alone_do_not_count() -> None:
    numbers = "x = [" + ", ".join(map(str, range(30))) + "]\n"
    assert clean(numbers, contamination_of([numbers])) == numbers


def test_nothing_to_find() -> None:
    assert clean(HIT, Contamination.nothing()) == HIT


def test_read_contamination(tmp_path: Path) -> None:
    solution = "for left in first:\n  for right in second:\n    found = left + right\n"
    records = [{"task_id": 1, "text": PROBLEM}, {"prompt": "def both(a, b):\n", "code": solution}]
    (tmp_path / "one.jsonl").write_text(json.dumps(records[0]) + "\n")
    with gzip.open(tmp_path / "two.jsonl.gz", "wt") as lines:
        lines.write(json.dumps(records[1]) + "\n")
    found = read_contamination(tmp_path)
    assert found.hits(HIT)
    assert set(found.hits("x = 1\n" + solution + "y = 2\n")) == {(1, 4)}
    # A solution is looked for behind its prompt too.
    assert found.hits("def both(a, b):\n  for left in first: for right in second")


def test_read_contamination_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="found none"):
        read_contamination(tmp_path)
    (tmp_path / "odd.jsonl").write_text('{"question": "?"}\n')
    with pytest.raises(ValueError, match=r"odd\.jsonl, line 1: wanted one of .*'code'"):
        read_contamination(tmp_path)
