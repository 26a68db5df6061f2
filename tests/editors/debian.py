"""Programs of a newer Debian than the machine's, beside it: fetched by apt, touching nothing of it.

`python -m tests.editors.debian` fetches all of them. An empty package state brings the C library
along, and the programs are made to use that one, so that they run on an older system too.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from tests.editors.cache import cache_folder

_MIRROR = "http://deb.debian.org/debian"
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_LOADER = "usr/lib64/ld-linux-x86-64.so.2"
_LIBRARIES = "usr/lib/x86_64-linux-gnu"
_TIMEOUT_S = 300


class NotAvailable(Exception):  # noqa: N818  not an error: a test is skipped
    """A program cannot be had here; the message says why."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program of a Debian suite."""

    suite: str
    packages: tuple[str, ...]
    path: str
    """Below the folder that the packages are unpacked into."""


NEOVIM_0_12 = Program("sid", ("neovim",), "usr/bin/nvim")
NEOVIM_0_10 = Program("trixie", ("neovim",), "usr/bin/nvim")
EMACS = Program("sid", ("emacs-nox",), "usr/bin/emacs-nox")
HELIX = Program("sid", ("hx",), "usr/bin/hx")


def fetched(program: Program) -> Path:
    """The program's path, fetched if it is not there yet.

    Raises:
        NotAvailable: this is no Debian on x86-64, or its mirror does not answer.
    """
    name = "-".join((program.suite, *program.packages))
    root = cache_folder() / name
    if not (root / program.path).is_file():
        with _locked(root.with_suffix(".lock")):
            if not (root / program.path).is_file():
                _fetch(program, root)
    return root / program.path


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Tests that run side by side fetch once."""
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _fetch(program: Program, root: Path) -> None:
    for tool in ("apt-get", "dpkg-deb", "patchelf"):
        if _tool(tool) is None:
            raise NotAvailable(f"{tool} is not installed; {program.packages[0]} comes from Debian")
    print(f"fetching {' '.join(program.packages)} of Debian {program.suite}", file=sys.stderr)
    scratch = root.with_name(f"{root.name}.part")
    shutil.rmtree(scratch, ignore_errors=True)
    configuration = _write_configuration(program.suite, scratch)
    apt = {**os.environ, "APT_CONFIG": str(configuration), "DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "update", "-qq"], apt)
    install = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "--download-only"]
    _run([*install, *program.packages], apt)
    unpacked = scratch / "root"
    for package in sorted((scratch / "cache" / "archives").glob("*.deb")):
        _run(["dpkg-deb", "-x", str(package), str(unpacked)])
    _use_own_libraries(unpacked / program.path, root, unpacked)
    shutil.rmtree(root, ignore_errors=True)
    unpacked.replace(root)
    shutil.rmtree(scratch)


def _write_configuration(suite: str, folder: Path) -> Path:
    """apt's configuration, all of whose files are in the folder; what else is set stays."""
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True)
    (folder / "status").touch()
    signed = f"[signed-by={_KEYRING}] " if _KEYRING.is_file() else ""
    sources = folder / "sources.list"
    sources.write_text(f"deb {signed}{_mirror()} {suite} main\n", encoding="utf-8")
    settings = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "-",
        "Dir::State::Lists": folder / "lists",
        "Dir::State::Status": folder / "status",
        "Dir::Cache": folder / "cache",
        "Debug::NoLocking": "1",
        "APT::Sandbox::User": "",
        "APT::Architecture": "amd64",
    }
    path = folder / "apt.conf"
    lines = [f'{name} "{value}";\n' for name, value in settings.items()]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def _mirror() -> str:
    """The mirror of Debian that the machine's apt uses."""
    files = [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in files if file.is_file()]
    found = (
        word.rstrip("/")
        for word in " ".join(texts).split()
        if word.startswith(("http://", "https://")) and word.rstrip("/").endswith("/debian")
    )
    return next(found, _MIRROR)


def _use_own_libraries(program: Path, root: Path, unpacked: Path) -> None:
    """Have the program load the C library that came with it, from its place in the end."""
    loader, libraries = (root.resolve() / each for each in (_LOADER, _LIBRARIES))
    if not (unpacked / _LOADER).exists():
        raise NotAvailable(f"no {_LOADER} in the packages of {program.name}")
    command = [str(_tool("patchelf")), "--set-interpreter", str(loader), "--force-rpath"]
    _run([*command, "--set-rpath", str(libraries), str(program)])


def _tool(name: str) -> Path | None:
    """A program of the environment that the tests run in, or of the machine."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.is_file() else shutil.which(name)
    return Path(found) if found else None


def _run(command: list[str], environment: dict[str, str] | None = None) -> None:
    try:
        done = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        _give_up(command, f"no answer in {_TIMEOUT_S} s")
    if done.returncode != 0:
        _give_up(command, (done.stderr or done.stdout).strip())


def _give_up(command: list[str], why: str) -> NoReturn:
    raise NotAvailable(f"{' '.join(command[:2])} failed: {why[-400:]}")


if __name__ == "__main__":
    for each in (NEOVIM_0_12, NEOVIM_0_10, EMACS, HELIX):
        print(fetched(each))
