"""pass@k with the best setting, and differences, against cases counted by hand."""

import pytest

from training.comparison.best import Table
from training.evaluate.bootstrap import Interval

# Four problems, two samples of each: counts of those that passed.
EVEN = {"cool": [1, 1, 1, 1], "hot": [2, 2, 0, 0]}
NOTHING = {"cool": [0, 0, 0, 0], "hot": [0, 0, 0, 0]}


def test_the_best_setting_differs_by_k() -> None:
    table = Table({"arm": EVEN}, 2)
    # With k = 1 both settings pass half; the first stands. With k = 2 "cool" solves everything.
    assert (table.best("arm", 1).setting, table.best("arm", 1).estimate.value) == ("cool", 0.5)
    assert (table.best("arm", 2).setting, table.best("arm", 2).estimate.value) == ("cool", 1.0)
    assert table.best("arm", 2).estimate.interval == Interval(1.0, 1.0)


def test_the_choice_is_made_anew_in_every_draw() -> None:
    table = Table({"arm": EVEN}, 2)
    # "cool" alone is 0.5 in every draw: what is above comes from draws in which "hot" is better.
    assert table.best("arm", 1).estimate.interval.low == 0.5
    assert table.best("arm", 1).estimate.interval.high > 0.5


def test_a_difference_is_taken_on_the_same_problems() -> None:
    table = Table({"one": {"cool": [2, 0, 2, 0]}, "other": {"cool": [1, 0, 1, 0]}}, 2)
    difference = table.difference("one", "other", 1)
    assert difference.value == 0.25
    # Half of each draw's share of the one: never below 0, though the intervals of both overlap.
    assert difference.interval.low >= 0
    assert table.difference("one", "one", 1).interval == Interval(0.0, 0.0)
    assert table.difference("other", "one", 1).value == -0.25


def test_nothing_passed() -> None:
    table = Table({"arm": NOTHING}, 2)
    assert table.best("arm", 1).estimate.value == 0
    assert table.best("arm", 1).estimate.interval == Interval(0.0, 0.0)


@pytest.mark.parametrize(
    "passed", [{"one": {"cool": [1]}, "other": {"cool": [1, 0]}}, {"one": {"cool": []}}]
)
def test_other_problems_are_refused(passed: dict[str, dict[str, list[int]]]) -> None:
    with pytest.raises(ValueError, match="need the same problems for all"):
        Table(passed, 2)
