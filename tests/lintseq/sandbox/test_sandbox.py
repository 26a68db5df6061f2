"""The sandbox against programs that mean it ill; afterwards the machine is as before."""

import os
import platform
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

import lintseq.sandbox.run as sandbox_run
from lintseq.sandbox.choose import NAMES, open_sandbox, why_not
from lintseq.sandbox.run import JailSandbox, Limits, SandboxError
from tests.lintseq.sandbox.jails import ALONE, OFFERED, QUICK, SHARED, STRONG, jailed, run

CALL = (
    "import ctypes, os\nlibrary = ctypes.CDLL(None, use_errno=True)\n"
    "if library.{}: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))"
)


DAEMON = "import os, time\nif not os.fork(): os.setsid(); os.fork()\ntime.sleep(50)"


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
        (
            "import threading; t = threading.Thread(target=print, args='t'); t.start(); t.join()",
            "passed",
            0,
            "t\n",
        ),
        ("import json, random, re, ssl, sqlite3, asyncio, decimal; print(1)", "passed", 0, "1\n"),
        ("import lintseq", "failed", 1, "No module named 'lintseq'\n"),
        ("import os; print(sorted({*os.environ} - {'LC_CTYPE'}))", "passed", 0, "[]\n"),
        ("import os; os.close(1); os.close(2)", "passed", 0, ""),
        ("import sys; sys.exit()\n1/0", "failed", 0, ""),
        ("import os; os._exit(0)", "failed", 0, ""),
        ("import os\nif os.fork(): os._exit(0)", "failed", 0, ""),
        (
            "import os\nfor n in range(3, 64):\n  try: os.write(n, b'1' * 16)\n"
            "  except OSError: pass\nos._exit(0)",
            "failed",
            0,
            "",
        ),
        ("x = 5\nimport __main__; print(__main__.x)", "passed", 0, "5\n"),
        (
            "import sys; print({*sys.modules} & {'start', 'hold', 'system', 'refused'})",
            "passed",
            0,
            "set()\n",
        ),
        ("import os; print(os.listdir())", "passed", 0, "[]\n"),
        ("import sys; print(sys._getframe(1).f_code.co_name); 1/0", "failed", 1, "Traceback"),
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


@pytest.mark.parametrize("isolation", ALONE)
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
    # The attempt on the whole of Python's library takes its time.
    outcome = run(attack, isolation, replace(QUICK, cpu_s=20))
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
        CALL.format("shmget(0, 1 << 20, 0o1600) < 0"),
        CALL.format(
            "syscall(56 if os.uname().machine == 'x86_64' else 220, 0x10000011, 0, 0, 0) < 0"
        ),
        CALL.format("syscall(319 if os.uname().machine == 'x86_64' else 279, b'x', 0) < 0"),
        "import fcntl; fcntl.ioctl(0, 0x5412, b'x')",
        "import os; os.setuid(0) if os.getuid() else os.chroot('/'); os.chown('/', 0, 0)",
    ],
)
def test_doors_are_closed(attack: str, isolation: str) -> None:
    outcome = run(attack, isolation)
    assert outcome.status == "failed", outcome
    # A user of a namespace knows no other user.
    assert any(word in outcome.output for word in ("Permi", "not permitted", "Invalid argument"))


@pytest.mark.skipif(platform.machine() != "x86_64", reason="of x86-64 only")
@pytest.mark.parametrize("isolation", OFFERED)
def test_the_filter_has_no_back_door(isolation: str) -> None:
    """The calls of 32-bit programs have numbers of their own."""
    attack = """
import ctypes, mmap
code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(bytes.fromhex("b814000000cd80c3"))  # mov eax, 20 (getpid); int 0x80; ret
address = ctypes.addressof(ctypes.c_char.from_buffer(code))
print(ctypes.CFUNCTYPE(ctypes.c_int)(address)())
"""
    outcome = run(attack, isolation)
    assert (outcome.status, outcome.exit_code) == ("killed", -signal.SIGSYS), outcome
    x32 = "import ctypes, os\nprint(ctypes.CDLL(None).syscall(0x40000000 + 39))"
    assert run(x32, isolation).output == "-1\n"


@pytest.mark.parametrize("isolation", OFFERED)
def test_nothing_is_inherited_but_output_and_the_way_out(isolation: str) -> None:
    attack = """
import os, stat
for number in range(1024):
    try:
        mode = os.fstat(number).st_mode
    except OSError:
        continue
    print(number, stat.S_ISFIFO(mode))
try:
    os.read(63, 1)
except OSError:
    print("not readable")
"""
    output = run(attack, isolation).output
    assert output == "0 False\n1 True\n2 True\n63 True\nnot readable\n"


