"""A worker that is lost: said once, started again from a file that is checked again."""

import hashlib
import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from lintseq.errors import EngineError
from lintseq.format import Special
from lintseq.infer import engine as engine_module
from lintseq.infer.engine import Engine, Request, start_engine
from lintseq.infer.process import end_workers
from tests.infer.test_engine_process import wait_until_gone, workers_of
from tests.infer.tiny_model import TinyModel, write_tiny_model

PROMPT = ("\n", Special.DIFF)
pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = write_tiny_model(tmp_path / "tiny.gguf")
    manifest = {
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "size_bytes": path.stat().st_size,
        "format_version": 1,
        "quantization": "F32",
        "linter": "pyflakes",
        "calibration": {},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    return path


def kill(model: Path) -> None:
    (worker,) = workers_of(os.getpid(), model)
    os.kill(worker, signal.SIGKILL)
    assert wait_until_gone(worker)
    # Its reader notices a moment later.
    time.sleep(0.3)


def wait_for(told: list[str], count: int) -> None:
    deadline = time.monotonic() + 10
    while len(told) < count and time.monotonic() < deadline:
        time.sleep(0.02)


def answers(engine: Engine) -> bool:
    return bool(engine.generate(Request(PROMPT)).candidates)


def test_a_loss_is_told_once_and_again_when_it_worked_in_between(model: Path) -> None:
    told: list[str] = []
    engine = start_engine(model, threads=1, on_lost=told.append)
    try:
        for count in (1, 2):
            kill(model)
            wait_for(told, count)
            assert len(told) == count
            assert "exit code -9" in told[-1]
            assert answers(engine)
        kill(model)
        wait_for(told, 3)
        assert engine.count(PROMPT) == 2
        # It has answered nothing since.
        kill(model)
        time.sleep(0.3)
        assert len(told) == 3
    finally:
        engine.close()


def test_an_end_that_is_wanted_is_told_to_nobody(model: Path) -> None:
    told: list[str] = []
    start_engine(model, threads=1, on_lost=told.append).close()
    time.sleep(0.2)
    assert told == []


def test_a_worker_that_hangs_is_given_up_and_told(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "_GRACE_S", 0.5)
    told: list[str] = []
    engine = start_engine(model, threads=1, on_lost=told.append)
    try:
        (worker,) = workers_of(os.getpid(), model)
        os.kill(worker, signal.SIGSTOP)
        with pytest.raises(EngineError, match="hangs"):
            engine.generate(Request(PROMPT, budget_ms=100))
        assert len(told) == 1
        assert wait_until_gone(worker)
        monkeypatch.undo()
        assert answers(engine)
    finally:
        engine.close()


@pytest.mark.parametrize("at", [0.3, 0.9])
def test_flipped_bytes_are_refused_at_the_start_and_when_it_starts_again(
    model: Path, at: float
) -> None:
    sound = model.read_bytes()
    engine = start_engine(model, threads=1)
    try:
        data = bytearray(sound)
        data[int(at * len(data))] ^= 0xFF
        model.write_bytes(data)
        with pytest.raises(EngineError, match="damaged"):
            start_engine(model, threads=1)
        # What is loaded stays as it was.
        assert answers(engine)
        kill(model)
        with pytest.raises(EngineError, match="damaged"):
            engine.generate(Request(PROMPT))
        model.write_bytes(sound)
        assert answers(engine)
    finally:
        engine.close()


def test_a_file_that_no_manifest_describes_is_taken(model: Path) -> None:
    other = write_tiny_model(model.with_name("other.gguf"))
    engine = start_engine(other, threads=1)
    try:
        assert answers(engine)
        write_tiny_model(other.with_name("new"), TinyModel(layers=3)).replace(other)
        kill(other)
        assert answers(engine)
        assert engine.model.parameters > 0
        assert engine.model.size_bytes == other.stat().st_size
    finally:
        engine.close()


def test_a_model_that_fails_again_and_again_is_not_started_for_every_request(model: Path) -> None:
    engine = start_engine(model, threads=1)
    try:
        model.unlink()
        kill(model)
        reasons = []
        for _ in range(5):
            with pytest.raises(EngineError) as caught:
                engine.generate(Request(PROMPT))
            reasons.append(str(caught.value))
        assert "No such file" in reasons[0]
        assert "pause" in reasons[-1]
    finally:
        engine.close()


def test_a_worker_that_is_still_loading_can_be_ended(model: Path) -> None:
    # Started, and stopped before it can say that it is ready.
    failed: list[Exception] = []

    def start() -> None:
        try:
            start_engine(model, threads=1)
        except EngineError as error:
            failed.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    deadline = time.monotonic() + 10
    while not (found := workers_of(os.getpid(), model)):
        assert time.monotonic() < deadline
        time.sleep(0.005)
    os.kill(found[0], signal.SIGSTOP)
    end_workers()
    thread.join(10)
    assert not thread.is_alive()
    assert wait_until_gone(found[0])
