"""Which sandboxes there are, what they need, and that afterwards the machine is as before."""

import os
import tempfile
from pathlib import Path

import pytest

import lintseq.sandbox.run as sandbox_run
from lintseq.sandbox.choose import NAMES, open_sandbox, why_not
from lintseq.sandbox.run import Limits, SandboxError
from tests.lintseq.sandbox.jails import ALONE, OFFERED, STRONG, run


def test_there_is_a_sandbox() -> None:
    assert STRONG, {name: why_not(name) for name in NAMES}
    assert open_sandbox().isolation == STRONG[0]


@pytest.mark.parametrize("isolation", [name for name in OFFERED if name == "limits"])
@pytest.mark.parametrize(
    "attack",
    [
        "import os; os.symlink({folder!r}, 'link'); os.symlink({folder!r} + '/x', 'file')",
        "import os; os.makedirs('a/b'); os.mkdir('a/c', 0)",
        "for n in range(1000): open(str(n), 'w').write('x')",
        "import os\nfor n in range(200): os.mkdir('d'); os.chdir('d')",
    ],
)
def test_the_folder_is_removed_and_nothing_else(
    attack: str, isolation: str, tmp_path: Path
) -> None:
    (tmp_path / "x").write_text("x")
    outcome = run(attack.format(folder=str(tmp_path)), isolation)
    assert outcome.status == "passed", outcome
    assert (tmp_path / "x").read_text() == "x"


@pytest.mark.parametrize("isolation", ALONE)
def test_a_library_below_the_temporary_folder_is_shown(
    isolation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101
        Path(folder, "neighbour.py").write_text("number = 5")
        shown = f"sys.path.append({folder!r}); import start"
        start = sandbox_run._START.replace("import start", shown)
        monkeypatch.setattr(sandbox_run, "_START", start)
        outcome = run("import os, neighbour; print(neighbour.number, os.getcwd())", isolation)
    assert (outcome.status, outcome.output) == ("passed", "5 /tmp\n"), outcome


def test_unknown_sandboxes_and_limits_are_refused() -> None:
    with pytest.raises(SandboxError, match="user namespaces"):
        open_sandbox(isolation="magic")
    with pytest.raises(ValueError, match="greater than 0"):
        Limits(wall_s=0)


def test_without_room_for_a_folder_the_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    with pytest.raises(SandboxError, match="no folder for the program"):
        run("pass", OFFERED[0])
