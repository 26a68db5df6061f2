"""The worker's life: bad files, crashes, and the death of its parent."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from lintseq.errors import EngineError
from lintseq.format import Special, header
from lintseq.infer.engine import Request, start_engine
from lintseq.infer.process import WorkerProcess
from tests.infer.tiny_model import TinyModel, write_tiny_model

PROMPT = ("\n", Special.DIFF)
needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.gguf")


def workers_of(parent: int, model: Path) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == parent and bytes(model) in command and fields[0] != "Z":
            found.append(int(folder.name))
    return found


def wait_until_gone(pid: int, seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def check_refused(path: Path, words: str) -> None:
    before = set(workers_of(os.getpid(), path))
    with pytest.raises(EngineError, match=words):
        start_engine(path, threads=1)
    assert set(workers_of(os.getpid(), path)) == before


def test_missing_file(tmp_path: Path) -> None:
    check_refused(tmp_path / "none.gguf", "No such file")


def test_folder(tmp_path: Path) -> None:
    check_refused(tmp_path, "directory")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"hello, world, this is no model", "not a GGUF"),
        (b"GGUF\3\0\0\0", "not a GGUF"),
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        (b"GGUF\3\0\0\0" + b"\xff" * 100, "cannot load"),
    ],
)
def test_bad_file(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "bad.gguf"
    path.write_bytes(content)
    check_refused(path, words)


def test_truncated_file(model: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.gguf"
    path.write_bytes(model.read_bytes()[:-1000])
    check_refused(path, "cannot load")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (TinyModel(format_version=2), "format version 2, this program needs 1"),
        (TinyModel(format_version=None), "no LintSeq model"),
        (TinyModel(has_diff=False), "no control token"),
    ],
)
def test_foreign_model(tmp_path: Path, kind: TinyModel, words: str) -> None:
    check_refused(write_tiny_model(tmp_path / "foreign.gguf", kind), words)


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_a_worker_that_writes_no_messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "worker"
    program.write_text("#!/bin/sh\nprintf '\\0\\0\\0\\002no'\nexec sleep 100\n", "ascii")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    started = time.monotonic()
    with pytest.raises(EngineError, match="process ended"):
        WorkerProcess([], print)
    assert time.monotonic() - started < 20


@needs_proc
def test_killed_worker_is_an_error_once(model: Path) -> None:
    engine = start_engine(model, threads=1)
    try:
        engine.generate(Request(PROMPT))
        before = workers_of(os.getpid(), model)
        os.kill(before[-1], signal.SIGKILL)
        assert wait_until_gone(before[-1])
        time.sleep(0.1)
        assert engine.generate(Request(PROMPT)).candidates
        assert workers_of(os.getpid(), model) != before
    finally:
        engine.close()


@needs_proc
def test_worker_killed_in_a_request(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path / "slow.gguf", TinyModel(layers=16, context=8192))
    engine = start_engine(model, threads=1)
    body = "".join(f"+name_{number} = {number}\n" for number in range(600))
    prompt = ("\n", Special.DIFF, f"{header(0, 1, 600)}{body}", Special.DIFF)
    (worker,) = workers_of(os.getpid(), model)
    threading.Timer(0.3, os.kill, [worker, signal.SIGKILL]).start()
    try:
        with pytest.raises(EngineError, match=r"process ended \(exit code -9\)"):
            engine.generate(Request(prompt, budget_ms=60_000))
        assert engine.generate(Request(PROMPT)).candidates
    finally:
        engine.close()


@needs_proc
def test_interrupt_is_not_for_the_worker(model: Path) -> None:
    engine = start_engine(model, threads=1)
    try:
        (worker,) = workers_of(os.getpid(), model)
        os.kill(worker, signal.SIGINT)
        assert engine.generate(Request(PROMPT)).candidates
        assert workers_of(os.getpid(), model) == [worker]
    finally:
        engine.close()


@needs_proc
def test_close_ends_the_worker(model: Path) -> None:
    engine = start_engine(model, threads=1)
    (worker,) = workers_of(os.getpid(), model)
    engine.close()
    engine.close()
    assert wait_until_gone(worker)
    with pytest.raises(EngineError, match="closed"):
        engine.generate(Request(PROMPT))
    with pytest.raises(EngineError, match="closed"):
        engine.count(PROMPT)


@needs_proc
def test_forgotten_engine_ends_its_worker(model: Path) -> None:
    engine = start_engine(model, threads=1)
    (worker,) = workers_of(os.getpid(), model)
    assert engine.count(PROMPT) == 2
    del engine
    assert wait_until_gone(worker)


@needs_proc
@pytest.mark.parametrize("end", ["os.kill(os.getpid(), 9)", "sys.exit()", "os._exit(1)"])
def test_worker_ends_with_its_parent(model: Path, end: str) -> None:
    # Started by a thread that ends: the worker must outlive that thread, not the process.
    program = f"""
import os, sys, threading
from pathlib import Path
from lintseq.infer.engine import start_engine
engines = []
starter = threading.Thread(target=lambda: engines.append(start_engine(Path({str(model)!r}))))
starter.start()
starter.join()
print(os.getpid(), engines[0].count(("x",)), flush=True)
sys.stdin.readline()
{end}
"""
    parent = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    with parent:
        assert parent.stdout is not None
        assert parent.stderr is not None
        assert parent.stdout.readline().split() == [str(parent.pid).encode(), b"1"]
        (worker,) = workers_of(parent.pid, model)
        parent.communicate(b"\n")
    assert wait_until_gone(worker)


def test_stdout_of_the_parent_stays_empty(model: Path, capfd: pytest.CaptureFixture[str]) -> None:
    engine = start_engine(model, threads=1)
    engine.generate(Request(PROMPT))
    engine.close()
    assert capfd.readouterr() == ("", "")
