import pytest

from training.evaluate.confidence import Bin, Judged, Point, calibration_error, curve, reliability

JUDGED = [Judged(0.05, False), Judged(0.55, False), Judged(0.59, True), Judged(1.0, True)]


def test_curve() -> None:
    points = {point.threshold: point for point in curve(JUDGED, questions=8)}
    assert points[0.0] == Point(0.0, 4 / 8, 2 / 4)
    assert [points[at].shown for at in (0.1, 0.5, 0.6, 0.9)] == [3 / 8, 3 / 8, 1 / 8, 1 / 8]
    assert points[0.9].precision == 1.0


def test_reliability() -> None:
    assert list(reliability(JUDGED)) == [
        Bin(1, 0.05, 0.0),
        Bin(2, (0.55 + 0.59) / 2, 0.5),
        Bin(1, 1.0, 1.0),
    ]


def test_calibration_error() -> None:
    assert calibration_error([Bin(3, 0.5, 0.5), Bin(1, 0.9, 0.5)]) == pytest.approx(0.1)


def test_confidence_noop() -> None:
    assert list(curve([], 5)) == []
    assert list(reliability([])) == []
    assert calibration_error([]) == 0.0
