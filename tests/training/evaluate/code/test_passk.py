"""The estimator against cases worked out by hand, and the bootstrap's laws."""

import math

import pytest

from training.evaluate.bootstrap import Interval
from training.evaluate.code.passk import estimate, pass_at_k


@pytest.mark.parametrize(
    ("n", "c", "k", "wanted"),
    [
        # 2 of 5 passed. Of the 10 pairs of samples 3 have none of them.
        (5, 2, 1, 2 / 5),
        (5, 2, 2, 7 / 10),
        (5, 2, 3, 9 / 10),
        (5, 2, 4, 1.0),
        # 1 of 10: any 5 of them have it half of the time.
        (10, 1, 5, 0.5),
        (1, 0, 1, 0.0),
        (1, 1, 1, 1.0),
        (7, 0, 7, 0.0),
        (7, 7, 1, 1.0),
        # 1 - C(98, 2) / C(100, 2) = 1 - 4753 / 4950.
        (100, 2, 2, 197 / 4950),
    ],
)
def test_pass_at_k(n: int, c: int, k: int, wanted: float) -> None:
    assert pass_at_k(n, c, k) == pytest.approx(wanted, rel=1e-12)


def test_it_is_the_fraction_of_binomials_also_where_those_are_huge() -> None:
    for c in (1, 17, 500):
        wanted = 1 - math.comb(2000 - c, 100) / math.comb(2000, 100)
        assert pass_at_k(2000, c, 100) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize(("n", "c", "k"), [(5, 6, 1), (5, -1, 1), (5, 2, 6), (5, 2, 0)])
def test_numbers_out_of_range(n: int, c: int, k: int) -> None:
    with pytest.raises(ValueError, match=f"got n={n} c={c} k={k}"):
        pass_at_k(n, c, k)


def test_the_mean_over_problems_with_its_interval() -> None:
    one, two = estimate([0, 5, 5, 0], 5, [1, 2])
    assert one.value == 0.5
    assert one.interval == two.interval == Interval(0.0, 1.0)
    assert two.value == 0.5


def test_problems_that_are_all_alike_leave_no_doubt() -> None:
    (alike,) = estimate([2] * 30, 5, [2])
    found = alike.interval
    assert (found.low, alike.value, found.high) == pytest.approx((0.7, 0.7, 0.7))


def test_more_problems_leave_less_doubt() -> None:
    few, many = (estimate([0, 1] * count, 1, [1])[0].interval for count in (10, 1000))
    assert few.low < many.low < 0.5 < many.high < few.high
    # The interval of 2,000 fair coins: 0.5 plus or minus 1.96 times 0.0112.
    assert (many.low, many.high) == pytest.approx((0.478, 0.522), abs=0.004)


def test_the_same_numbers_give_the_same_interval() -> None:
    passed = [number % 7 % 6 for number in range(50)]
    assert estimate(passed, 5, [1, 5]) == estimate(passed, 5, [1, 5])


def test_no_problem() -> None:
    with pytest.raises(ValueError, match="got none"):
        estimate([], 5, [1])
