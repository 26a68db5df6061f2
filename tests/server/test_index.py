"""The index of a workspace folder: what is read, what is left alone, and how it keeps up."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from lintseq.imports.environment import installed_modules
from server import index as index_module
from server.index import MOST_BYTES, Index

STOP = threading.Event()


def indexed(folder: Path, is_excluded: Callable[[str], bool] = lambda _: False) -> Index:
    index = Index(folder, is_excluded)
    index.scan(STOP)
    return index


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def test_what_is_read_and_what_is_left_alone(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "shop/till.py": "class Till: ...\n",
            "shop/torn.py": "def torn(:\nclass Half: ...\n",
            "setup.py": "import setuptools\n",
            "notes.txt": "class Note: ...\n",
            ".git/hooks/hook.py": "class Hook: ...\n",
            "node_modules/tool.py": "class Tool: ...\n",
            "shop/__pycache__/till.py": "class Cached: ...\n",
            "surroundings/pyvenv.cfg": "home = /usr/bin\n",
            "surroundings/lib/numpy.py": "class Array: ...\n",
            "secrets/keys.py": "class Key: ...\n",
            "long.py": "x = 1\n" * (MOST_BYTES // 6 + 1),
        },
    )
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "linked.py").symlink_to("/etc/passwd")
    index = indexed(tmp_path, lambda path: "secrets" in path)
    assert set(index.project.files) == {"setup.py", "shop/till.py", "shop/torn.py"}
    assert index.project.files["shop/till.py"].defined == {"Till"}
    assert index.project.files["shop/torn.py"].defined == {"torn", "Half"}


def test_the_files_nearest_to_the_top_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "MOST_FILES", 2)
    write(tmp_path, {"a/deep/one.py": "", "a/two.py": "", "three.py": "", "b/four.py": ""})
    index = indexed(tmp_path)
    assert set(index.project.files) == {"three.py", "a/two.py"}
    write(tmp_path, {"five.py": ""})
    index.update(tmp_path / "five.py")
    assert "five.py" not in index.project.files


def test_it_keeps_up(tmp_path: Path) -> None:
    write(tmp_path, {"one.py": "A = 1\n", "two.py": "B = 2\n"})
    index = indexed(tmp_path)
    first = index.project
    index.scan(STOP)
    assert index.project is first
    write(tmp_path, {"one.py": "import sys\nANOTHER = 1\n", "pack/three.py": "C = 3\n"})
    (tmp_path / "two.py").unlink()
    for name in ("one.py", "two.py", "pack/three.py", "../outside.py", "pack/.hidden/four.py"):
        index.update(tmp_path / name)
    by_update = index.project
    assert {path: facts.defined for path, facts in by_update.files.items()} == {
        "one.py": {"ANOTHER"},
        "pack/three.py": {"C"},
    }
    assert indexed(tmp_path).project.files == by_update.files
    assert indexed(tmp_path).project.layout.modules == by_update.layout.modules


def test_only_what_has_changed_is_read_again(tmp_path: Path) -> None:
    write(tmp_path, {"one.py": "A = 1\n"})
    index = indexed(tmp_path)
    status = (tmp_path / "one.py").stat()
    (tmp_path / "one.py").write_text("B = 1\n")
    os.utime(tmp_path / "one.py", ns=(status.st_atime_ns, status.st_mtime_ns))
    index.scan(STOP)
    assert index.project.files["one.py"].defined == {"A"}
    os.utime(tmp_path / "one.py", ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    index.scan(STOP)
    assert index.project.files["one.py"].defined == {"B"}


def test_a_scan_that_is_stopped_keeps_what_was_known(tmp_path: Path) -> None:
    write(tmp_path, {"one.py": "A = 1\n"})
    index = indexed(tmp_path)
    write(tmp_path, {"two.py": "B = 1\n"})
    stopped = threading.Event()
    stopped.set()
    index.scan(stopped)
    assert set(index.project.files) == {"one.py"}


@pytest.mark.parametrize("folder", [".venv", "venv"])
@pytest.mark.parametrize("library", ["lib/python3.12/site-packages", "Lib/site-packages"])
def test_the_modules_of_the_environment(tmp_path: Path, folder: str, library: str) -> None:
    write(
        tmp_path / folder / library,
        {
            "numpy/__init__.py": "raise SystemExit",
            "six.py": "raise SystemExit",
            "_fast.cpython-312-x86_64-linux-gnu.so": "",
            "attrs-25.1.dist-info/METADATA": "",
            "my-tool/x.py": "",
        },
    )
    assert installed_modules(tmp_path, {}) == frozenset({"numpy", "six", "_fast", "attrs"})


def test_an_environment_elsewhere(tmp_path: Path) -> None:
    assert installed_modules(tmp_path / "project", {}) is None
    write(tmp_path / "away" / "lib" / "python3.11" / "site-packages", {"six.py": ""})
    away = {"VIRTUAL_ENV": str(tmp_path / "away")}
    assert installed_modules(tmp_path / "project", away) == frozenset({"six"})
    assert installed_modules(tmp_path / "project", {"VIRTUAL_ENV": str(tmp_path / "no")}) is None
