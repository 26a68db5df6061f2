"""A sample of the kills of `make faults`; for pretraining: tests/training/test_kill.py."""

import sys
from pathlib import Path

import pytest

from tests.faults.data import kill_adapt, kill_export, kill_generate
from tests.faults.kill import When

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to stop a process")


def test_generate(tmp_path: Path) -> None:
    assert kill_generate(tmp_path, 3).total() >= 3


def test_generate_in_its_manifest(tmp_path: Path) -> None:
    killed = kill_generate(tmp_path, 2, when=When(1, "manifest"))
    assert [*killed] == ["data.jsonl.manifest.json.N.part"]


def test_export(tmp_path: Path) -> None:
    assert kill_export(tmp_path, 3).total() == 3


def test_adapt(tmp_path: Path) -> None:
    assert kill_adapt(tmp_path, 3).total() == 3
