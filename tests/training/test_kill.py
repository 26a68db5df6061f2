"""A run that is killed while it writes its checkpoint. A hundred times: see `kill_proof`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.training.kill_proof import SETTLED, prove


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to stop a process in the window")
def test_a_kill_while_writing_loses_no_checkpoint(tmp_path: Path) -> None:
    windows = prove(tmp_path, kills=3)
    assert sum(windows.values()) == 3
    assert SETTLED not in windows
