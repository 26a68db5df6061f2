"""What all tests of training share."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture(autouse=True)
def one_core() -> None:
    """Tiny tensors on many threads wait more than they compute."""
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
