"""A sample of `make requests`, with the default model."""

import asyncio

import pytest
from rich.progress import Progress

from lintseq.infer.model_file import MANIFEST, models_folder
from tests.requests.__main__ import ENCODINGS, run

_COUNT = 60


@pytest.mark.skipif(not (models_folder() / MANIFEST).exists(), reason="no default model came along")
def test_no_shown_proposal_breaks_the_promise() -> None:
    with Progress(disable=True) as progress:
        tally = asyncio.run(run(_COUNT, 7, progress))
    assert tally.problems == []
    assert tally.requests == _COUNT
    assert tally.answered >= _COUNT // 10, "next to nothing was shown, so nothing was judged"
    assert len(ENCODINGS) == 3
