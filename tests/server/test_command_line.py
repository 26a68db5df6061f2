import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from server.__main__ import main
from server.complete import Place, place_of
from tests.server.editor import REPOSITORY


def run(*arguments: str, model: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "LINTSEQ_MODEL": str(model)}
    return subprocess.run(
        [sys.executable, "-P", "-m", "server", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        check=False,
    )


def test_complete_writes_one_json_object(tiny_model: Path, tmp_path: Path) -> None:
    file = tmp_path / "example.py"
    file.write_text("def area(r):\n    return r *\n")
    ended = run("complete", f"{file}:2:14", "--json", model=tiny_model)
    assert ended.returncode == 0, ended.stderr
    answer = json.loads(ended.stdout)
    assert set(answer) == {"proposals", "silent", "ms"}
    assert bool(answer["proposals"]) != bool(answer["silent"])
    assert set(answer["ms"]) == {"load", "answer"}
    for proposal in answer["proposals"]:
        assert set(proposal) == {"text", "edits", "confidence", "steps"}


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("missing.py:1:0", "missing.py"),
        ("example.py", "wanted FILE:LINE:COL"),
        ("example.py:0:0", "LINE from 1"),
        ("example.py:9:0", "outside the text"),
        ("latin.py:1:0", "latin"),
    ],
)
def test_complete_names_what_is_wrong(
    place: str, message: str, tiny_model: Path, tmp_path: Path
) -> None:
    (tmp_path / "example.py").write_text("x = 1\n")
    (tmp_path / "latin.py").write_text("# coding: latin-77\n")
    ended = run("complete", f"{tmp_path}/{place}", model=tiny_model)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert message in ended.stderr


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("a.py:1:0", Place(Path("a.py"), 0, 0)),
        ("C:\\a.py:3:14", Place(Path("C:\\a.py"), 2, 14)),
        ("a:b.py:3:14", Place(Path("a:b.py"), 2, 14)),
    ],
)
def test_places(argument: str, expected: Place) -> None:
    assert place_of(argument) == expected


def test_doctor_reports_model_engine_and_speed(tiny_model: Path) -> None:
    ended = run("doctor", model=tiny_model)
    for name in ("python", "model", "engine", "speed", "settings", "editor", "threads", "memory"):
        assert f"  {name} " in ended.stdout
    assert "format 1, linter pyflakes" in ended.stdout


def test_doctor_says_what_to_do_without_a_model(tmp_path: Path) -> None:
    ended = run("doctor", model=tmp_path / "missing.gguf")
    assert ended.returncode == 1
    assert "missing.gguf" in ended.stdout
    assert "name a file that exists" in ended.stdout


def test_doctor_knows_a_folder_from_a_model(tmp_path: Path) -> None:
    ended = run("doctor", model=tmp_path)
    assert ended.returncode == 1
    assert f"{tmp_path} is not a file" in ended.stdout


@pytest.mark.parametrize("command", ["doctor", "complete"])
@pytest.mark.parametrize("threads", ["0", "-1", "many"])
def test_a_wrong_number_of_threads_is_a_wrong_use(
    command: str, threads: str, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["x.py:1:0"] if command == "complete" else []
    with pytest.raises(SystemExit) as caught:
        main([command, *place, f"--threads={threads}"])
    assert caught.value.code == 2
    assert f"wanted a whole number from 1, got '{threads}'" in capsys.readouterr().err


def test_doctor_knows_a_file_that_is_no_model(tmp_path: Path) -> None:
    file = tmp_path / "text.gguf"
    file.write_text("not a model, whatever its name says")
    ended = run("doctor", model=file)
    assert ended.returncode == 1
    assert "is not a GGUF" in ended.stdout
