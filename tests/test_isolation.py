"""What lies in a user's workspace is text: never imported, never what decides what runs.

And the server reaches for no network: it, and the model's process, work under a filter that ends
whatever opens a socket of one.
"""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lintseq.infer.model_file import ENVIRONMENT_VARIABLE
from tests.infer.tiny_model import write_tiny_model
from tests.requests.open_text import OpenText
from tests.requests.rpc import Client
from tests.server.test_engine_process import is_running, workers

REPOSITORY = Path(__file__).parents[1]
_TRAPS = (
    *("server", "training", "lintseq", "sitecustomize", "usercustomize", "pyflakes", "numpy"),
    *("llama_cpp", "pygls", "json", "logging", "conftest", "os", "ruff"),
)
_CALL = "for number in range(10):\n    print(num"
_SOCKET = {"x86_64": 41, "aarch64": 198}
"""The number of the system call `socket`."""
_NO_SOCKETS = """
import ctypes, os, struct, sys
number = int(sys.argv[1])
LOAD, EQUAL, ALLOW, KILL = 0x20, 0x15, 0x7FFF0000, 0x80000000
code = b"".join(struct.pack("HBBI", *step) for step in [
    (LOAD, 0, 0, 0), (EQUAL, 1, 0, number), (0x06, 0, 0, ALLOW),
    # Only pipes between processes of this machine: AF_UNIX is 1.
    (LOAD, 0, 0, 16), (EQUAL, 0, 1, 1), (0x06, 0, 0, ALLOW), (0x06, 0, 0, KILL),
])
steps = ctypes.create_string_buffer(code)
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(steps))
assert libc.prctl(22, 2, ctypes.create_string_buffer(program), 0, 0) == 0, ctypes.get_errno()
os.execvp(sys.argv[2], sys.argv[2:])
"""


def no_sockets() -> list[str]:
    """The beginning of a command that is ended when it, or what it starts, opens a socket."""
    if sys.platform != "linux" or os.uname().machine not in _SOCKET:
        pytest.skip("the filter is written for Linux on x86-64 and ARM64")
    return [sys.executable, "-P", "-c", _NO_SOCKETS, str(_SOCKET[os.uname().machine])]


async def ask_for_something(client: Client, name: str) -> Any:  # noqa: ANN401
    """An answer of the model, whatever it is."""
    text = OpenText(client, "utf-16")
    text.open(_CALL)
    parameters = text.place(len(_CALL)) | {"kind": "cursor"}
    answer = await client.request("lintseq/propose", parameters)
    assert answer["steps"] or answer["silent"], name
    return answer


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace that would leave a file behind if any of it were imported or obeyed."""
    folder = tmp_path / "workspace"
    for name in _TRAPS:
        trap = f"open({str(tmp_path / 'sprung')!r}, 'a').write({name!r} + '\\n')\n"
        (folder / name).mkdir(parents=True)
        for module in ("__init__", "__main__"):
            (folder / name / f"{module}.py").write_text(trap, "utf-8")
        (folder / f"{name}.py").write_text(trap, "utf-8")
    for name in ("settings.toml", ".lintseq.toml", "lintseq.toml", ".env", "pyproject.toml"):
        (folder / name).write_text('model = "evil.gguf"\nLINTSEQ_MODEL="evil.gguf"\n', "utf-8")
    (folder / "evil.gguf").write_bytes(b"GGUF")
    return folder


def test_nothing_in_a_workspace_is_imported_or_obeyed(workspace: Path, tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path / "tiny.gguf")

    async def session() -> Any:  # noqa: ANN401
        own = {ENVIRONMENT_VARIABLE: str(model)}
        async with Client("utf-16", {}, tmp_path, environment=own, folder=workspace) as client:
            await ask_for_something(client, "in a workspace")
            return await client.request("lintseq/status", None), client.told

    status, told = asyncio.run(session())
    assert not (tmp_path / "sprung").exists(), (tmp_path / "sprung").read_text()
    assert status["model"] == "tiny"
    assert told == []


def test_no_program_of_the_command_line_imports_from_the_workspace(
    workspace: Path, tmp_path: Path
) -> None:
    (workspace / "program.py").write_text("import numpy\nimport server\nx = 1\n", "utf-8")
    own = os.environ | {"PYTHONPATH": str(REPOSITORY), "LINTSEQ_SETTINGS": str(tmp_path / "none")}
    for module, *words in (
        ("lintseq", "sample", "program.py"),
        ("lintseq", "sample", "program.py", "--linter", "ruff"),
        ("lintseq", "sample", "program.py", "--linter", "pylint"),
        ("server", "settings"),
        ("server", "complete", "program.py:3:5", "--model", "evil.gguf"),
    ):
        command = [sys.executable, "-P", "-m", module, *words]
        subprocess.run(command, cwd=workspace, env=own, capture_output=True, check=False)
        assert not (tmp_path / "sprung").exists(), (words, (tmp_path / "sprung").read_text())


def test_the_traps_would_spring(workspace: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "server"], cwd=workspace, check=False)
    assert (tmp_path / "sprung").exists()


def test_a_socket_ends_the_process_under_the_filter() -> None:
    # Loopback alone: even that is a socket.
    for family, expected in (("AF_UNIX", 0), ("AF_INET", -31), ("AF_INET6", -31)):
        program = f"import socket; socket.socket(socket.{family})"
        command = [*no_sockets(), sys.executable, "-c", program]
        assert subprocess.run(command, check=False).returncode == expected, family


def test_server_and_model_open_no_socket_of_a_network(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path / "tiny.gguf")

    async def session() -> None:
        own = {ENVIRONMENT_VARIABLE: str(model)}
        async with Client("utf-16", {}, tmp_path, environment=own, prefix=no_sockets()) as client:
            await ask_for_something(client, "without sockets")
            (worker,) = [process for process in workers(client.pid) if is_running(process)]
            for process in (client.pid, worker):
                filtered = Path(f"/proc/{process}/status").read_text()
                assert "Seccomp:\t2" in filtered
            assert client.told == []

    asyncio.run(session())


@pytest.mark.parametrize("where", ["inside", "outside"])
def test_the_settings_of_a_workspace_choose_no_model_of_the_workspace(
    workspace: Path, tmp_path: Path, where: str
) -> None:
    model = write_tiny_model(tmp_path / "tiny.gguf")
    other = write_tiny_model((workspace if where == "inside" else tmp_path) / "other.gguf")

    async def session() -> tuple[bytes, list[str]]:
        own = {ENVIRONMENT_VARIABLE: str(model)}
        wanted = {"model": str(other)}
        async with Client(
            "utf-16", {}, tmp_path, environment=own, folder=workspace, settings=wanted
        ) as client:
            await ask_for_something(client, "with another model")
            (worker,) = [process for process in workers(client.pid) if is_running(process)]
            return Path(f"/proc/{worker}/cmdline").read_bytes(), client.told

    command, told = asyncio.run(session())
    if where == "outside":
        assert str(other).encode() in command
        assert told == []
    else:
        assert str(model).encode() in command
        assert len(told) == 1
        assert "lies in the workspace" in told[0]
