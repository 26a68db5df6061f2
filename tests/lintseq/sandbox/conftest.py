"""After every attack the machine is as before: processes, mounts, files, shared memory."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lintseq.sandbox.jails import jailed


@pytest.fixture(autouse=True)
def _machine_as_before(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    mounts = Path("/proc/self/mountinfo").read_text()
    folder = tmp_path_factory.mktemp("lintseq")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    segments = Path("/proc/sysvipc/shm").read_text()
    yield
    deadline = time.monotonic() + 20
    while jailed() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not jailed()
    assert Path("/proc/self/mountinfo").read_text() == mounts
    assert not os.listdir(folder)
    assert Path("/proc/sysvipc/shm").read_text() == segments
