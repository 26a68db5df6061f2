"""What `make release` leaves in dist/, installed into an empty environment and used from elsewhere.

Run by `make test-release`; the package index has to be reachable for the dependencies.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest

DIST = Path(__file__).parents[2] / "dist"
TEXT = "import sys\n\n\ndef main():\n    print(sys.argv)\n\n\nif __name__ ==\n"
PLACE = "example.py:8:14"
_ALONE = ["unshare", "--map-root-user", "--net"]
_GENERATION = re.compile(r"\S*/libggml-cpu-(\w+)\.so")


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of an environment with nothing but the two wheels."""
    wheels = [next(DIST.glob(name), None) for name in ("lintseq-*.whl", "llama_cpp_python-*.whl")]
    if None in wheels:
        pytest.skip(f"{DIST} has no wheels: make release")
    folder = tmp_path_factory.mktemp("environment")
    started = time.perf_counter()
    venv.create(folder, with_pip=True)
    _run([str(folder / "bin" / "python"), "-m", "pip", "install", "-q", *map(str, wheels)], folder)
    size_mb = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6
    print(f"installed in {time.perf_counter() - started:.0f} s, {size_mb:.0f} MB", file=sys.stderr)
    return folder / "bin"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of a user's: not the repository, and with one file."""
    (tmp_path / "example.py").write_text(TEXT)
    return tmp_path


def _run(command: Sequence[str], folder: Path, text: str | None = None) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"LINTSEQ_SETTINGS": "none.toml"}
    done = subprocess.run(
        list(command),
        cwd=folder,
        env=environment,
        input=text,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["lintseq", "lintseq-server", "lintseq-train"])
def test_commands_are_there(programs: Path, folder: Path, name: str) -> None:
    assert name in _run([str(programs / name), "--help"], folder)


def test_doctor_finds_nothing_to_do(programs: Path, folder: Path) -> None:
    report = _run([str(programs / "lintseq-server"), "doctor"], folder)
    assert "checksum right" in report
    assert "tokens in" in report


def test_a_file_is_completed(programs: Path, folder: Path) -> None:
    command = [str(programs / "lintseq-server"), "complete", PLACE, "--json"]
    (proposal,) = json.loads(_run(command, folder))["proposals"]
    compile(proposal["steps"][-1] + "    main()\n", PLACE, "exec")


def test_a_file_is_completed_without_a_network(programs: Path, folder: Path) -> None:
    if shutil.which("unshare") is None or subprocess.run([*_ALONE, "true"], check=False).returncode:
        pytest.skip("no network namespace can be made here")
    command = [*_ALONE, str(programs / "lintseq-server"), "complete", PLACE, "--json"]
    assert json.loads(_run(command, folder))["proposals"]


def test_a_program_is_sampled_and_replayed(programs: Path, folder: Path) -> None:
    whole = TEXT.replace("==\n", "== '__main__':\n    main()\n")
    (folder / "whole.py").write_text(whole)
    transcript = _run([str(programs / "lintseq"), "sample", "whole.py"], folder)
    assert _run([str(programs / "lintseq"), "replay"], folder, transcript) == whole


def test_the_model_runs_on_the_library_for_this_cpu(programs: Path, folder: Path) -> None:
    server = subprocess.Popen(
        [str(programs / "lintseq-server")],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert server.stdin is not None
    with server:
        for number, method, params in (
            (1, "initialize", {"capabilities": {}}),
            (None, "initialized", {}),
        ):
            message: dict[str, object] = {"jsonrpc": "2.0", "method": method, "params": params}
            message |= {} if number is None else {"id": number}
            data = json.dumps(message).encode()
            server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
            server.stdin.flush()
        loaded = _loaded(server.pid)
        server.stdin.close()
    print(f"this CPU runs {', '.join(loaded)}", file=sys.stderr)
    assert len(loaded) == 1


def _loaded(process: int) -> set[str]:
    """The generations of CPUs whose libraries are in the memory of the model's process."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for child in psutil.Process(process).children(recursive=True):
            maps = Path(f"/proc/{child.pid}/maps").read_text()
            if ".gguf" in maps or "libllama" in maps:
                time.sleep(1.0)  # it looks at each library before it keeps one
                found = _GENERATION.findall(Path(f"/proc/{child.pid}/maps").read_text())
                if found:
                    return set(found)
        time.sleep(0.1)
    return set()


@pytest.mark.parametrize(
    ("cpu", "library"),
    [("Nehalem", "sse42"), ("SandyBridge", "sandybridge"), ("Haswell", "haswell")],
)
def test_an_older_cpu_gets_its_own_library(
    programs: Path, folder: Path, cpu: str, library: str
) -> None:
    if (emulator := shutil.which("qemu-x86_64")) is None:
        pytest.skip("an older CPU needs qemu-x86_64 (Debian: qemu-user)")
    program = str(Path(__file__).with_name("one_decode.py"))
    python = str(programs / "python")
    here = json.loads(_run([python, "-P", program], folder))
    # An emulator starts the interpreter itself, not what links to it.
    real = [emulator, "-cpu", cpu, "-0", python, str(Path(python).resolve()), "-P", program]
    there = json.loads(_run(real, folder))
    assert there["libraries"] == [library]
    assert there["token"] == here["token"]
