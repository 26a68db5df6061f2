"""The sandbox against programs that mean it ill; afterwards the machine is as before."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lintseq.sandbox.choose import NAMES, open_sandbox, why_not
from lintseq.sandbox.run import JailSandbox, Limits, Outcome, SandboxError

STRONG = [name for name in NAMES[:2] if not why_not(name)]
OFFERED = [name for name in NAMES if not why_not(name)]
QUICK = Limits(cpu_s=1, wall_s=20, file_bytes=1 << 20)


CALL = (
    "import ctypes, os\nlibrary = ctypes.CDLL(None, use_errno=True)\n"
    "if library.{}: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))"
)


def jailed() -> set[int]:
    """The processes of all sandboxes."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"sandbox/jail" in path.read_bytes():
                found.add(int(path.parent.name))
        except OSError:
            continue
    return found


@pytest.fixture(autouse=True)
def _machine_as_before() -> Iterator[None]:
    mounts = Path("/proc/self/mountinfo").read_text()
    files = os.listdir("/tmp")
    mine = jailed()
    yield
    # Those of other tests come and go meanwhile.
    left = jailed() - mine
    deadline = time.monotonic() + 20
    while left & jailed() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left & jailed()
    assert Path("/proc/self/mountinfo").read_text() == mounts
    assert not [name for name in os.listdir("/tmp") if name not in files and "jail" in name]


def run(program: str, isolation: str, limits: Limits = QUICK) -> Outcome:
    return JailSandbox(isolation, limits).run(program)


def test_there_is_a_sandbox() -> None:
    assert STRONG, {name: why_not(name) for name in NAMES}
    assert open_sandbox().isolation == STRONG[0]


@pytest.mark.parametrize("isolation", OFFERED)
@pytest.mark.parametrize(
    ("program", "status", "exit_code", "output"),
    [
        ("print('hi')", "passed", 0, "hi\n"),
        ("", "passed", 0, ""),
        ("import sys; sys.exit(3)", "failed", 3, ""),
        ("raise SystemExit('no')", "failed", 1, "no\n"),
        ("1/0", "failed", 1, "ZeroDivisionError: division by zero\n"),
        ("def f(:", "failed", 1, "SyntaxError: invalid syntax\n"),
        ("assert 1 == 2, 'é'", "failed", 1, "AssertionError: é\n"),
        ("import os; os.abort()", "killed", -signal.SIGABRT, ""),
        ("import sys; print(sys.stdin.read(), __name__, sys.argv)", "passed", 0, "program.py"),
        ("import threading; threading.Thread(target=print, args='t').start()", "passed", 0, "t\n"),
        ("import json, random, re, ssl, sqlite3, asyncio, decimal; print(1)", "passed", 0, "1\n"),
        ("import lintseq", "failed", 1, "No module named 'lintseq'\n"),
        ("import os; print(sorted({*os.environ} - {'LC_CTYPE'}))", "passed", 0, "[]\n"),
        ("import os; os.close(1); os.close(2)", "passed", 0, ""),
    ],
)
def test_verdicts(program: str, status: str, exit_code: int, output: str, isolation: str) -> None:
    outcome = run(program, isolation)
    assert (outcome.status, outcome.exit_code) == (status, exit_code), outcome
    assert output in outcome.output


@pytest.mark.parametrize("isolation", OFFERED)
@pytest.mark.parametrize(
    ("program", "status"),
    [
        ("while True: pass", "timeout"),
        (
            "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass",
            "killed",
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


@pytest.mark.parametrize("isolation", STRONG)
@pytest.mark.parametrize(
    "program",
    [
        "f = open('/tmp/x', 'wb')\nwhile True: f.write(b'a' * 100_000)",
        "import os\nos.posix_fallocate(os.open('x', os.O_RDWR | os.O_CREAT), 0, 1 << 40)",
        "for n in range(1 << 20): open(f'/tmp/{n}', 'w').write('x' * 4000)",
        "open('/x', 'w')",
        "open('/dev/x', 'w')",
        "import os; os.makedirs('/usr/lib/x')",
        "import os; open(os.__file__, 'a')",
    ],
)
def test_nothing_is_written_but_a_little(program: str, isolation: str) -> None:
    outcome = run(program, isolation)
    assert outcome.status == "failed", outcome
    assert "Error" in outcome.output


@pytest.mark.parametrize("isolation", STRONG)
def test_the_file_system_is_another(isolation: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    attack = f"""
import os, shutil
for path in ({str(secret)!r}, "/etc/passwd", "/proc/1/environ", "/proc/self/mem", "/home",
             {str(Path.home() / ".ssh")!r}, {str(Path(__file__))!r}, "/sys", "/var", "/run"):
    assert not os.path.exists(path), path
shutil.rmtree({str(tmp_path)!r}, ignore_errors=True)
shutil.rmtree("/", ignore_errors=True)
print(os.listdir("."))
"""
    outcome = run(attack, isolation)
    assert (outcome.status, outcome.output) == ("passed", "[]\n"), outcome
    assert secret.read_text() == "s3cret"


@pytest.mark.parametrize("isolation", OFFERED)
@pytest.mark.parametrize(
    "attack",
    [
        "import socket; socket.socket()",
        "import socket; socket.create_connection(('127.0.0.1', 80), 1)",
        "import socket; socket.socket(socket.AF_UNIX)",
        CALL.format("ptrace(16, os.getppid(), 0, 0)"),
        CALL.format("unshare(0x10000000)"),
        CALL.format("mount(b'none', b'/tmp', b'tmpfs', 0, None)"),
        "import os; os.setuid(0); os.chown('/', 0, 0)",
    ],
)
def test_doors_are_closed(attack: str, isolation: str) -> None:
    if isolation == "limits" and os.getuid() == 0 and "setuid" in attack:
        pytest.skip("root stays root where nothing else is asked for")
    outcome = run(attack, isolation)
    assert outcome.status == "failed", outcome
    assert "Permi" in outcome.output or "not permitted" in outcome.output


@pytest.mark.parametrize("isolation", STRONG)
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


@pytest.mark.parametrize("isolation", STRONG)
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
    assert peak <= 8 + 8


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


@pytest.mark.parametrize("isolation", STRONG)
def test_many_at_once_do_not_disturb_each_other(isolation: str) -> None:
    sandbox = JailSandbox(isolation, Limits(wall_s=60, processes=4))
    programs = [f"open('x', 'x').write('{n}')\nprint(open('x').read())" for n in range(24)]
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(sandbox.run, programs))
    assert [outcome.output for outcome in outcomes] == [f"{n}\n" for n in range(24)]


@pytest.mark.parametrize("isolation", STRONG[:1])
def test_it_ends_with_its_parent(isolation: str) -> None:
    root = Path(__file__).parents[3]
    code = (
        "from lintseq.sandbox.run import JailSandbox, Limits\n"
        f"JailSandbox({isolation!r}, Limits(wall_s=60)).run('import time; time.sleep(50)')"
    )
    mine = jailed()
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=root)
    while len(jailed() - mine) < 3 and parent.poll() is None:
        time.sleep(0.02)
    parent.kill()
    parent.wait()
    # `_machine_as_before` waits for its end.


def test_unknown_sandboxes_and_limits_are_refused() -> None:
    with pytest.raises(SandboxError, match="user namespaces"):
        open_sandbox(isolation="magic")
    with pytest.raises(ValueError, match="greater than 0"):
        Limits(wall_s=0)
