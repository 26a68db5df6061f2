"""A sample of `make faults`: each kind of fault once, against the real server."""

import asyncio
import random
import sys

import pytest

from lintseq.infer.model_file import MANIFEST, models_folder
from tests.faults.cases import SkippedError, cases

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc and stops processes"),
    pytest.mark.skipif(
        not (models_folder() / MANIFEST).exists(), reason="no default model came along"
    ),
]
_SAMPLE = (
    "engine killed in a request",
    "engine killed at rest",
    "engine paused",
    "wrong messages",
    "places outside of the text",
    "strange characters",
    "halves of characters",
    "client vanishes",
    "model at the start: damaged weights",
    "model while running: truncated",
    "disk full",
    "disk read-only",
    "model folder read-only",
)


@pytest.mark.parametrize("name", _SAMPLE)
def test_nothing_is_lost(name: str) -> None:
    try:
        played = asyncio.run(cases()[name](random.Random(name), 2))
    except SkippedError as error:
        pytest.skip(str(error))
    assert played.problems == []
    assert played.injected > 0
