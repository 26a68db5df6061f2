"""What is kept between sessions, where it can be written and where it cannot."""

import errno
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lintseq.sandbox.choose import open_sandbox
from lintseq.sandbox.run import SandboxError
from server.kept import keep
from tests.faults import disk
from tests.namespaces import why_not
from tests.server.editor import FAKE_SERVER, REPOSITORY, Editor, editor
from tests.server.test_running import RIGHT, RUN, WRONG, implemented

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="mounts a disk of its own")


@pytest.mark.skipif(os.name != "posix", reason="has other rights")
def test_only_the_user_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "lintseq" / "kept.json"
    before = os.umask(0)
    try:
        keep(path, {"file:///secret": True})
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_cannot_be_kept_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    keep(path, [1])
    path.unlink()
    # A folder of this name cannot be replaced by a file.
    (path / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match=r"kept\.json"):
        keep(path, [2])
    assert [each.name for each in tmp_path.iterdir()] == ["kept.json"]


@LINUX
def test_the_last_byte_of_the_disk(tmp_path: Path) -> None:
    """Half of a file that does not fit is not left, and the one before it stays."""
    path = tmp_path / "kept.json"
    program = f"""
import resource, sys
from pathlib import Path
from server.kept import keep
path = Path({str(path)!r})
keep(path, "whole")
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    keep(path, "x" * 100_000)
except OSError as error:
    print(error.errno)
"""
    command = [sys.executable, "-c", program]
    own = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, env=own, stdout=subprocess.PIPE, text=True, check=True)
    assert int(done.stdout) == errno.EFBIG
    assert json.loads(path.read_text()) == "whole"
    assert [each.name for each in tmp_path.iterdir()] == ["kept.json"]


@pytest.fixture(scope="module")
def sandbox() -> None:
    try:
        open_sandbox()
    except SandboxError as error:
        pytest.skip(str(error))


def seen_by(session: Editor, folder: Path) -> list[str]:
    """The files of a folder as the server sees it."""
    root = Path(f"/proc/{session.server_id}/root{folder}")
    return sorted(path.name for path in root.rglob("*") if path.is_file())


@LINUX
@pytest.mark.asyncio
@pytest.mark.usefixtures("sandbox")
@pytest.mark.parametrize(("kind", "files"), [(disk.full, ["filler"]), (disk.read_only, [])])
async def test_an_answer_that_cannot_be_kept_is_told_once_and_counts_for_the_session(
    kind: disk.Kind, files: list[str], tmp_path: Path
) -> None:
    prefix = kind(tmp_path)
    if reason := why_not(prefix):
        pytest.skip(reason)
    environment = {"XDG_STATE_HOME": str(tmp_path)}
    async with editor([*prefix, *FAKE_SERVER], options=RUN, environment=environment) as session:
        session.answer = "Run here"
        for text in (RIGHT, WRONG, RIGHT):
            answer = await implemented(session, text)
            assert bool(answer.steps) == (text == RIGHT)
        assert len(session.questions) == 1
        (told,) = await session.messages()
        assert "until the end of the session" in told
        assert seen_by(session, tmp_path) == files


@LINUX
@pytest.mark.asyncio
@pytest.mark.usefixtures("sandbox")
async def test_that_examples_cannot_be_run_is_told_once(tmp_path: Path) -> None:
    # Where there is no user but root, no program can be anybody else.
    prefix = ["unshare", "--map-root-user"]
    if reason := why_not(prefix):
        pytest.skip(reason)
    environment = {"XDG_STATE_HOME": str(tmp_path)}
    async with editor([*prefix, *FAKE_SERVER], options=RUN, environment=environment) as session:
        session.answer = "Run here"
        for text in (RIGHT, WRONG, RIGHT):
            answer = await implemented(session, text)
            assert (len(answer.steps), answer.passed) == (1, 0)
        (told,) = await session.messages()
        assert "examples are not run" in told


@LINUX
@pytest.mark.asyncio
@pytest.mark.usefixtures("sandbox")
async def test_an_answer_that_is_kept_is_told_to_nobody(tmp_path: Path) -> None:
    environment = {"XDG_STATE_HOME": str(tmp_path)}
    for asked in (1, 0):
        async with editor(options=RUN, environment=environment) as session:
            session.answer = "Run here"
            assert (await implemented(session, RIGHT)).passed == 1
            assert len(session.questions) == asked
            assert session.client.messages == []
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {
        "editor.json",
        "workspaces.json",
    }
