"""When the model is asked, from how fast somebody types and how fast it answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rhythm import Rhythm


def typed(*gaps_s: float) -> Rhythm:
    """The rhythm after changes with these gaps between them; the last one came at their sum."""
    rhythm, now = Rhythm().after_change(0.0), 0.0
    for gap in gaps_s:
        now += gap
        rhythm = rhythm.after_change(now)
    return rhythm


def test_answers_faster_than_keys_are_not_waited_for() -> None:
    assert typed(*[0.2] * 10).wait_s(answer_ms=50, now_s=2.0) == 0.0


def test_answers_slower_than_keys_wait_for_a_pause() -> None:
    rhythm = typed(*[0.1] * 10)
    assert rhythm.wait_s(answer_ms=400, now_s=1.0) == pytest.approx(0.15)
    # What has passed of the pause is not waited for again.
    assert rhythm.wait_s(answer_ms=400, now_s=1.1) == pytest.approx(0.05)
    assert rhythm.wait_s(answer_ms=400, now_s=2.0) == 0.0


def test_a_pause_does_not_slow_the_rhythm() -> None:
    assert typed(0.1, 0.1, 30.0).gap_s == pytest.approx(0.1)
    assert typed(0.1, 0.1, 0.4).gap_s == pytest.approx(0.16)


def test_nothing_is_known_of_one_change() -> None:
    assert typed().wait_s(answer_ms=10_000, now_s=0.0) == 0.0


@given(st.lists(st.floats(0, 5), max_size=20), st.floats(0, 1e5), st.floats(0, 10))
def test_nobody_waits_long(gaps_s: list[float], answer_ms: float, later_s: float) -> None:
    rhythm = typed(*gaps_s)
    assert 0 <= rhythm.wait_s(answer_ms, sum(gaps_s) + later_s) <= 0.3 + 1e-9
