"""A short `make soak`, and that it would notice."""

import asyncio
from dataclasses import replace

import pytest
from rich.progress import Progress

from lintseq.infer.model_file import MANIFEST, models_folder
from tests.soak.__main__ import soak
from tests.soak.reading import Reading
from tests.soak.verdict import problems

FIRST = Reading(0.0, 100.0, 20, 10, 5, 1.0, 2.0, 3.0)


@pytest.mark.skipif(not (models_folder() / MANIFEST).exists(), reason="no default model came along")
def test_twenty_seconds_of_work_leave_no_file_and_no_thread() -> None:
    with Progress(disable=True) as progress:
        readings = asyncio.run(soak(20.0, 1, progress))
    assert sum(each.requests for each in readings) > 20
    # Memory has not settled so soon.
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
