"""A short `make soak`, and that it would notice."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from rich.progress import Progress

from lintseq.infer.model_file import MANIFEST, models_folder
from tests.soak.__main__ import soak
from tests.soak.part import compared
from tests.soak.reading import Reading
from tests.soak.verdict import problems, slower

FIRST = Reading(0.0, 100.0, 20, 10, 5.0, (1.0, 2.0, 3.0))


@pytest.mark.skipif(not (models_folder() / MANIFEST).exists(), reason="no default model came along")
def test_twenty_seconds_of_work_leave_no_file_and_no_thread() -> None:
    with Progress(disable=True) as progress:
        readings = asyncio.run(soak(20.0, 1, 0, progress))
    first, last = compared(readings, 5.0) or (None, None)
    assert first is not None
    assert last is not None
    assert first.requests > 5
    assert first.cpu_ms > 0
    # Memory has not settled so soon, and how quick it is depends on what else there is to do.
    grown = [each for each in problems(readings, 5.0) if "memory" not in each]
    assert grown == []


@pytest.mark.parametrize(
    ("change", "word"),
    [({"memory_mb": 106.0}, "memory"), ({"files": 23}, "files"), ({"threads": 15}, "threads")],
)
def test_growth_is_a_problem(change: dict[str, float], word: str) -> None:
    (found,) = problems([FIRST, replace(FIRST, at_s=60.0, **change)], 0.0)  # type: ignore[arg-type]
    assert word in found


def test_growth_noop() -> None:
    early = replace(FIRST, memory_mb=50.0)
    late = replace(FIRST, at_s=60.0, memory_mb=104.0, files=22)
    assert [*problems([early, replace(FIRST, at_s=10.0), late], 10.0)] == []


def _session(latencies_ms: Sequence[tuple[float, ...]], cpu_ms: Sequence[float]) -> list[Reading]:
    """What settled after one reading, each reading with these latencies and so much work each."""
    readings = [replace(FIRST, at_s=-1.0, cpu_s=0.0), replace(FIRST, cpu_s=0.0)]
    for number, (latencies, each_ms) in enumerate(zip(latencies_ms, cpu_ms, strict=True), start=1):
        cpu_s = readings[-1].cpu_s + each_ms * len(latencies) / 1000
        readings.append(
            replace(FIRST, at_s=float(number), cpu_s=cpu_s, latencies_ms=tuple(latencies))
        )
    return readings


STEADY = (10.0,) * 80 + (20.0,) * 18 + (100.0,) * 2


@pytest.mark.parametrize(
    ("late", "words"),
    [
        ((13.0,) * 80 + STEADY[80:], ["p50"]),
        (STEADY[:80] + (26.0,) * 18 + STEADY[98:], ["p90"]),
        (STEADY[:98] + (160.0,) * 2, ["p99"]),
        (tuple(2 * each for each in STEADY), ["p50", "p90", "p99"]),
    ],
)
def test_a_slower_end_is_a_problem(late: tuple[float, ...], words: list[str]) -> None:
    found = [*slower(_session([STEADY] * 6 + [late] * 3, [5.0] * 9), 0.0)]
    assert [each.split()[1] for each in found] == words


def test_more_work_at_the_end_is_a_problem() -> None:
    (found,) = slower(_session([STEADY] * 9, [5.0] * 6 + [6.1] * 3), 0.0)
    assert "work" in found


def test_a_slower_end_noop() -> None:
    # Slow before it has settled, a peak in the middle, and no more than the tolerance at the end.
    late = tuple(1.2 * each for each in STEADY)
    peak = tuple(9 * each for each in STEADY)
    latencies = [STEADY] * 3 + [peak] * 3 + [late] * 3
    assert [*slower(_session(latencies, [5.0] * 9), 0.0)] == []


def test_too_few_requests_are_a_problem() -> None:
    (found,) = slower(_session([(1.0,)] * 3, [1.0] * 3), 0.0)
    assert "too few" in found
