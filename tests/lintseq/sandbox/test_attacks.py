"""The ten attacks that a sandbox is asked about, each on every sandbox that promises to hold it."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lintseq.sandbox.jails import OFFERED, STRONG, jailed, run

# Started by root, the weakest sandbox too has a user of its own, who may touch nothing of others.
GUARDED = OFFERED if os.geteuid() == 0 else STRONG
SECRET = "s3cret-of-a-bystander"

MEMORY_OF_ANOTHER = """
import ctypes, os
place = ctypes.create_string_buffer({size})

def by_file():
    with open("/proc/{pid}/mem", "rb") as memory:
        memory.seek({address})
        place.raw = memory.read({size})

def by_call():
    class Span(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
    mine, theirs = Span(ctypes.addressof(place), {size}), Span({address}, {size})
    library = ctypes.CDLL(None, use_errno=True)
    if library.process_vm_readv({pid}, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

for read in by_file, by_call:
    try:
        read()
    except OSError:
        continue
    print("READ", place.raw)
print("nothing")
"""


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """Another process, with a secret in its environment."""
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    process = subprocess.Popen(command, env={"SECRET": SECRET})
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize("isolation", OFFERED)
def test_an_endless_loop(isolation: str) -> None:
    assert run("while True: pass", isolation).status == "timeout"


@pytest.mark.parametrize("isolation", OFFERED)
def test_a_fork_bomb(isolation: str) -> None:
    outcome = run("import os\nwhile True: os.fork()", isolation)
    assert outcome.status != "passed", outcome
    assert not jailed()


@pytest.mark.parametrize("isolation", OFFERED)
@pytest.mark.parametrize(
    "program",
    [
        "bytearray(100 << 30)",
        "import mmap; mmap.mmap(-1, 100 << 30)",
        "x = [b'x' * (1 << 20) for _ in range(100 << 10)]",
    ],
)
def test_a_hundred_gigabytes_of_memory(program: str, isolation: str) -> None:
    outcome = run(program, isolation)
    assert outcome.status in {"memory", "failed"}, outcome
    assert outcome.status == "memory" or "memory" in outcome.output


@pytest.mark.parametrize("isolation", OFFERED)
@pytest.mark.parametrize(
    "write",
    [
        "os.truncate(file, 1 << 40)",
        "os.pwrite(file, b'x', (1 << 40) - 1)",
        "os.posix_fallocate(file, 0, 1 << 40)",
        "[os.write(file, b'x' * (1 << 20)) for _ in range(1 << 20)]",
    ],
)
def test_a_terabyte_of_file(write: str, isolation: str, tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    outcome = run(
        f"import os\nfile = os.open('x', os.O_RDWR | os.O_CREAT, 0o600)\n{write}", isolation
    )
    assert outcome.status in {"failed", "killed"}, outcome
    assert free - shutil.disk_usage(tmp_path).free < 100 << 30


@pytest.mark.parametrize("isolation", GUARDED)
def test_deleting_the_home_directory(isolation: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "folder").mkdir(parents=True)
    (home / "folder" / "file").write_text("mine")
    attack = f"""
import os, shutil
for path in {str(home)!r}, {str(home / "folder")!r}, os.path.expanduser("~"), "/root", "/home":
    shutil.rmtree(path, ignore_errors=True)
    os.system("rm -rf " + path)
"""
    outcome = run(attack, isolation)
    assert outcome.status in {"passed", "failed"}, outcome
    assert (home / "folder" / "file").read_text() == "mine"


@pytest.mark.parametrize("isolation", OFFERED)
def test_killing_its_parent(isolation: str) -> None:
    attack = (
        "import os, signal\n"
        f"for process in (os.getppid(), {os.getpid()}):\n"
        "    try: os.kill(process, signal.SIGKILL)\n"
        "    except OSError as error: print(type(error).__name__)"
    )
    outcome = run(attack, isolation)
    # This process is alive to say so, and what held the program still told what came of it.
    assert outcome.status in {"passed", "killed"}, outcome


@pytest.mark.parametrize("isolation", OFFERED)
@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_PACKET"])
def test_opening_a_socket(family: str, isolation: str) -> None:
    outcome = run(f"import socket; socket.socket(socket.{family}, socket.SOCK_RAW)", isolation)
    assert outcome.status == "failed", outcome
    assert "PermissionError" in outcome.output


@pytest.mark.parametrize("isolation", GUARDED)
def test_reading_environments(isolation: str, bystander: subprocess.Popen[bytes]) -> None:
    attack = f"""
import os
print(os.environ)
for process in {bystander.pid}, {os.getpid()}, os.getppid(), 1:
    try:
        print(open(f"/proc/{{process}}/environ").read())
    except OSError as error:
        print(type(error).__name__)
"""
    outcome = run(attack, isolation)
    assert outcome.status == "passed", outcome
    assert SECRET not in outcome.output
    assert not any(f"{name}=" in outcome.output for name in os.environ if name != "LC_CTYPE")


@pytest.mark.parametrize("isolation", GUARDED)
def test_reading_the_memory_of_another_process(isolation: str) -> None:
    secret = ctypes.create_string_buffer(SECRET.encode())
    attack = MEMORY_OF_ANOTHER.format(
        pid=os.getpid(), address=ctypes.addressof(secret), size=len(SECRET)
    )
    outcome = run(attack, isolation)
    assert (outcome.status, outcome.output) == ("passed", "nothing\n"), outcome


@pytest.mark.parametrize("isolation", OFFERED)
def test_ten_gigabytes_of_output(isolation: str) -> None:
    outcome = run("import os\nfor _ in range(10 << 10): os.write(1, b'x' * (1 << 20))", isolation)
    assert outcome.status == "output", outcome
    assert len(outcome.output) <= 64 << 10


@pytest.mark.parametrize("isolation", OFFERED)
def test_a_daemon_left_behind(isolation: str) -> None:
    attack = """
import os, time
if not os.fork():
    os.setsid()
    if not os.fork():
        time.sleep(600)
    os._exit(0)
os.wait()
"""
    assert run(attack, isolation).status == "passed"
    assert not jailed()
