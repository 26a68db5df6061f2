"""What lies about from another run does no harm."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lintseq.__main__ import main
from lintseq.dataset.lock import only_run
from lintseq.dataset.processes import Batch, work_locally
from lintseq.dataset.records import Record
from lintseq.dataset.work import WorkOptions

SLOW = "x = 0\n" + "".join(f"def f{n}():\n    return x\n" for n in range(4_000))


@pytest.fixture
def given(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps({"program": f"x = {n}\n"}) + "\n" for n in range(300)))
    return path


def generate(given: Path, output: Path, *options: str) -> int:
    return main(["generate", str(given), str(output), *options])


def test_a_folder_left_behind_goes(given: Path, tmp_path: Path) -> None:
    output, folder = tmp_path / "out.jsonl", tmp_path / "out.jsonl.partial"
    assert generate(given, output) == 0
    folder.mkdir()
    (folder / "00000000.count").write_text("{}")
    assert generate(given, output) == 0
    assert not folder.exists()


def test_what_was_removed_is_made_again(given: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    assert generate(given, output) == 0
    made = output.read_bytes()
    output.unlink()
    assert generate(given, output) == 0
    assert output.read_bytes() == made


def start(given: Path, output: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-P", "-m", "lintseq", "generate", str(given), str(output)]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)


def test_the_same_command_twice_at_once_breaks_nothing(given: Path, tmp_path: Path) -> None:
    whole, output = tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    assert generate(given, whole) == 0
    runs = [start(given, output) for _ in range(3)]
    assert 0 in [run.wait(120) for run in runs]
    assert generate(given, output) == 0
    assert output.read_bytes() == whole.read_bytes()


def children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="reads /proc")
def test_processes_end_when_this_one_is_killed(tmp_path: Path) -> None:
    given = tmp_path / "in.jsonl"
    given.write_text(json.dumps({"program": SLOW}) + "\n")
    run = start(given, tmp_path / "out.jsonl")
    started: list[int] = []
    until = time.monotonic() + 60
    while len(started) < 2 and time.monotonic() < until:
        # The process that works, and multiprocessing's own.
        started = children(run.pid)
        time.sleep(0.05)
    time.sleep(0.5)
    run.kill()
    run.wait()
    until = time.monotonic() + 20
    while any(map(is_running, started)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(is_running, started))


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="reads /proc")
def test_a_process_killed_from_outside_costs_no_record() -> None:
    records = tuple(Record(n, str(n), "", f"x = {n}\n") for n in range(200))
    before = set(children(os.getpid()))
    batches = [Batch(0, records[:1]), Batch(1, records[1:])]
    done = work_locally(batches, WorkOptions(), 1)
    first = next(done)
    for pid in set(children(os.getpid())) - before:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        if b"spawn_main" in command:
            os.kill(pid, signal.SIGKILL)
    made = [*first.made, *next(done).made]
    assert [each.index for each in made] == [*range(200)]
    assert not any(each.reject for each in made)


def test_a_second_run_is_refused(
    given: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out.jsonl"
    (tmp_path / "out.jsonl.partial").mkdir()
    with only_run(tmp_path / "out.jsonl.partial" / "lock"):
        assert generate(given, output) == 1
    assert "another run" in capsys.readouterr().err
    assert not output.exists()
    assert generate(given, output) == 0