@pytest.mark.parametrize("isolation", SHARED)
@pytest.mark.parametrize(
    "attack",
    [
        "import os; os.kill({pid}, 0)",
        "import os; os.kill(-1, 0)",
        CALL.format("tgkill({pid}, {pid}, 9)"),
        CALL.format("syscall(200 if os.uname().machine == 'x86_64' else 130, {pid}, 9)"),
        "import resource; resource.prlimit({pid}, resource.RLIMIT_CPU, (1, 1))",
        "import os; os.setpriority(os.PRIO_PROCESS, {pid}, 19)",
        "import os; os.sched_setaffinity({pid}, [0])",
        "import os; os.pidfd_open({pid})",
        "import fcntl, os; fcntl.fcntl(os.pipe()[0], fcntl.F_SETOWN, {pid})",
        "import os; os.chmod({folder!r}, 0o777)",
        "import os; os.utime({folder!r})",
        "import os; os.truncate({folder!r} + '/x', 0)",
        # What becomes of a file, though its content stays: flags, and a lease that others wait for.
        "import fcntl, os; fcntl.ioctl(os.open('.', os.O_RDONLY), 0x40086602, bytes(8))",
        "import fcntl, os; fcntl.ioctl(os.open('.', os.O_RDONLY), 0x401C5820, bytes(28))",
        "import fcntl, os; fcntl.fcntl(os.open(os.__file__, os.O_RDONLY), fcntl.F_SETLEASE, 0)",
        # Landlock does not see who watches a folder that cannot be read.
        CALL.format("inotify_init1(0) < 0"),
    ],
)
def test_shared_doors_are_closed(attack: str, isolation: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        outcome = run(attack.format(pid=bystander.pid, folder=str(tmp_path)), isolation)
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()
    assert outcome.status == "failed", outcome
    assert "Permi" in outcome.output or "not permitted" in outcome.output


@pytest.mark.parametrize("isolation", [name for name in OFFERED if name == "landlock"])
def test_files_are_closed_by_landlock(isolation: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    attack = f"""
import os, shutil
for path in ({str(secret)!r}, "/etc/passwd", "/proc/1/environ", "/proc/self/environ",
             "/proc/self/mem", "/proc/{os.getpid()}/environ", "/dev/tty", "/dev/shm/lintseq-x"):
    for mode in ("rb", "ab", "wb"):
        try:
            open(path, mode)
        except OSError:
            continue
        raise SystemExit(path)
for folder in ({str(tmp_path)!r}, "/", "/home", "/proc"):
    try:
        os.listdir(folder)
    except OSError:
        continue
    raise SystemExit(folder)
shutil.rmtree({str(tmp_path)!r}, ignore_errors=True)
try:
    os.rename({str(secret)!r}, {str(secret)!r} + "2")
except OSError:
    print("closed")
"""
    outcome = run(attack, isolation)
    assert (outcome.status, outcome.output) == ("passed", "closed\n"), outcome
    assert secret.read_text() == "s3cret"


@pytest.mark.parametrize("isolation", [name for name in OFFERED if name == "limits"])
@pytest.mark.parametrize(
    "attack",
    [
        "import os; os.symlink({folder!r}, 'link'); os.symlink({folder!r} + '/x', 'file')",
        "import os; os.makedirs('a/b'); os.mkdir('a/c', 0)",
        "for n in range(1000): open(str(n), 'w').write('x')",
        "import os\nfor n in range(200): os.mkdir('d'); os.chdir('d')",
    ],
)
def test_the_folder_is_removed_and_nothing_else(
    attack: str, isolation: str, tmp_path: Path
) -> None:
    (tmp_path / "x").write_text("x")
    outcome = run(attack.format(folder=str(tmp_path)), isolation)
    assert outcome.status == "passed", outcome
    assert (tmp_path / "x").read_text() == "x"


@pytest.mark.parametrize("isolation", OFFERED)
def test_verdicts_are_not_told_by_the_program_when_many_files_are_open(isolation: str) -> None:
    files = [os.dup(0) for _ in range(300)]
    try:
        attack = "import os\nfor n in range(3, 1000):\n  try: os.write(n, b'exit 0 1')\n"
        outcome = run(attack + "  except OSError: pass\nos._exit(0)", isolation)
    finally:
        for file in files:
            os.close(file)
    assert (outcome.status, outcome.exit_code) == ("failed", 0)


@pytest.mark.parametrize("isolation", OFFERED)
def test_the_same_twice(isolation: str) -> None:
    program = "print({str(n) for n in range(20)}, hash('x'))"
    assert run(program, isolation).output == run(program, isolation).output


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


@pytest.mark.parametrize("isolation", ALONE)
def test_a_library_below_the_temporary_folder_is_shown(
    isolation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101
        Path(folder, "neighbour.py").write_text("number = 5")
        shown = f"sys.path.append({folder!r}); import start"
        start = sandbox_run._START.replace("import start", shown)
        monkeypatch.setattr(sandbox_run, "_START", start)
        outcome = run("import os, neighbour; print(neighbour.number, os.getcwd())", isolation)
    assert (outcome.status, outcome.output) == ("passed", "5 /tmp\n"), outcome


def test_unknown_sandboxes_and_limits_are_refused() -> None:
    with pytest.raises(SandboxError, match="user namespaces"):
        open_sandbox(isolation="magic")
    with pytest.raises(ValueError, match="greater than 0"):
        Limits(wall_s=0)
