import pytest

from training.evaluate.bootstrap import Interval, Part, interval


def test_the_interval_is_that_of_a_binomial_share() -> None:
    parts = [Part(str(number), number % 4 == 0) for number in range(400)]
    found = interval(parts)
    # 0.25 with a standard error of the root of 0.25 * 0.75 / 400.
    assert found.low == pytest.approx(0.25 - 1.96 * 0.02165, abs=0.006)
    assert found.high == pytest.approx(0.25 + 1.96 * 0.02165, abs=0.006)
    assert interval(parts) == found


def test_cases_of_one_document_are_drawn_together() -> None:
    alone = interval(Part(str(n), n < 50) for n in range(100))
    together = interval(Part(str(n % 10 + 10 * (n < 50)), n < 50) for n in range(100))
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_parts_have_weights() -> None:
    found = interval([Part("a", 1, 10), Part("b", 2, 20)])
    assert found.low == pytest.approx(0.1)
    assert found.high == pytest.approx(0.1)


@pytest.mark.parametrize("parts", [[], [Part("a", 0, 0)]])
def test_nothing_is_known_without_parts(parts: list[Part]) -> None:
    assert interval(parts) == Interval(0.0, 1.0)
