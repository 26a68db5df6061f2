"""The time of a run in pieces: what is charged, and what is kept for the end."""

from __future__ import annotations

import math

import pytest

from training import clock
from training.clock import LEAST_RESERVE, MARGIN, Budget, Clock


class Time:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    fake = Time()
    monkeypatch.setattr(clock, "time", fake)
    return fake


def test_a_piece_keeps_time_for_its_end(time: Time) -> None:
    piece = Clock(plan_minutes=30, budget=Budget(10, began=time.now), before_s=0)
    assert piece.left_of_piece_s == pytest.approx(600 * (1 - LEAST_RESERVE))
    assert piece.left_of_plan_s == pytest.approx(1800 - 600 * LEAST_RESERVE)
    with piece.measure("save"):
        time.now += 20
    with piece.measure("evaluate"):
        time.now += 10
    with piece.measure("save"):
        time.now += 5
    assert piece.left_of_piece_s == pytest.approx(600 - 35 - MARGIN * 30)


def test_what_was_slow_is_not_begun_at_the_end(time: Time) -> None:
    piece = Clock(plan_minutes=None, budget=Budget(1, began=time.now), before_s=0)
    with piece.measure("evaluate"):
        time.now += 10
    assert piece.has_time_to("evaluate")
    time.now += 30
    assert not piece.has_time_to("evaluate")
    assert piece.has_time_to("sample")


def test_a_piece_out_of_time_is_charged_in_full(time: Time) -> None:
    piece = Clock(plan_minutes=30, budget=Budget(10, began=time.now), before_s=600)
    time.now += 300
    assert piece.charged_s == piece.elapsed_s == 900
    time.now += 299
    assert piece.charged_s == 1200


def test_the_last_piece_and_the_plan_end_together(time: Time) -> None:
    piece = Clock(plan_minutes=30, budget=Budget(10, began=time.now), before_s=1200)
    time.now += 100
    assert piece.left_of_plan_s == pytest.approx(piece.left_of_piece_s)


def test_without_minutes_nothing_ends(time: Time) -> None:
    piece = Clock(plan_minutes=None, budget=Budget(began=time.now), before_s=0)
    time.now += 1e6
    assert piece.left_of_piece_s == piece.left_of_plan_s == math.inf
    assert piece.charged_s == 1e6


def test_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="got 0"):
        Budget(0)
