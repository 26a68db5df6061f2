"""Programs that take too much, stay too long, or reach for other processes."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lintseq.sandbox.run import JailSandbox, Limits
from tests.lintseq.sandbox.jails import ALONE, OFFERED, jailed, run

DAEMON = "import os, time\nif not os.fork(): os.setsid(); os.fork()\ntime.sleep(50)"


@pytest.mark.parametrize("isolation", OFFERED)
@pytest.mark.parametrize(
    ("program", "status"),
    [
        ("while True: pass", "timeout"),
        (
            "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass",
            "timeout",
        ),
        ("x = 'a' * (100 << 30)", "memory"),
        ("x = []\nwhile True: x.append('a' * 1_000_000)", "memory"),
        ("while True: print('x' * 1000)", "output"),
        ("import os\nos.write(2, b'x' * 10_000_000)", "output"),
    ],
)
def test_what_takes_too_much_is_ended(program: str, status: str, isolation: str) -> None:
    outcome = run(program, isolation)
    assert outcome.status == status, outcome


@pytest.mark.parametrize("isolation", OFFERED)
def test_what_waits_too_long_is_ended(isolation: str) -> None:
    outcome = run("import time; time.sleep(100)", isolation, Limits(wall_s=0.5))
    assert outcome.status == "timeout"
    outcome = run(
        "import os, time\nos.close(1)\nos.close(2)\ntime.sleep(100)", isolation, Limits(wall_s=0.5)
    )
    assert outcome.status == "timeout"


@pytest.mark.parametrize("isolation", OFFERED)
def test_other_processes_are_out_of_reach(isolation: str) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        attack = f"""
import os, signal
for pid in ({os.getpid()}, {bystander.pid}, os.getppid(), 1, -1, -os.getpgid(0), 0):
    for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM):
        if pid:
            try:
                os.kill(pid, number)
            except OSError:
                pass
print("alive")
"""
        outcome = run(attack, isolation)
        assert outcome.status in {"passed", "killed"}
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


@pytest.mark.parametrize("isolation", OFFERED)
@pytest.mark.parametrize(
    "bomb",
    [
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
        "from threading import Thread\nfrom time import sleep\n"
        "while True: Thread(target=sleep, args=[60]).start()",
        "import os\nwhile True:\n    if os.fork(): os._exit(0)",
    ],
)
def test_a_fork_bomb_fizzles_out(bomb: str, isolation: str) -> None:
    peak = 0
    over = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(0.05):
            peak = max(peak, len(jailed()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    outcome = run(bomb, isolation, Limits(cpu_s=2, wall_s=2, processes=8))
    over.set()
    watcher.join()
    assert outcome.status != "passed" or "os._exit(0)" in bomb
    # Where a plain user's other processes count too, those of other tests make room.
    assert peak <= (16 if isolation in ALONE or os.getuid() == 0 else 64)


@pytest.mark.parametrize("isolation", OFFERED)
def test_a_daemon_does_not_stay(isolation: str) -> None:
    outcome = run(
        """
import os, time
if not os.fork():
    os.setsid()
    if not os.fork():
        while True:
            time.sleep(1)
    os._exit(0)
os.wait()
print("left one behind")
""",
        isolation,
    )
    assert (outcome.status, outcome.output) == ("passed", "left one behind\n")


@pytest.mark.parametrize("isolation", OFFERED)
def test_many_at_once_do_not_disturb_each_other(isolation: str) -> None:
    sandbox = JailSandbox(isolation, Limits(wall_s=60, processes=4))
    programs = [
        f"try: open('x', 'x').write('{n}')\nexcept PermissionError: pass\nprint({n})"
        for n in range(24)
    ]
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(sandbox.run, programs))
    assert [outcome.output for outcome in outcomes] == [f"{n}\n" for n in range(24)]


@pytest.mark.parametrize("isolation", OFFERED)
def test_it_ends_with_its_parent(isolation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(__file__).parents[3]
    code = (
        "from lintseq.sandbox.run import JailSandbox, Limits\n"
        f"JailSandbox({isolation!r}, Limits(wall_s=60)).run({DAEMON!r})"
    )
    # Its folder stays: nobody is there to remove it.
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        parent = subprocess.Popen(
            [sys.executable, "-c", code], cwd=root, env=os.environ | {"TMPDIR": folder}
        )
        while len(jailed()) < 5 and parent.poll() is None:
            time.sleep(0.02)
        parent.kill()
        parent.wait()
        deadline = time.monotonic() + 20
        while jailed() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not jailed()
