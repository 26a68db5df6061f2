"""The Python files beside a file, as texts that a proposal may repeat."""

import os
from pathlib import Path

import pytest

from lintseq.infer.locality import MOST_CHARACTERS
from server import neighbours
from server.neighbours import Neighbours


@pytest.fixture(autouse=True)
def always_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every question look at the folder again."""
    monkeypatch.setattr(neighbours, "_LOOKED_AT_EVERY_S", -1.0)


def write(path: Path, text: str, seconds: int) -> None:
    path.write_text(text)
    os.utime(path, (seconds, seconds))


def beside(folder: Path, known: Neighbours | None = None) -> tuple[str, ...]:
    return (known or Neighbours()).texts(folder / "own.py", lambda path: "secret" not in path.name)


def test_the_files_changed_last_come_first(tmp_path: Path) -> None:
    write(tmp_path / "own.py", "own = 0\n", 9)
    write(tmp_path / "old.py", "old = 1\n", 1)
    write(tmp_path / "new.py", "new = 2\n", 2)
    assert beside(tmp_path) == ("new = 2\n", "old = 1\n")


def test_what_is_no_small_python_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("notes\n")
    (tmp_path / "secret.py").write_text("key = 1\n")
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "odd.py").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "large.py").write_text("x" * (MOST_CHARACTERS + 1))
    (tmp_path / "link.py").symlink_to("/etc/hostname")
    os.mkfifo(tmp_path / "waits.py")
    assert beside(tmp_path) == ()


def test_changed_and_removed_files_are_seen(tmp_path: Path) -> None:
    known = Neighbours()
    write(tmp_path / "a.py", "a = 1\n", 1)
    assert beside(tmp_path, known) == ("a = 1\n",)
    write(tmp_path / "a.py", "a = 2\n", 2)
    assert beside(tmp_path, known) == ("a = 2\n",)
    (tmp_path / "a.py").unlink()
    assert beside(tmp_path, known) == ()


def test_all_together_are_bounded(tmp_path: Path) -> None:
    for number in range(5):
        write(tmp_path / f"{number}.py", "x" * (MOST_CHARACTERS // 3), number)
    assert len(beside(tmp_path)) == 3


def test_a_folder_that_is_gone_has_no_files(tmp_path: Path) -> None:
    assert beside(tmp_path / "gone") == ()
