"""What could not be looked up never passes for sound."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    path = Path(__file__).parents[1] / ".ci" / "audit.py"
    spec = importlib.util.spec_from_file_location("audit", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LOOKED_UP: dict[str, Any] = {"name": "attrs", "version": "26.1.0", "vulns": []}
HOLED: dict[str, Any] = {"name": "idna", "version": "3.6", "vulns": [{"id": "PYSEC-2024-60"}]}
SKIPPED: dict[str, Any] = {"name": "rich", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("packages", "status", "words"),
    [
        ([LOOKED_UP], 0, ["no known hole in 1 packages, all of them looked up"]),
        ([LOOKED_UP, HOLED], 1, ["HOLE: idna 3.6: PYSEC-2024-60"]),
        ([LOOKED_UP, SKIPPED], 2, ["NOT AUDITED: 1 of 2 packages could not be looked up: rich"]),
        ([HOLED, SKIPPED], 1, ["HOLE: idna", "NOT AUDITED: 1 of 2"]),
        ([], 2, ["NOT AUDITED: 0 of 0 packages could not be looked up"]),
    ],
)
def test_verdict(
    audit: ModuleType, packages: list[dict[str, Any]], status: int, words: list[str]
) -> None:
    found, said = audit.verdict({"dependencies": packages})
    assert found == status
    lines = said.splitlines()
    assert len(lines) == len(words)
    assert all(line.startswith(word) for line, word in zip(lines, words, strict=True))


def test_without_pip_audit_nothing_passes(
    audit: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    silent = tmp_path / "python"
    silent.write_text("#!/bin/sh\nexit 0\n")
    silent.chmod(0o755)
    monkeypatch.setattr(audit.sys, "executable", str(silent))
    assert audit.main() == 2
    assert capsys.readouterr().out.startswith("NOT AUDITED: ")
