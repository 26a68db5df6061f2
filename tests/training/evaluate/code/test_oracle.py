"""How answers are compared with the reference's."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from training.evaluate.code.oracle import COMPARISONS, check, limit_time, shaped
from training.evaluate.code.plus import plus_checks

ANSWERS: list[tuple[str, Any, Any, list[Any], float, bool]] = [
    ("alike", 1, 1, [], 0, True),
    ("alike", 1, 2, [], 0, False),
    ("alike", (1,), [1], [], 0, False),
    # Only floats may be a little off, and all of them.
    ("alike", 0.1 + 0.2, 0.3, [], 0, True),
    ("alike", [0.1 + 0.2, 1.0], [0.3, 1.0], [], 0, True),
    ("alike", [0.31, 1.0], [0.3, 1.0], [], 0, False),
    ("alike", [0.3], [0.3, 1.0], [], 0, False),
    ("alike", 10**9 + 1, 10**9, [], 0, False),
    ("alike", "0.3", 0.3, [], 0, False),
    ("alike", 2, 1.5, [], 1, False),
    ("alike", 2.0, 1.5, [], 1, True),
    ("alike", float("nan"), float("nan"), [], 0, False),
    ("same set", [3, 1, 1], (1, 3), [], 0, True),
    ("same set", [3], (1, 3), [], 0, False),
    ("found", True, object(), [], 0, True),
    ("found", "match", object(), [], 0, True),
    ("found", None, object(), [], 0, False),
    ("found", False, None, [], 0, True),
    ("found", True, None, [], 0, False),
    ("anything", None, 1, [], 0, True),
    ("or zero", 0, 7, [], 0, True),
    ("or zero", 7, 7, [], 0, True),
    ("or zero", 6, 7, [], 0, False),
    # x^2 - 4 is 0 at 2, whatever root the reference found.
    ("root", 2.0, -2.0, [[-4, 0, 1]], 1e-4, True),
    ("root", 1.9, -2.0, [[-4, 0, 1]], 1e-4, False),
    # Edge 6 and slant height 5: 36 + 60. Edge 6 and height 4 is the same pyramid.
    ("surface", 96, 96, [6, 5], 0, True),
    ("surface", 96, 84, [6, 4], 0, True),
    ("surface", 95, 84, [6, 4], 0, False),
    # 100 and 23: |1 - 2| + |0 - 3|, or with 023 also the last digit.
    ("digits", 6, 4, [100, 23], 0, True),
    ("digits", 4, 4, [100, 23], 0, True),
    ("digits", 5, 4, [100, 23], 0, False),
]


@pytest.mark.parametrize(("name", "got", "wanted", "given", "tolerance", "is_right"), ANSWERS)
def test_comparisons(
    name: str, got: object, wanted: object, given: list[Any], tolerance: float, *, is_right: bool
) -> None:
    assert COMPARISONS[name](got, wanted, given, tolerance) is is_right


def test_each_comparison_is_tested() -> None:
    assert {name for name, *_ in ANSWERS} == COMPARISONS.keys()


@pytest.mark.parametrize(
    ("shapes", "plain", "wanted"),
    [
        (("plain",), [[1], "a"], [[1], "a"]),
        (("tuple",), [[1], [2]], [(1,), (2,)]),
        (("tuple", "plain"), [[1], [2], [3]], [(1,), [2], [3]]),
        (("tuples",), [[[1], [2]]], [[(1,), (2,)]]),
        (("tuple of tuples",), [[[1], [2]]], [((1,), (2,))]),
        (("tuple with tuples",), [[[1], 2]], [((1,), 2)]),
        (("deep tuple",), [[[1, [2]], 3]], [((1, (2,)), 3)]),
        (("dictionary of tuples", "plain"), [{"a": [1]}, 6], [{"a": (1,)}, 6]),
        (("sets",), [[[1, 1], []]], [[{1}, {}]]),
        (("float", "complex"), ["1.5", "2j"], [1.5, 2j]),
    ],
)
def test_shapes(shapes: tuple[str, ...], plain: list[Any], wanted: list[Any]) -> None:
    got = shaped(plain, shapes)
    assert got == wanted
    assert repr(got) == repr(wanted)


def check_plain(candidate: Callable[..., Any], reference: Callable[..., Any]) -> None:
    rules = {"shapes": ("plain",), "comparison": "alike", "tolerance": 0}
    try:
        check(candidate, reference, json.dumps([[[1, 2]], [[3]]]), rules)
    finally:
        limit_time(None)


def test_check() -> None:
    check_plain(sum, sum)
    with pytest.raises(AssertionError, match="wanted 3, got 2"):
        check_plain(len, sum)
    with pytest.raises(ZeroDivisionError):
        check_plain(lambda numbers: numbers[0] / 0, sum)


def test_a_candidate_that_changes_its_arguments_changes_its_own() -> None:
    def emptying(numbers: list[int]) -> int:
        return sum(numbers.pop() for _ in list(numbers))

    check_plain(emptying, sum)
    check_plain(sum, emptying)


def test_shapes_belong_to_mbpp_alone() -> None:
    row = {"entry_point": "f", "base_input": [], "plus_input": [], "atol": 0}
    assert "('tuple',)" in plus_checks({**row, "task_id": "Mbpp/2"}, "")
    assert "('tuple',)" not in plus_checks({**row, "task_id": "HumanEval/2"}, "")
    assert "'root'" in plus_checks(
        {**row, "task_id": "HumanEval/32", "entry_point": "find_zero"}, ""
    )
    assert "'same set'" in plus_checks({**row, "task_id": "Mbpp/769", "entry_point": "Diff"}, "")
