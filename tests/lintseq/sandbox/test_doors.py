"""Programs that reach for files and for the system: every door is closed."""

import os
import platform
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.lintseq.sandbox.jails import ALONE, OFFERED, QUICK, SHARED, STRONG, run

CALL = (
    "import ctypes, os\nlibrary = ctypes.CDLL(None, use_errno=True)\n"
    "if library.{}: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))"
)


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
