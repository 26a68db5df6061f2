"""The demo as `make demo` starts it, with a real server and a model that talks noise."""

import io
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from rich.console import Console

from server.demo.client import Ghost
from server.demo.places import Cursor, file_places, fixed_cursors, sample_places
from server.demo.show import is_equal, show_answer, show_cursor
from tests.server.editor import REPOSITORY

TINY = 'def area(r):\n    """Return the area."""\n\n\nprint(area(2))\n'


def run(*arguments: str, model: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "COLUMNS": "100"}
    environment |= {"LINTSEQ_MODEL": str(model)} if model else {}
    return subprocess.run(
        [sys.executable, "-P", "-m", "server", "demo", *arguments],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        timeout=240,
        check=False,
    )


def test_a_file_of_the_user_with_a_picture(tiny_model: Path, tmp_path: Path) -> None:
    # What is markup in rich is part of a name here.
    file, picture = tmp_path / "a[b] [].py", tmp_path / "picture.svg"
    file.write_text(TINY)
    ended = run(str(file), "--picture", str(picture), model=tiny_model)
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    assert "LintSeq with the model tiny, offline, over stdio" in ended.stdout
    assert f"Ghost text in {file.name}" in ended.stdout
    assert "Implement the function in line 1" in ended.stdout
    assert "Next edit" in ended.stdout
    assert "Fifty" not in ended.stdout
    assert "\x1b" not in ended.stdout
    assert ended.stdout.count("silent: ") + ended.stdout.count("lints clean") >= 3
    assert ElementTree.parse(picture).getroot().tag.endswith("svg")
    assert sorted(tmp_path.iterdir()) == sorted([file, picture])


def test_its_own_sample_and_the_fifty_cursors(tiny_model: Path) -> None:
    ended = run(model=tiny_model)
    assert ended.returncode == 0, ended.stderr
    for cursor in sample_places().cursors:
        assert f"orders.py:{cursor.line + 1} " in ended.stdout
    assert "Implement the function in line 42" in ended.stdout
    assert "of 50, " in ended.stdout
    assert "\x1b" not in ended.stdout


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("missing.py", None, "No such file or directory"),
        ("latin.py", b'x = "\xe9"\n', "encoding"),
        ("cookie.py", b"# coding: nothing\n", "encoding"),
    ],
)
def test_a_file_that_cannot_be_read(
    name: str, data: bytes | None, message: str, tmp_path: Path
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    ended = run(str(tmp_path / name))
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith(f"cannot read {tmp_path / name}: ")
    assert message in ended.stderr
    assert "Traceback" not in ended.stderr


def test_without_a_model_it_says_so(tmp_path: Path) -> None:
    missing = tmp_path / "missing.gguf"
    ended = run(model=missing)
    assert ended.returncode == 1
    assert ended.stderr == f"cannot read the model {missing}: No such file or directory\n"


def test_the_sample_without_a_mark_is_the_sample() -> None:
    places = sample_places()
    assert len(places.cursors) > 5
    assert len(places.stubs) == 2
    compile(places.text, "orders.py", "exec")
    for cursor in places.cursors:
        check_written(cursor, places.text)


def test_the_places_in_a_file_are_the_same_every_time() -> None:
    path = Path("tiny.py")
    places = file_places(path, TINY)
    assert places == file_places(path, TINY)
    assert places.stubs == (0,)
    assert places.cursors
    for cursor in places.cursors:
        check_written(cursor, TINY)


@pytest.mark.parametrize(
    "text", ["", "\n", "x = (\n", "def f(:\n", '"""', "x\r\ny = 1\r\n", "\f\r"]
)
def test_places_in_any_text(text: str) -> None:
    for cursor in file_places(Path("any.py"), text).cursors:
        check_written(cursor, text)


def test_the_fixed_cursors_are_in_the_installed_files() -> None:
    # Raises where a file is not the one that the hash in cursors.json was made from.
    cursors = list(fixed_cursors())
    assert len(cursors) == 50
    assert len({cursor.file for cursor in cursors}) == 5
    for cursor in cursors:
        assert cursor.written.strip()
        check_written(cursor, cursor.path.read_bytes().decode())


def check_written(cursor: Cursor, text: str) -> None:
    """What is missing at the cursor makes the text whole."""
    lines = cursor.text.split("\n")
    line = lines[cursor.line]
    assert 0 <= cursor.character <= len(line)
    lines[cursor.line] = line[: cursor.character] + cursor.written + line[cursor.character :]
    assert "\n".join(lines) == text


def printed(show: object, *values: object) -> str:
    console = Console(file=io.StringIO(), width=100, highlight=False)
    assert callable(show)
    show(console, *values)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


CURSOR = Cursor(Path("a.py"), "a.py", "x = 1\nprint()\n", 1, 6, "x[0]")


def test_a_shown_text_stands_at_its_cursor() -> None:
    found = printed(show_cursor, CURSOR, Ghost("x[0]", "", 12.3))
    assert found.splitlines() == [
        "a.py:2  print(▏x[0])",
        "    lints clean  12 ms  the author wrote: x[0]  = equal",
    ]


def test_silence_is_shown_with_its_reason() -> None:
    found = printed(show_cursor, CURSOR, Ghost("", "undefined name 'y'", 12.3))
    assert "a.py:2  print(▏)\n    silent: undefined name 'y'  12 ms" in found
    assert "equal" not in found


def test_steps_are_shown_as_diffs() -> None:
    steps = [SimpleNamespace(diff=f"@@ -{n},0 +{n + 1} @@\n+x = {n}\n") for n in range(2)]
    found = printed(show_answer, SimpleNamespace(steps=steps, silent=None, ms=5.0))
    assert "step 1 of 2, lints clean" in found
    assert "+x = 1" in found
    nothing = SimpleNamespace(steps=[], silent="not sure", ms=5.0)
    assert printed(show_answer, nothing) == "      silent: not sure  (5 ms)\n"


@pytest.mark.parametrize(
    ("shown", "written", "equal"),
    [("x", "x", True), ("x ", "x", True), ("x", "x\r", True), ("", "", False), (" x", "x", False)],
)
def test_what_counts_as_equal(shown: str, written: str, equal: bool) -> None:
    cursor = Cursor(Path("a.py"), "a.py", "\n", 0, 0, written)
    assert is_equal(Ghost(shown, "", 1.0), cursor) is equal
